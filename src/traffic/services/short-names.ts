/**
 * L-12: what a client may call a host of Kubernetes' form beside its full name: `name.ns.svc`, `name.ns` and, in its own namespace, `name`.
 * Istio: pilot/pkg/networking/core/httproute.go, GenerateAltVirtualHosts.
 */
export function shortNames(host: string, namespace: string, clusterDomain: string): readonly string[] {
  const ending = `.svc.${clusterDomain}`;
  if (!host.endsWith(ending)) return [];
  const base = host.slice(0, -ending.length);
  const dot = base.indexOf('.');
  if (dot === -1) return [];
  const names = [base, `${base}.svc`];
  return base.slice(dot + 1) === namespace ? [base.slice(0, dot), ...names] : names;
}

/** The full names that a short one may stand for, for a client of a namespace. */
export function fullNames(name: string, namespace: string, clusterDomain: string): readonly string[] {
  const ending = `.svc.${clusterDomain}`;
  if (name.endsWith(ending)) return [];
  if (name.endsWith('.svc')) return [`${name}.${clusterDomain}`];
  return name.includes('.') ? [`${name}${ending}`] : [`${name}.${namespace}${ending}`];
}

/** The full names that a short one may stand for where it is one of a Pod, `pod.service`. */
export function namesOfPods(name: string, namespace: string, clusterDomain: string): readonly string[] {
  const longer = fullNames(name, namespace, clusterDomain);
  return longer.length === 0 || name.endsWith('.svc') ? longer : [...longer, `${name}.${namespace}.svc.${clusterDomain}`];
}
