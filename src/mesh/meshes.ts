import type { Resource } from '../resources/resource.ts';
import { compareText } from '../text/compare-text.ts';
import { type PlacedFile, type Region, regionOf } from './alternatives.ts';
import type { Assumptions } from './assumptions.ts';
import type { LoadedFile } from './load.ts';
import { Mesh } from './mesh.ts';
import { placedFiles } from './placed-files.ts';

/** Files that a person says belong together: an entry of `meshes` in the configuration. */
export interface MeshGroup {
  readonly name: string;
  /** Whether a file, by the name that is printed for it, is one of them. */
  readonly has: (file: string) => boolean;
}

/** One mesh to be judged. */
export interface JudgedMesh {
  /** The directories that make it, or the name that the configuration gives; empty where the whole tree is one mesh. */
  readonly name: string;
  readonly files: readonly LoadedFile[];
  readonly mesh: Mesh;
  /** Names of files that belong to it only because nothing speaks against it: what seems to be missing for them may be no fault. */
  readonly loose?: ReadonlySet<string>;
}

/** The meshes of a tree. */
export interface Meshes {
  /** At least one. */
  readonly meshes: readonly JudgedMesh[];
  /** Directories whose files belong to each of several meshes; sorted. */
  readonly shared: readonly string[];
  /** How many alternatives there are beyond what is judged apart; then they are in one mesh, and no pair of them is compared. */
  readonly merged: number;
}

export interface MeshesOptions {
  /** What the configuration says; files in none of them are divided as if there were no groups. */
  readonly groups?: readonly MeshGroup[];
  /** What every mesh is told that its files do not show. */
  readonly assumptions?: Assumptions;
}

/** Work that alternatives may add: so many times the resources in view, and some for small trees. */
const MOST_WORK = { times: 4, more: 5000 };

/**
 * Divides loaded files into meshes that are judged apart (docs/whole-repositories.md). Without groups, directories that hold the same object
 * are alternatives of each other. Independent groups of alternatives do not multiply: alternatives of the same name belong together
 * (`team-a/prod`, `team-b/prod`); where a group has none of that name, one of its alternatives stands in, so that nothing seems to be
 * missing, and is compared with nothing but what all share.
 */
export function meshesOf(files: readonly LoadedFile[], options: MeshesOptions = {}): Meshes {
  return new Division(placedFiles(files), options.assumptions ?? {}).meshes(options.groups ?? []);
}

/** What several overlays take in goes with each overlay, unless only the file itself is named. */
function placeOf({ file, home, id }: PlacedFile, groups: readonly MeshGroup[]): string {
  const overlay = `${home}kustomization.yaml`;
  return id !== undefined && groups.some(({ has }) => has(overlay)) ? overlay : file.source.file;
}

/** Files of one mesh that are on the same side: those of different sides are compared with each other by nobody; undefined goes with all. */
interface Part {
  readonly files: readonly PlacedFile[];
  readonly side: string | undefined;
}

/** One way to choose from each group of alternatives. */
interface Variant {
  /** What the choice is called, as parts of a path: `prod`, `prod/eu`. */
  readonly key: string;
  readonly labels: readonly string[];
  readonly parts: readonly Part[];
  readonly size: number;
}

/** The variants of one group of alternatives, and what identifies the group. */
interface Choices {
  readonly path: string;
  readonly choices: readonly Variant[];
}

/** The ways to choose; undefined where judging each would be more work than allowed. */
function variantsOf(region: Region, most: number): readonly Variant[] | undefined {
  const own: Part = { files: region.files, side: undefined };
  const size = sizeOf(region.files);
  if (region.groups.size === 0) return [{ key: '', labels: [region.path], parts: [own], size }];
  const groups: Choices[] = [];
  for (const [path, members] of sorted(region.groups)) {
    const choices: Variant[] = [];
    for (const [, member] of sorted(members)) {
      const inner = variantsOf(member, most);
      if (!inner) return undefined;
      choices.push(...inner.map((variant) => ({ ...variant, key: joined(member.name, variant.key) })));
    }
    groups.push({ path, choices });
  }
  const keys = [...new Set(groups.flatMap(({ choices }) => choices.map(({ key }) => key)))];
  if (keys.length * groups.length > most) return undefined;
  const variants: Variant[] = [];
  let work = 0;
  for (const key of keys) {
    const variant = combined(key, groups, own, size);
    work += variant.size;
    if (work > most) return undefined;
    variants.push(variant);
  }
  return variants;
}

/** Takes from each group the alternative of a name, or one that stands in for it. */
function combined(key: string, groups: readonly Choices[], own: Part, ownSize: number): Variant {
  const labels: string[] = [];
  const parts: Part[] = [own];
  let size = ownSize;
  for (const { path, choices } of groups) {
    const [name] = key.split('/', 1);
    const match = choices.find((choice) => choice.key === key) ?? choices.find((choice) => choice.key.split('/', 1)[0] === name);
    const chosen = match ?? choices[0];
    if (!chosen) continue;
    if (match) labels.push(...match.labels);
    const side = match ? 'chosen' : `stand-in ${path}`;
    parts.push(...chosen.parts.map((part) => ({ files: part.files, side: part.side === undefined || match ? (part.side ?? side) : `${side} ${part.side}` })));
    size += chosen.size;
  }
  return { key, labels, parts, size };
}

