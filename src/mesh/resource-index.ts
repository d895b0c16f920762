import type { KindName, ResourceByKind } from '../resources/kinds.ts';
import type { Resource } from '../resources/resource.ts';
import { groupBy } from './group-by.ts';

type Table = ReadonlyMap<string, readonly Resource[]>;

/** Resources by kind, namespace and name, in the order of files and documents. Each table is built when it is first asked. */
export class ResourceIndex {
  private readonly resources: readonly Resource[];
  private repeated: ReadonlySet<Resource> | undefined;
  private readonly tables = new Map<(resource: Resource) => string, Table>();

  constructor(resources: readonly Resource[]) {
    this.resources = resources;
  }

  all<K extends KindName>(kind: K): readonly ResourceByKind[K][] {
    return this.find(byKind, kind) as unknown as readonly ResourceByKind[K][];
  }

  named<K extends KindName>(kind: K, namespace: string, name: string): readonly ResourceByKind[K][] {
    return this.find(byIdentity, identity(kind, namespace, name)) as unknown as readonly ResourceByKind[K][];
  }

  namedAnywhere<K extends KindName>(kind: K, name: string): readonly ResourceByKind[K][] {
    return this.find(byName, `${kind}/${name}`) as unknown as readonly ResourceByKind[K][];
  }

  inNamespace<K extends KindName>(kind: K, namespace: string): readonly ResourceByKind[K][] {
    return this.find(byNamespace, `${kind}/${namespace}`) as unknown as readonly ResourceByKind[K][];
  }

  has(type: string, namespace: string, name: string): boolean {
    return this.find(byIdentity, identity(type, namespace, name)).length > 0;
  }

  /** Whether no other resource in view has its kind, namespace and name. */
  isUnique(resource: Resource): boolean {
    this.repeated ??= repeatedIn(this.tableOf(byIdentity));
    return !this.repeated.has(resource);
  }

  private find(keyOf: (resource: Resource) => string, key: string): readonly Resource[] {
    return this.tableOf(keyOf).get(key) ?? [];
  }

  private tableOf(keyOf: (resource: Resource) => string): Table {
    const known = this.tables.get(keyOf) ?? groupBy(this.resources, keyOf);
    this.tables.set(keyOf, known);
    return known;
  }
}

function repeatedIn(table: Table): ReadonlySet<Resource> {
  return new Set([...table.values()].flatMap((resources) => (resources.length > 1 ? resources : [])));
}

function byKind(resource: Resource): string {
  return resource.type;
}

function byIdentity(resource: Resource): string {
  return identity(resource.type, resource.namespace, resource.name);
}

function byName(resource: Resource): string {
  return `${resource.type}/${resource.name}`;
}

function byNamespace(resource: Resource): string {
  return `${resource.type}/${resource.namespace}`;
}

function identity(kind: string, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}
