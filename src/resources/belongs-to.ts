import type { Path } from '../yaml/locate.ts';
import type { FieldNode } from './field.ts';
import { KINDS } from './kinds.ts';
import { isDocumentedMeshField } from './mesh-config.ts';

/** A place in some kind that has a field of a certain name. */
export interface FieldHome {
  /** The name that rules use for the kind (kinds.ts). */
  readonly type: string;
  readonly kind: string;
  /** The path of what holds the field, with `[]` for the items of a list: `spec`, `spec.http[].route[]`. */
  readonly parent: string;
}

/** A name that stands in more places than this says little about which of them was meant. */
const TELLING = 4;
const LISTED = 3;

let index: ReadonlyMap<string, readonly FieldHome[]> | undefined;

/** Every documented place for a field of this name, those nearest to an object's root first. Made of the kinds' schemas on first use. */
export function homesOf(field: string): readonly FieldHome[] {
  index ??= homesOfAllFields();
  return index.get(field) ?? [];
}

/**
 * Where a field belongs that stands in the wrong place, in words that go on after "belongs to": other levels of the same kind first, then other kinds
 * and the mesh configuration.
 * @param type the kind that the field was found in, by the name that rules use
 * @param parent the path that it was found under
 * @returns undefined where no kind has such a field
 */
export function belongsTo(field: string, type: string, parent: Path): string | undefined {
  const homes = homesOf(field);
  const here = parent
    .map((step) => (typeof step === 'number' ? '[]' : `.${step}`))
    .join('')
    .slice(1);
  const own = homes.filter((home) => home.type === type && home.parent !== here);
  if (own.length > 0) return joined(own.slice(0, LISTED).map((home) => home.parent));
  const foreign = homes.filter((home) => home.type !== type);
  const telling = foreign.length <= TELLING ? foreign : foreign.filter((home) => home.parent === 'spec');
  const places = telling.slice(0, LISTED).map((home) => (home.parent === 'spec' ? `a ${home.kind}'s spec` : `${home.parent} of a ${home.kind}`));
  if (isDocumentedMeshField(field)) places.push('the mesh configuration');
  return places.length === 0 ? undefined : joined(places);
}

function joined(places: readonly string[]): string {
  return places.length === 1 ? (places[0] ?? '') : `${places.slice(0, -1).join(', ')}, or to ${places.at(-1)}`;
}

function homesOfAllFields(): ReadonlyMap<string, readonly FieldHome[]> {
  const homes = new Map<string, FieldHome[]>();
  for (const [type, { kind, root, spec }] of Object.entries(KINDS)) {
    const isWhole = spec.type === 'object' && !spec.open;
    if (root === 'spec' && isWhole) collect(spec, { type, kind, parent: 'spec' }, homes);
  }
  const depth = (home: FieldHome): number => home.parent.split('.').length;
  for (const list of homes.values()) list.sort((a, b) => depth(a) - depth(b));
  return homes;
}

function collect(field: FieldNode, at: FieldHome, homes: Map<string, FieldHome[]>): void {
  if (field.type === 'list') collect(field.item, { ...at, parent: `${at.parent}[]` }, homes);
  if (field.type === 'map') collect(field.value, { ...at, parent: `${at.parent}.*` }, homes);
  if (field.type !== 'object') return;
  for (const [name, child] of Object.entries(field.fields)) {
    if (child.hidden || child.deprecated !== undefined) continue;
    const list = homes.get(name);
    if (list) list.push(at);
    else homes.set(name, [at]);
    collect(child, { ...at, parent: `${at.parent}.${name}` }, homes);
  }
}
