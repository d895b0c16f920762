/** Host names as Istio compares them (docs/traffic-model.md, N-1 to N-7; Istio: pkg/config/host/name.go, pilot/pkg/model/config.go). */

/** N-1: a wildcard iff the first character is `*`. */
export function isWildcard(host: string): boolean {
  return host.startsWith('*');
}

/** N-2: whether two hosts have a name in common. Symmetric. */
export function overlaps(a: string, b: string): boolean {
  if (!isWildcard(a)) return isWildcard(b) ? a.endsWith(b.slice(1)) : a === b;
  if (!isWildcard(b)) return b.endsWith(a.slice(1));
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return long.slice(1).endsWith(short.slice(1));
}

/** N-3: whether every name that `inner` stands for is one of `outer`'s. A wildcard is never a subset of an exact name. */
export function isSubsetOf(inner: string, outer: string): boolean {
  if (!isWildcard(outer)) return inner === outer;
  if (!isWildcard(inner)) return inner.endsWith(outer.slice(1));
  return inner.length >= outer.length && inner.endsWith(outer.slice(1));
}

/**
 * N-6: expands a short name to the host of a Kubernetes Service. `*`, addresses and every name with a dot stay as they are
 * (so `svc.ns` is never expanded, N-7; a partial wildcard without a dot, `*foo`, is).
 * @param namespace the namespace of the object that contains the name
 * @param domain the mesh's cluster domain, `cluster.local` by default
 */
export function expandShortName(host: string, namespace: string, domain: string): string {
  // A colon stands in IPv6 addresses only; IPv4 addresses have dots.
  if (host === '' || host === '*' || host.includes('.') || host.includes(':')) return host;
  return serviceHost(host, namespace, domain);
}

/** N-10: the host of a Kubernetes Service. */
export function serviceHost(name: string, namespace: string, domain: string): string {
  return `${name}.${namespace}.svc.${domain}`;
}
