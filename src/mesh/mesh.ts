import type { KindName, ResourceByKind } from '../resources/kinds.ts';
import type { Resource } from '../resources/resource.ts';
import { isTemplateText } from '../yaml/template-text.ts';
import type { LoadedFile } from './load.ts';
import { type MeshConfig, readMeshConfig } from './mesh-config.ts';
import { Registry } from './registry.ts';

/**
 * The resource graph: every resource of a run, indexed once, asked in Istio's terms. Nothing in it loops over pairs of resources.
 * What lies outside of the files is unknown, not absent (docs/architecture.md, "Unknown is not absent").
 */
export class Mesh {
  readonly resources: readonly Resource[];
  private readonly byKind = new Map<string, Resource[]>();
  private readonly byIdentity = new Map<string, Resource[]>();
  private lazyConfig: MeshConfig | undefined;
  private lazyRegistry: Registry | undefined;

  constructor(files: readonly LoadedFile[]) {
    this.resources = files.flatMap((file) => file.resources);
    for (const resource of this.resources) {
      push(this.byKind, resource.kind, resource);
      push(this.byIdentity, identity(resource.kind, resource.namespace, resource.name), resource);
    }
  }

  /** All resources of a kind, in the order of files and documents. */
  all<K extends KindName>(kind: K): readonly ResourceByKind[K][] {
    return (this.byKind.get(kind) ?? []) as unknown as readonly ResourceByKind[K][];
  }

  /** The resources of a kind, namespace and name; more than one where a tree holds alternatives. */
  named<K extends KindName>(kind: K, namespace: string, name: string): readonly ResourceByKind[K][] {
    return (this.byIdentity.get(identity(kind, namespace, name)) ?? []) as unknown as readonly ResourceByKind[K][];
  }

  /** The mesh configuration in view, or the facts that are known without one. */
  get config(): MeshConfig {
    this.lazyConfig ??= readMeshConfig(this.all('ConfigMap'));
    return this.lazyConfig;
  }

  /** Hosts that ServiceEntries and Services register. */
  get registry(): Registry {
    this.lazyRegistry ??= new Registry(this.all('ServiceEntry'), this.all('Service'), this.config);
    return this.lazyRegistry;
  }
}

function identity(kind: string, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}

function push<K, V>(index: Map<K, V[]>, key: K, value: V): void {
  const list = index.get(key);
  if (list) list.push(value);
  else index.set(key, [value]);
}

/** Whether a resource's own name or namespace is template text: then it may be any. */
export function hasUnknownName(resource: Resource): boolean {
  return isTemplateText(resource.name) || isTemplateText(resource.namespace);
}
