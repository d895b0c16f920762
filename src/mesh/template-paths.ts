import type { Resource } from '../resources/resource.ts';
import { isAlong, type Path } from '../yaml/locate.ts';

/** Whether template text stands at a path of a resource, beneath it, or in a parent: then what decoding made of it is unknown. */
export function isTemplated(resource: Resource, path: Path): boolean {
  return resource.templates.some((template) => isAlong(template, path));
}
