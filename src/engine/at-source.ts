import { type LoadedFile, load } from '../mesh/load.ts';
import { valueAt } from '../resources/plain-value.ts';
import type { Resource } from '../resources/resource.ts';
import { lineAt } from '../text/lines.ts';
import type { SourceText } from '../text/source-text.ts';
import { isTemplateText } from '../yaml/template-text.ts';
import { isFromTemplate, originOf } from './origin.ts';
import { spanOf } from './place.ts';
import type { Place, ResourcePlace } from './rule.ts';

/** The text of the file that a rendered object says it was made from; undefined where it is not at hand, or may be another. */
export type TextOfOrigin = (origin: string, rendered: Resource) => SourceText | undefined;

/** Leads from rendered objects back to what a person edits. */
export class AtSource {
  private readonly textOf: TextOfOrigin;
  private readonly loaded = new Map<SourceText, LoadedFile | undefined>();

  constructor(textOf: TextOfOrigin) {
    this.textOf = textOf;
  }

  /**
   * The same field in the file that the object was rendered from, where that holds the object and the field, with the value that was rendered or a template;
   * of a template whose lines come and go, the line that reads the same.
   */
  placeOf(place: Place): Place {
    if (!('resource' in place)) return place;
    const text = this.sourceOf(place.resource);
    if (!text) return place;
    const source = this.objectIn(text, place.resource);
    if (source) return isSameValue(fieldOf(place.resource, place.path), fieldOf(source, place.path)) ? { ...place, resource: source } : place;
    return isFromTemplate(place.resource) ? (lineIn(text, place) ?? place) : place;
  }

  /** The file that an object was rendered from, as reports name files; as the renderer names it, where it is not at hand. */
  originOf(resource: Resource): string | undefined {
    return this.sourceOf(resource)?.file ?? originOf(resource);
  }

  private sourceOf(resource: Resource): SourceText | undefined {
    const origin = originOf(resource);
    return origin === undefined ? undefined : this.textOf(origin, resource);
  }

  /** By its name; as the only one of its kind that has a template for a name; or as the only one whose name kustomize has put something around. */
  private objectIn(text: SourceText, rendered: Resource): Resource | undefined {
    if (!this.loaded.has(text)) this.loaded.set(text, load([text])[0]);
    const { apiVersion, kind, name } = rendered;
    const candidates = this.loaded.get(text)?.resources.filter((each) => each.kind === kind && each.apiVersion === apiVersion) ?? [];
    const isOther = isFromTemplate(rendered) ? (each: Resource) => isTemplateText(each.name) : (each: Resource) => name.includes(each.name);
    const named = candidates.filter((each) => each.name === name);
    const [found, ...more] = named.length > 0 ? named : candidates.filter(isOther);
    return more.length === 0 ? found : undefined;
  }
}

/** The only line of a text that reads like the one that was rendered, or has a template behind the same key. */
function lineIn(source: SourceText, place: ResourcePlace): Place | undefined {
  const { text } = place.resource.source.file;
  const span = spanOf(place);
  const line = lineAt(text, span.start);
  const rendered = text.slice(line.start, line.end).trim();
  const key = /^(?:- )?[\w.-]+:(?= )/.exec(rendered)?.[0];
  const lines = [...source.text.matchAll(/^[ \t]*(\S.*?)[ \t]*\r?$/gm)].map(({ 0: whole, 1: written = '', index }) => ({
    written,
    start: index + whole.indexOf(written),
  }));
  const same = lines.filter(({ written }) => written === rendered);
  const [found, ...more] =
    same.length > 0 ? same : lines.filter(({ written }) => key !== undefined && written.startsWith(`${key} `) && isTemplateText(written));
  if (!found || more.length > 0) return undefined;
  const isSame = found.written === rendered;
  const indent = text.slice(line.start, line.end).indexOf(rendered);
  const start = isSame ? found.start + span.start - line.start - indent : found.start + (key?.length ?? 0) + 1;
  return { file: source, span: { start, end: isSame ? start + span.end - span.start : found.start + found.written.length } };
}

function fieldOf({ source }: Resource, path: readonly (string | number)[]): unknown {
  return valueAt(source.document.value, [...source.prefix, ...path]);
}

/** What is missing in both stands in the nearest parent of both. What a patch has written elsewhere does not stand here. */
function isSameValue(rendered: unknown, written: unknown): boolean {
  if (typeof written === 'string' && isTemplateText(written)) return true;
  if (typeof rendered === 'object' && rendered !== null) return typeof written === 'object' && written !== null;
  return rendered === written;
}
