import type { KindName, ResourceByKind } from '../resources/kinds.ts';
import type { Resource } from '../resources/resource.ts';
import { isTemplateText } from '../yaml/template-text.ts';
import { DestinationRules } from './destination-rules.ts';
import { type GatewayHop, gatewayHops } from './gateway-hops.ts';
import type { LoadedFile } from './load.ts';
import { type MeshConfig, readMeshConfig } from './mesh-config.ts';
import { type ProtocolGroup, parseProtocol, protocolGroup } from './protocol.ts';
import { Registry } from './registry.ts';
import { isSelectedBy, type Workload, workloadsIn } from './workloads.ts';

/**
 * The resource graph: every resource of a run, indexed once, asked in Istio's terms. Nothing in it loops over pairs of resources.
 * What lies outside of the files is unknown, not absent (docs/architecture.md, "Unknown is not absent").
 */
export class Mesh {
  readonly resources: readonly Resource[];
  private readonly byKind = new Map<string, Resource[]>();
  private readonly byIdentity = new Map<string, Resource[]>();
  private servers: Map<string, GatewayServer[]> | undefined;
  private readonly templatedKinds: ReadonlySet<string>;
  private byNamespace: Map<string, Resource[]> | undefined;
  private readonly selected = new Map<string, readonly Workload[]>();
  private byName: Map<string, Resource[]> | undefined;
  private lazyConfig: MeshConfig | undefined;
  private lazyRegistry: Registry | undefined;
  private lazyWorkloads: readonly Workload[] | undefined;
  private lazyDestinationRules: DestinationRules | undefined;
  private lazyHops: readonly GatewayHop[] | undefined;

  constructor(files: readonly LoadedFile[]) {
    this.resources = files.flatMap((file) => file.resources);
    this.templatedKinds = new Set(files.flatMap((file) => file.contents.templates.flatMap((template) => template.kind ?? [])));
    for (const resource of this.resources) {
      push(this.byKind, resource.type, resource);
      push(this.byIdentity, identity(resource.type, resource.namespace, resource.name), resource);
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

  /** Whether another object in view has the same kind, namespace and name. */
  private isAmbiguous({ type, namespace, name }: Resource): boolean {
    return (this.byIdentity.get(identity(type, namespace, name))?.length ?? 0) > 1;
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

  /** Pods in view, those of controllers' templates included. */
  get workloads(): readonly Workload[] {
    this.lazyWorkloads ??= workloadsIn((kind) => this.all(kind));
    return this.lazyWorkloads;
  }

  /** The Pods in view of a namespace that carry a selector's labels. */
  podsSelected(namespace: string, selector: Readonly<Record<string, string>>): readonly Workload[] {
    const key = JSON.stringify([namespace, selector]);
    const known = this.selected.get(key) ?? this.workloads.filter((workload) => workload.namespace === namespace && isSelectedBy(workload.labels, selector));
    this.selected.set(key, known);
    return known;
  }

  get destinationRules(): DestinationRules {
    this.lazyDestinationRules ??= new DestinationRules(this.all('DestinationRule'), this.config);
    return this.lazyDestinationRules;
  }

  /** The steps from sidecars to gateways that VirtualServices describe. */
  get gatewayHops(): readonly GatewayHop[] {
    this.lazyHops ??= gatewayHops({
      virtualServices: this.all('VirtualService'),
      services: this.all('Service'),
      workloads: this.workloads,
      clusterDomain: this.config.clusterDomain,
      gatewaysOf: (virtualService, { namespace, name }) =>
        this.named('Gateway', namespace, name).filter((gateway) => this.belongTogether(gateway, virtualService)),
    });
    return this.lazyHops;
  }

  /** The servers of all Gateways with the same selector as this one, on one port. */
  serversLike(gateway: ResourceByKind['Gateway'], port: number | undefined): readonly GatewayServer[] {
    if (!this.servers) {
      this.servers = new Map();
      for (const each of this.all('Gateway')) for (const server of each.spec.servers) push(this.servers, serverKey(each, server.port?.number), server);
    }
    return this.servers.get(serverKey(gateway, port)) ?? [];
  }

  /** How a listener treats the protocol that a text declares (N-12, N-14). */
  protocolGroup(text: string | undefined): ProtocolGroup {
    return protocolGroup(parseProtocol(text));
  }

  /** Whether labels include every label of a selector; an empty selector selects all. */
  isSelectedBy(labels: Readonly<Record<string, string>>, selector: Readonly<Record<string, string>>): boolean {
    return isSelectedBy(labels, selector);
  }

  /** The resources of a kind in one namespace. */
  inNamespace<K extends KindName>(kind: K, namespace: string): readonly ResourceByKind[K][] {
    if (!this.byNamespace) {
      this.byNamespace = new Map();
      for (const resource of this.resources) push(this.byNamespace, `${resource.type}/${resource.namespace}`, resource);
    }
    return (this.byNamespace.get(`${kind}/${namespace}`) ?? []) as unknown as readonly ResourceByKind[K][];
  }

  /** Whether objects of a kind are in view whose name or namespace is template text, or that a template makes as a whole: then any name may exist. */
  hasUnknownNames(kind: KindName): boolean {
    return this.templatedKinds.has(kind) || this.all(kind).some(hasUnknownName);
  }

  /**
   * Whether two resources may be taken to stand in one cluster. Of an object that is in view twice, each is one of several alternatives
   * (environments, steps of a walkthrough) and belongs to its own file. Where a namespace is not written, the directory must be the same.
   */
  belongTogether(a: Resource, b: Resource): boolean {
    if (a.source.file === b.source.file) return true;
    if (this.isAmbiguous(a) || this.isAmbiguous(b)) return false;
    const isGuess = [a, b].some((resource) => resource.namespace !== '' && !resource.isSet(['metadata', 'namespace']));
    return !isGuess || directoryOf(a) === directoryOf(b);
  }

  /** Resources of a kind and name, in whatever namespace. */
  namedAnywhere<K extends KindName>(kind: K, name: string): readonly ResourceByKind[K][] {
    if (!this.byName) {
      this.byName = new Map();
      for (const resource of this.resources) push(this.byName, `${resource.type}/${resource.name}`, resource);
    }
    return (this.byName.get(`${kind}/${name}`) ?? []) as unknown as readonly ResourceByKind[K][];
  }
}

function directoryOf(resource: Resource): string {
  return resource.source.file.file.replace(/[^/]*$/, '');
}

type GatewayServer = ResourceByKind['Gateway']['spec']['servers'][number];

function serverKey(gateway: ResourceByKind['Gateway'], port: number | undefined): string {
  return JSON.stringify([port, Object.entries(gateway.spec.selector).sort()]);
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
function hasUnknownName(resource: Resource): boolean {
  return isTemplateText(resource.name) || isTemplateText(resource.namespace);
}