/** Directories whose name says that what stands in them belongs to all. */
const SHARED_NAME = /(?:^|\/)(?:base|bases|common|shared|global|globals|defaults?|all)\//;

/**
 * Files that are shared, but not by their place above the alternatives or by the name of their directory; and all files where independent
 * groups of alternatives are combined.
 */
function looseIn(region: Region, isCombined = false): ReadonlySet<string> {
  const loose = new Set<string>();
  const members = [...region.groups.values()].flatMap((group) => [...group.values()]);
  const isLoose = isCombined || region.groups.size > 1;
  for (const { file, home } of region.files) {
    const isAbove = members.some(({ path }) => home === '' || `${path}/`.startsWith(home));
    if (isLoose || !(members.length === 0 || isAbove || SHARED_NAME.test(home))) loose.add(file.source.file);
  }
  for (const member of members) for (const file of looseIn(member, isLoose)) loose.add(file);
  return loose;
}

/** Every region's own files, each on a side of its own; those of the whole tree go with all. */
function* leavesOf(region: Region, side?: string): Generator<Part> {
  yield { files: region.files, side };
  for (const [, members] of sorted(region.groups)) for (const [path, member] of sorted(members)) yield* leavesOf(member, path);
}

/** Puts the files of a run into meshes. */
class Division {
  private readonly placed: readonly PlacedFile[];
  private readonly assumptions: Assumptions;
  private readonly order: ReadonlyMap<PlacedFile, number>;

  constructor(placed: readonly PlacedFile[], assumptions: Assumptions) {
    this.placed = placed;
    this.assumptions = assumptions;
    this.order = new Map(placed.map((each, index) => [each, index]));
  }

  meshes(groups: readonly MeshGroup[]): Meshes {
    if (groups.length === 0) return this.divided(this.placed);
    const fileOf = (each: PlacedFile): string => placeOf(each, groups);
    const named = groups.map(({ name, has }) => this.meshOf(name, [{ files: this.placed.filter((each) => has(fileOf(each))), side: undefined }], name));
    const rest = this.placed.filter((each) => !groups.some(({ has }) => has(fileOf(each))));
    if (!rest.some(({ file }) => file.resources.length > 0)) {
      const [first, ...others] = named;
      const restFiles = rest.map(({ file }) => file);
      // What holds no resource is still read: its problems are found once.
      return { meshes: first ? [{ ...first, files: [...first.files, ...restFiles] }, ...others] : [], shared: [], merged: 0 };
    }
    const { meshes, shared, merged } = this.divided(rest);
    return { meshes: [...named, ...meshes.map((mesh) => (mesh.name === '' ? { ...mesh, name: 'the rest' } : mesh))], shared, merged };
  }

  private divided(placed: readonly PlacedFile[]): Meshes {
    const region = regionOf(placed);
    if (region.groups.size === 0) return { meshes: [this.meshOf('', [{ files: placed, side: undefined }])], shared: [], merged: 0 };
    const homes = region.files.filter(({ file }) => file.resources.length > 0).map(({ home }) => home.replace(/\/$/, '') || '.');
    const shared = [...new Set(homes)].sort();
    const variants = variantsOf(region, MOST_WORK.times * sizeOf(placed) + MOST_WORK.more);
    const loose = looseIn(region);
    if (variants) return { meshes: variants.map(({ labels, parts }) => ({ ...this.meshOf(nameOf(labels), parts), loose })), shared, merged: 0 };
    const leaves = [...leavesOf(region)];
    return { meshes: [this.meshOf('', leaves)], shared, merged: leaves.length - 1 };
  }

  /** @param said what the configuration calls it, where that puts the files together */
  private meshOf(name: string, parts: readonly Part[], said?: string): JudgedMesh {
    const placed = parts.flatMap(({ files }) => files).sort((a, b) => (this.order.get(a) ?? 0) - (this.order.get(b) ?? 0));
    const files = placed.map(({ file }) => file);
    const sides = new Set(parts.flatMap(({ side, files: own }) => (side === undefined || own.length === 0 ? [] : [side])));
    const units = new Map(said === undefined ? placed.flatMap(({ file, unit }) => (unit === undefined ? [] : [[file.source.file, unit]])) : []);
    const unitOf = (file: string): string | undefined => said ?? units.get(file);
    if (sides.size < 2) return { name, files, mesh: new Mesh(files, this.assumptions, { unitOf }) };
    const sideOf = new Map<Resource, string>();
    for (const part of parts) {
      if (part.side === undefined) continue;
      for (const { file } of part.files) for (const resource of file.resources) sideOf.set(resource, part.side);
    }
    return { name, files, mesh: new Mesh(files, this.assumptions, { unitOf, sideOf: (resource) => sideOf.get(resource) }) };
  }
}

function sizeOf(placed: readonly PlacedFile[]): number {
  return placed.reduce((sum, { file }) => sum + file.resources.length, 0);
}

function joined(name: string, rest: string): string {
  return rest === '' ? name : `${name}/${rest}`;
}

/** Two of them are enough to know which alternatives are meant. */
function nameOf(labels: readonly string[]): string {
  const unique = [...new Set(labels)];
  return unique.length <= 2 ? unique.join(' + ') : `${unique.slice(0, 2).join(' + ')} + ${unique.length - 2} more`;
}

function sorted<T>(entries: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...entries].sort(([a], [b]) => compareText(a, b));
}
