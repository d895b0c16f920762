import type { Resource } from '../resources/resource.ts';
import { lineStarts, positionAt, type SourceText, type Span } from '../text/source-text.ts';
import { locate, type Path } from '../yaml/locate.ts';
import type { Location, ResourceId } from './finding.ts';
import type { Place, ResourcePlace } from './rule.ts';

const linesOf = new WeakMap<SourceText, readonly number[]>();

/** The file, lines and columns of a place: the only point at which positions are worked out. */
export function locationOf(place: Place): Location {
  const { file, span } = 'resource' in place ? { file: place.resource.source.file, span: spanOf(place) } : place;
  return location(file, span);
}

/** Where a resource's field stands, in offsets of its file. */
export function spanOf(place: ResourcePlace): Span {
  const { file, document, prefix } = place.resource.source;
  return locate(file.text, document, [...prefix, ...place.path], place.part ?? 'value').span;
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

export function idOf(resource: Resource): ResourceId {
  return { apiVersion: resource.apiVersion, kind: resource.kind, namespace: resource.namespace, name: resource.name };
}

/** A path as people write it: `spec.ports[0].protocol`. Keys that are not plain words are quoted. */
export function pathText(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[A-Za-z_]\w*$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `["${step}"]`;
  }
  return text;
}

/** Whether one of two paths leads through the other. */
export function isAlong(a: Path, b: Path): boolean {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}
