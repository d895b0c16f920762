import { valueAt } from '../resources/decode.ts';
import type { Resource } from '../resources/resource.ts';
import type { Path } from '../yaml/locate.ts';
import { isTemplateText } from '../yaml/template-text.ts';

/** Whether template text stands at a path of a resource, beneath it, or in a parent: then what decoding made of it is unknown. */
export function isTemplated(resource: Resource, path: Path): boolean {
  return resource.templates.some((template) => isAlong(template, path));
}

/**
 * Whether a resource's namespace is known: written, and no template text. Otherwise it lands wherever `kubectl -n`, Helm or kustomize says.
 * Resources of the cluster have none to be unknown.
 */
export function hasKnownNamespace(resource: Resource): boolean {
  if (resource.namespace === '') return true;
  // `namespace:` with nothing after it is written, and says no namespace.
  const { document, prefix } = resource.source;
  const written = valueAt(document.value, [...prefix, 'metadata', 'namespace']);
  return written !== undefined && written !== null && written !== '' && !isTemplateText(resource.namespace);
}

function isAlong(a: Path, b: Path): boolean {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}
