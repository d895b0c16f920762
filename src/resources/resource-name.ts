import type { Resource } from './resource.ts';

/** A resource as messages name it: `ServiceEntry shop/rates`, `Namespace shop` for kinds without a namespace. */
export function nameOf(resource: Pick<Resource, 'kind' | 'namespace' | 'name'>): string {
  const name = resource.name === '' ? '(unnamed)' : resource.name;
  return resource.namespace === '' ? `${resource.kind} ${name}` : `${resource.kind} ${resource.namespace}/${name}`;
}
