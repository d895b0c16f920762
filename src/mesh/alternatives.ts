import { KINDS, type KindName } from '../resources/kinds.ts';
import type { Resource } from '../resources/resource.ts';
import { compareText } from '../text/compare-text.ts';
import { isTemplateText } from '../yaml/template-text.ts';
import { addTo } from './group-by.ts';
import type { LoadedFile } from './load.ts';

/** A file as one deployment has it, and the directory that it belongs to there. */
export interface PlacedFile {
  readonly file: LoadedFile;
  /** Ends with `/`, or is empty: the directory that the file stands in, or that of the overlay which takes it in. */
  readonly home: string;
  /** The directory of the outermost kustomization that takes it in, where one does. */
  readonly unit?: string;
  /** Set where several overlays take in the same file: no two of them are one cluster. */
  readonly id?: string;
}

/** A part of the tree: files that belong together in any case, and groups of parts of which a cluster has one each. */
export interface Region {
  /** What tells it from its alternatives: the last part of its path; empty for the whole tree. */
  readonly name: string;
  /** Its directory, without a closing `/`; `.` for the root. */
  readonly path: string;
  readonly files: PlacedFile[];
  readonly groups: Map<string, Map<string, Region>>;
}

/**
 * Finds the alternatives in a tree: one object (kind, namespace, name) that is found in several directories splits them. Of two such
 * directories the branches below their nearest common parent are apart as a whole; what stands outside of such branches belongs to each.
 * Linear in objects and in the depth of directories.
 */
export function regionOf(files: readonly PlacedFile[]): Region {
  const groups = new Groups();
  for (const homes of repeatedIn(files)) groups.split([...homes].map(partsOf), 0, '');
  const root: Region = { name: '', path: '.', files: [], groups: new Map() };
  const known = new Map<string, Region>();
  for (const placed of files) {
    let region = known.get(placed.home);
    if (!region) {
      region = groups.isEmpty ? root : groups.regionFor(placed.home, root);
      known.set(placed.home, region);
    }
    region.files.push(placed);
  }
  return root;
}

/** For each object that several directories hold, these directories; each such set once. */
function repeatedIn(files: readonly PlacedFile[]): Iterable<ReadonlySet<string>> {
  const found = new Map<string, Sighting>();
  for (const { file, home, id } of files) {
    if (id !== undefined) see(found, id, home);
    for (const resource of file.resources) {
      const identity = identityOf(resource);
      if (identity !== undefined) see(found, identity, home, resource);
    }
  }
  const sets = new Map<string, ReadonlySet<string>>();
  for (const { homes, contents } of found.values()) {
    if (homes && contents !== 1) sets.set([...homes].sort().join('\n'), homes);
  }
  return [...sets].sort(([a], [b]) => compareText(a, b)).map(([, homes]) => homes);
}

interface Sighting {
  readonly home: string;
  /** All of them, from the second on: nearly every object has one home. */
  homes?: Set<string>;
  /** How many different contents were seen, where that counts. */
  contents?: number;
  readonly content?: string;
}

function see(found: Map<string, Sighting>, identity: string, home: string, resource?: Resource): void {
  const content = resource?.type === 'Namespace' ? JSON.stringify(Object.entries(resource.labels).sort()) : undefined;
  const seen = found.get(identity);
  if (!seen) found.set(identity, { home, ...(content !== undefined && { contents: 1, content }) });
  else {
    if (seen.home !== home) seen.homes = (seen.homes ?? new Set([seen.home])).add(home);
    if (seen.contents !== undefined && seen.content !== content) seen.contents++;
  }
}

/**
 * What makes an object the same as another, where its repetition tells of alternatives. Where the namespace is not written, a Service or
 * Deployment of one name in two directories is more likely two objects; a mesh's own configuration is not. A Namespace is declared by
 * everything that lands in it; only declarations that differ are alternatives.
 */
function identityOf(resource: Resource): string | undefined {
  const { type, namespace, name } = resource;
  if (name === '' || isTemplateText(name) || isTemplateText(namespace) || !resource.isSet(['metadata', 'name'])) return undefined;
  if (!resource.hasKnownNamespace && !isMeshKind(type)) return undefined;
  return `${type}/${namespace}/${name}`;
}

function isMeshKind(type: string): boolean {
  const group = Object.hasOwn(KINDS, type) ? KINDS[type as KindName].group : '';
  return group.endsWith('istio.io') || group === 'gateway.networking.k8s.io';
}

/** A directory's parts; the last one is the file itself, so that files of a directory can be apart from its subdirectories. */
function partsOf(home: string): readonly string[] {
  return [...home.split('/').slice(0, -1), OWN];
}

const OWN = '.';

/** Which branches of which directories are alternatives of each other. */
class Groups {
  /** For each branch its group's representative, by the path of the branch. */
  private readonly parents = new Map<string, string>();

  get isEmpty(): boolean {
    return this.parents.size === 0;
  }

  /** Takes note that directories hold the same object. @param prefix the common start of all, `depth` parts long */
  split(homes: readonly (readonly string[])[], depth: number, prefix: string): void {
    const branches = new Map<string, (readonly string[])[]>();
    for (const home of homes) {
      const part = home[depth];
      if (part === undefined) continue;
      addTo(branches, part, home);
    }
    const [first, ...others] = branches.keys();
    for (const other of others) this.unite(`${prefix}${first}/`, `${prefix}${other}/`);
    for (const [part, below] of branches) if (below.length > 1) this.split(below, depth + 1, `${prefix}${part}/`);
  }

  /** The innermost region that a directory lies in; regions are made as they are needed. */
  regionFor(home: string, root: Region): Region {
    let region = root;
    let prefix = '';
    for (const part of partsOf(home)) {
      const directory = prefix.replace(/\/$/, '');
      prefix += `${part}/`;
      if (!this.parents.has(prefix)) continue;
      const group = this.find(prefix);
      const members = region.groups.get(group) ?? new Map<string, Region>();
      region.groups.set(group, members);
      const isOwn = part === OWN;
      const known = members.get(prefix);
      const name = isOwn ? directory.slice(directory.lastIndexOf('/') + 1) : part;
      const path = isOwn ? directory || '.' : prefix.slice(0, -1);
      const inner = known ?? { name: name || '.', path, files: [], groups: new Map() };
      members.set(prefix, inner);
      region = inner;
    }
    return region;
  }

  private unite(a: string, b: string): void {
    const [one, other] = [this.find(a), this.find(b)].sort() as [string, string];
    this.parents.set(other, one);
    if (one === other) return;
    this.parents.set(one, one);
  }

  private find(branch: string): string {
    let root = branch;
    for (let next = this.parents.get(root); next !== undefined && next !== root; next = this.parents.get(root)) root = next;
    for (let at = branch; at !== root; ) {
      const next = this.parents.get(at) ?? root;
      this.parents.set(at, root);
      at = next;
    }
    return root;
  }
}
