import type { Path } from '../yaml/locate.ts';
import type { FieldNode } from './field.ts';
import { findKind } from './kinds.ts';
import { valueAt } from './plain-value.ts';
import type { Resource } from './resource.ts';

/** A field, or a value of an enum, that is written though its API calls it deprecated. */
export interface DeprecatedPart {
  readonly path: Path;
  /** What to write instead; reads after "use". */
  readonly use: string;
  /** The deprecated value, where it is not the field itself. */
  readonly value?: string;
}

const hasDeprecated = new WeakMap<FieldNode, boolean>();

/** The deprecated fields and values that a resource uses, by its kind's schema. Parts of the schema that have none are not walked. */
export function deprecatedParts(resource: Resource): readonly DeprecatedPart[] {
  const { apiVersion, kind, source } = resource;
  const definition = findKind(apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '', kind);
  if (!definition || !holdsDeprecated(definition.spec)) return [];
  const root: Path = definition.root === '' ? [] : ['spec'];
  const parts: DeprecatedPart[] = [];
  collect(definition.spec, valueAt(source.document.value, [...source.prefix, ...root]), root, parts);
  return parts;
}

function holdsDeprecated(field: FieldNode): boolean {
  const known = hasDeprecated.get(field);
  if (known !== undefined) return known;
  const holds = isDeprecated(field) || childrenOf(field).some(holdsDeprecated);
  hasDeprecated.set(field, holds);
  return holds;
}

function isDeprecated(field: FieldNode): boolean {
  return field.deprecated !== undefined || (field.type === 'enum' && field.deprecatedValues !== undefined);
}

function childrenOf(field: FieldNode): readonly FieldNode[] {
  if (field.type === 'list') return [field.item];
  if (field.type === 'map') return [field.value];
  return field.type === 'object' ? Object.values(field.fields) : [];
}

function collect(field: FieldNode, raw: unknown, at: Path, parts: DeprecatedPart[]): void {
  if (raw === undefined || raw === null || !holdsDeprecated(field)) return;
  if (field.deprecated !== undefined) {
    parts.push({ path: at, use: field.deprecated });
    return;
  }
  if (field.type === 'enum') {
    const use = typeof raw === 'string' && Object.hasOwn(field.deprecatedValues ?? {}, raw) ? field.deprecatedValues?.[raw] : undefined;
    if (use !== undefined) parts.push({ path: at, use, value: String(raw) });
    return;
  }
  if (field.type === 'list' && Array.isArray(raw)) for (const [index, item] of raw.entries()) collect(field.item, item, [...at, index], parts);
  if (typeof raw !== 'object' || Array.isArray(raw)) return;
  for (const [key, value] of Object.entries(raw)) {
    const child = field.type === 'map' ? field.value : field.type === 'object' && Object.hasOwn(field.fields, key) ? field.fields[key] : undefined;
    if (child) collect(child, value, [...at, key], parts);
  }
}
