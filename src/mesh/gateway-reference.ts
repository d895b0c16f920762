/** A Gateway as a VirtualService names it, resolved (docs/traffic-model.md, N-9; Istio: pilot/pkg/model/config.go, resolveGatewayName). */
export interface GatewayReference {
  readonly namespace: string;
  readonly name: string;
}

/** The reserved name that stands for all sidecars. */
export const MESH = 'mesh';

/**
 * Resolves an entry of `gateways`: `ns/name` as it is, `./name` and `name` in the VirtualService's own namespace, the legacy `name.ns…` as `ns/name`.
 * @returns undefined for `mesh`
 */
export function resolveGateway(entry: string, namespace: string): GatewayReference | undefined {
  if (entry === MESH) return undefined;
  const slash = entry.indexOf('/');
  if (slash !== -1) {
    const given = entry.slice(0, slash);
    return { namespace: given === '.' ? namespace : given, name: entry.slice(slash + 1) };
  }
  const [name = '', legacyNamespace] = entry.split('.');
  return legacyNamespace === undefined ? { namespace, name: entry } : { namespace: legacyNamespace, name };
}

/** N-9: what an object of a namespace writes to name a Gateway: the bare name where that will do. */
export function referenceTo({ namespace, name }: GatewayReference, from: string): string {
  return namespace === from ? name : `${namespace}/${name}`;
}

/** N-9: whether a VirtualService's routes are for sidecars: an absent or empty list means `mesh` and nothing else. */
export function isBoundToMesh(gateways: readonly string[]): boolean {
  return gateways.length === 0 || gateways.includes(MESH);
}
