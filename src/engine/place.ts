import { valueAt } from '../resources/plain-value.ts';
import type { Resource } from '../resources/resource.ts';
import { lineAt } from '../text/lines.ts';
import { lineStarts, positionAt, type SourceText, type Span } from '../text/source-text.ts';
import { locate, type Path } from '../yaml/locate.ts';
import { unmasked } from '../yaml/template-text.ts';
import type { Location, ResourceId } from './finding.ts';
import type { Place, ResourcePlace } from './rule.ts';

const linesOf = new WeakMap<SourceText, readonly number[]>();

/** The file, lines and columns of a place: the only point at which positions are worked out. */
export function locationOf(place: Place): Location {
  const { file, span } = 'resource' in place ? { file: place.resource.source.file, span: spanOf(place) } : place;
  return location(file, span);
}

/**
 * Where a resource's field stands, in offsets of its file. Never more than one line: code scanning shows an alert on a pull request only if all
 * of its lines are in the diff. A value of several lines is shown by its key.
 */
export function spanOf(place: ResourcePlace): Span {
  const { file, document, prefix } = place.resource.source;
  const path = [...prefix, ...place.path];
  const { span } = locate(file.text, document, path, place.part ?? 'value');
  if (!breaksLine(file.text, span)) return span;
  const key = locate(file.text, document, path, 'key').span;
  return breaksLine(file.text, key) ? { start: key.start, end: Math.max(key.start, lineAt(file.text, key.start).end) } : key;
}

function breaksLine(text: string, { start, end }: Span): boolean {
  return lineAt(text, start).end < end;
}

function location(file: SourceText, span: Span): Location {
  let starts = linesOf.get(file);
  if (!starts) {
    starts = lineStarts(file.text);
    linesOf.set(file, starts);
  }
  const start = positionAt(starts, span.start);
  const end = positionAt(starts, span.end);
  return { file: file.file, startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column, ...span };
}

/** What a resource is called, as its file has it. */
export function idOf({ apiVersion, kind, namespace, name }: Resource): ResourceId {
  return { apiVersion, kind, namespace: unmasked(namespace), name: unmasked(name) };
}

/** A path as people write it: `spec.ports[0].protocol`. Keys that are not plain words are quoted. */
export function pathText(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[A-Za-z_]\w*$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `["${unmasked(step)}"]`;
  }
  return text;
}

/**
 * A field's path that stays the same when items are added to the lists on the way: an item is named by what it is called, not by its index.
 * Items without a name are not told apart.
 */
export function stablePathText({ resource, path }: ResourcePlace): string {
  const { document, prefix } = resource.source;
  let value = valueAt(document.value, prefix);
  return path
    .map((step) => {
      value = valueAt(value, [step]);
      return typeof step === 'number' ? `[${nameOfItem(value)}]` : `.${step}`;
    })
    .join('');
}

function nameOfItem(item: unknown): string {
  if (typeof item !== 'object' || item === null) return String(item);
  const [name] = ['name', 'host', 'hosts', 'number', 'port', 'address'].flatMap((key) => nameIn(valueAt(item, [key])));
  return name ?? '';
}

function nameIn(value: unknown): readonly string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  const inner = Array.isArray(value) ? value[0] : valueAt(value, ['number']);
  return inner === undefined ? [] : nameIn(inner);
}

/** A key for the text of an object, which is the same in whatever form the object is deployed. */
export function placeOf({ source }: Resource): string {
  return JSON.stringify([source.file.file, source.document.start, ...source.prefix]);
}
