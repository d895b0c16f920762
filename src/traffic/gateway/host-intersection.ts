import { isSubsetOf } from '../../mesh/host-name.ts';

/** G-4: what two lists of hosts have in common, of each pair the narrower one. Istio: pkg/config/host/names.go, Intersection. */
export function hostIntersection(hosts: readonly string[], others: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const host of hosts) {
    for (const other of others) {
      if (isSubsetOf(host, other)) found.add(host);
      else if (isSubsetOf(other, host)) found.add(other);
    }
  }
  return [...found];
}
