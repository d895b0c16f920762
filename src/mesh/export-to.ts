/**
 * V-1, V-2: whether an object is exported to a namespace (docs/traffic-model.md).
 * @param exportTo the object's own list; empty means that the mesh's default holds
 * @param own the namespace that the object lies in
 * @param fallback the mesh's default list (`defaultServiceExportTo` and the like)
 */
export function isExportedTo(exportTo: readonly string[], own: string, namespace: string, fallback: readonly string[]): boolean {
  const list = exportTo.length > 0 ? exportTo : fallback;
  if (list.includes('*')) return true;
  if (list.includes('~')) return false;
  return list.includes(namespace) || (own === namespace && list.includes('.'));
}
