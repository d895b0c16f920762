import type { KindName, ResourceByKind } from '../resources/kinds.ts';
import type { Namespace } from '../resources/namespace.ts';
import { fitsSelector, namespaceLabels } from './label-selector.ts';
import type { Mesh } from './mesh.ts';

/** M-6: whether istiod looks at a namespace in view: it fits one of the mesh's discoverySelectors, or there are none. The root namespace is no exception. */
export function isDiscovered({ config }: Mesh, namespace: Namespace): boolean {
  const { discoverySelectors } = config;
  return discoverySelectors.length === 0 || discoverySelectors.some((selector) => fitsSelector(selector, namespaceLabels(namespace)));
}

/** M-6: the resources of a kind that istiod looks at. A namespace that is not in view may have the labels that it needs. */
export function discovered<K extends KindName>(mesh: Mesh, kind: K): readonly ResourceByKind[K][] {
  if (mesh.config.discoverySelectors.length === 0) return mesh.all(kind);
  const leftOut = new Set(mesh.all('Namespace').flatMap((namespace) => (isDiscovered(mesh, namespace) ? [] : [namespace.name])));
  const fitting = new Set(mesh.all('Namespace').flatMap((namespace) => (isDiscovered(mesh, namespace) ? [namespace.name] : [])));
  return mesh.all(kind).filter(({ namespace }) => fitting.has(namespace) || !leftOut.has(namespace));
}
