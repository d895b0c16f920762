import type { KindName, ResourceByKind } from '../resources/kinds.ts';
import type { Resource } from '../resources/resource.ts';
import { groupBy } from './group-by.ts';

type Table = ReadonlyMap<string, readonly Resource[]>;

/** By namespace and name the objects of each kind. Two steps, for a key of both would cost more memory than the objects' own names. */
type Identities = ReadonlyMap<string, ReadonlyMap<string, readonly (readonly Resource[])[]>>;

/** Resources by kind, namespace and name, in the order of files and documents. Each table is built when it is first asked. */
export class ResourceIndex {
  private readonly resources: readonly Resource[];
  private identities: Identities | undefined;
  private readonly tables = new Map<(resource: Resource) => string, Table>();

  constructor(resources: readonly Resource[]) {
    this.resources = resources;
  }

  all<K extends KindName>(kind: K): readonly ResourceByKind[K][] {
    return this.find(byKind, kind) as unknown as readonly ResourceByKind[K][];
  }

  named<K extends KindName>(kind: K, namespace: string, name: string): readonly ResourceByKind[K][] {
    return this.withIdentity(kind, namespace, name) as unknown as readonly ResourceByKind[K][];
  }

  namedAnywhere<K extends KindName>(kind: K, name: string): readonly ResourceByKind[K][] {
    return this.find(byName, `${kind}/${name}`) as unknown as readonly ResourceByKind[K][];
  }

  inNamespace<K extends KindName>(kind: K, namespace: string): readonly ResourceByKind[K][] {
    return this.find(byNamespace, `${kind}/${namespace}`) as unknown as readonly ResourceByKind[K][];
  }

  has(type: string, namespace: string, name: string): boolean {
    return this.withIdentity(type, namespace, name).length > 0;
  }

  /** Whether no other resource in view has its kind, namespace and name. */
  isUnique({ type, namespace, name }: Resource): boolean {
    return this.withIdentity(type, namespace, name).length === 1;
  }

  private withIdentity(type: string, namespace: string, name: string): readonly Resource[] {
    this.identities ??= identitiesOf(this.resources);
    return (
      this.identities
        .get(namespace)
        ?.get(name)
        ?.find(([first]) => first?.type === type) ?? []
    );
  }

  private find(keyOf: (resource: Resource) => string, key: string): readonly Resource[] {
    const table = this.tables.get(keyOf) ?? groupBy(this.resources, keyOf);
    this.tables.set(keyOf, table);
    return table.get(key) ?? [];
  }
}

function identitiesOf(resources: readonly Resource[]): Identities {
  const found = new Map<string, ReadonlyMap<string, readonly (readonly Resource[])[]>>();
  for (const [namespace, within] of groupBy(resources, byOwnNamespace)) {
    const names = new Map<string, readonly (readonly Resource[])[]>();
    for (const [name, alike] of groupBy(within, byOwnName)) names.set(name, [...groupBy(alike, byKind).values()]);
    found.set(namespace, names);
  }
  return found;
}

function byOwnNamespace(resource: Resource): string {
  return resource.namespace;
}

function byOwnName(resource: Resource): string {
  return resource.name;
}

function byKind(resource: Resource): string {
  return resource.type;
}

function byName(resource: Resource): string {
  return `${resource.type}/${resource.name}`;
}

function byNamespace(resource: Resource): string {
  return `${resource.type}/${resource.namespace}`;
}
