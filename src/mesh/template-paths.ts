import { valueAt } from '../resources/plain-value.ts';
import type { Resource } from '../resources/resource.ts';
import { isAlong, type Path } from '../yaml/locate.ts';
import { MASK } from '../yaml/template-text.ts';

/** Whether template text stands at a path of a resource, beneath it, or in a parent: then what decoding made of it is unknown. */
export function isTemplated(resource: Resource, path: Path): boolean {
  return resource.templates.some((template) => isAlong(template, path));
}

/** Whether a field counts as template text because kustomize writes it, and not because of what stands there. Templates are longer than one character. */
export function isWrittenByKustomize({ source }: Resource, path: Path): boolean {
  return valueAt(source.document.value, [...source.prefix, ...path]) === MASK;
}
