import { type LoadedFile, load } from '../mesh/load.ts';
import { valueAt } from '../resources/plain-value.ts';
import type { Resource } from '../resources/resource.ts';
import type { SourceText } from '../text/source-text.ts';
import { isTemplateText } from '../yaml/template-text.ts';
import { originOf } from './origin.ts';
import type { Place } from './rule.ts';

/** The text of the file that a rendered object says it was made from; undefined where it is not at hand, or may be another. */
export type TextOfOrigin = (origin: string, rendered: Resource) => SourceText | undefined;

/** Leads from rendered objects back to what a person edits. */
export class AtSource {
  private readonly textOf: TextOfOrigin;
  private readonly loaded = new Map<SourceText, LoadedFile | undefined>();

  constructor(textOf: TextOfOrigin) {
    this.textOf = textOf;
  }

  /** The same field in the file that the object was rendered from, where that holds the object and the field, with the value that was rendered or a template. */
  placeOf(place: Place): Place {
    if (!('resource' in place)) return place;
    const origin = originOf(place.resource);
    const text = origin === undefined ? undefined : this.textOf(origin, place.resource);
    const source = text && this.objectIn(text, place.resource);
    return source && isSameValue(fieldOf(place.resource, place.path), fieldOf(source, place.path)) ? { ...place, resource: source } : place;
  }

  /** By its name, or as the only one of its kind that has a template for a name. */
  private objectIn(text: SourceText, { apiVersion, kind, name }: Resource): Resource | undefined {
    if (!this.loaded.has(text)) this.loaded.set(text, load([text])[0]);
    const candidates = this.loaded.get(text)?.resources.filter((each) => each.kind === kind && each.apiVersion === apiVersion) ?? [];
    const named = candidates.filter((each) => each.name === name);
    const [found, ...more] = named.length > 0 ? named : candidates.filter((each) => isTemplateText(each.name));
    return more.length === 0 ? found : undefined;
  }
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
