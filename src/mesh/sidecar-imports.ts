import type { Sidecar } from '../resources/sidecar.ts';
import { isSubsetOf } from './host-name.ts';
import type { MeshConfig } from './mesh-config.ts';
import type { RegisteredHost, Registry } from './registry.ts';
import { isTemplated } from './template-paths.ts';

/** An egress host of a Sidecar, taken apart (S-3). */
export interface SidecarHost {
  /** `*`, `.` or a namespace, as written. */
  readonly namespacePart: string;
  /** The namespace that is meant, `.` replaced; undefined for `*`. */
  readonly namespace: string | undefined;
  readonly dnsName: string;
}

/**
 * S-3: takes an egress host apart.
 * @param namespace the namespace of the workload's configuration, for which `.` stands
 * @returns undefined where it has not exactly one `/` (Istio refuses it), or imports nothing (`~/*`, and the exclusions `~/host`, `~ns/host`)
 */
export function parseSidecarHost(host: string, namespace: string): SidecarHost | undefined {
  const parts = twoParts(host);
  if (!parts || parts[0].startsWith('~')) return undefined;
  const [namespacePart, dnsName] = parts;
  return { namespacePart, namespace: namespacePart === '.' ? namespace : namespacePart === '*' ? undefined : namespacePart, dnsName };
}

/**
 * S-4: the registrations that an egress host imports. A wildcard registration is not imported by an exact name that it covers.
 * Of registrations of one host in several namespaces a client gets those of one namespace only (V-9): its own, where that has one.
 */
export function importedBy(sidecar: Sidecar, host: SidecarHost, registry: Registry): readonly RegisteredHost[] {
  const own = sidecar.namespace;
  const isVisible = (registered: RegisteredHost): boolean => registry.isVisible(registered, own);
  if (host.namespace !== undefined) return registry.ofNamespace(host.namespace).within(host.dnsName).filter(isVisible);
  const local = registry.ofNamespace(own).within(host.dnsName).filter(isVisible);
  const localHosts = new Set(local.map((registered) => registered.host));
  if (localHosts.has(host.dnsName)) return local;
  return [...local, ...registry.within(host.dnsName).filter((registered) => !localHosts.has(registered.host) && isVisible(registered))];
}

/** S-3, S-4: whether an egress listener leaves a registration out again, by an entry that starts with `~`. */
export function isExcluded(registered: RegisteredHost, listener: Sidecar['spec']['egress'][number], namespace: string): boolean {
  return listener.hosts.some((host) => {
    const parts = twoParts(host);
    if (!parts?.[0].startsWith('~')) return false;
    const from = parts[0] === '~.' ? namespace : parts[0].slice(1);
    return (from === '' || from === registered.namespace) && isSubsetOf(registered.host, parts[1]);
  });
}

function twoParts(host: string): readonly [string, string] | undefined {
  const [namespacePart, dnsName, more] = host.split('/');
  return namespacePart && dnsName && more === undefined ? [namespacePart, dnsName] : undefined;
}

/**
 * S-1: whether a Sidecar is the default of the whole mesh: in the root namespace and without a selector. It is worked out for each namespace that has none
 * of its own, with that namespace for `.` and for what is visible.
 */
export function isMeshWide(sidecar: Sidecar, config: MeshConfig): boolean {
  return sidecar.namespace === config.rootNamespace && !sidecar.isSet(['spec', 'workloadSelector']);
}

/** S-12: the policy for hosts that a Sidecar's workloads do not import; undefined where template text or a mesh configuration out of view decides. */
export function outboundPolicyOf(sidecar: Sidecar, config: MeshConfig): 'ALLOW_ANY' | 'REGISTRY_ONLY' | 'ALLOW_ANY_DYNAMIC_DNS' | undefined {
  if (isTemplated(sidecar, ['spec', 'outboundTrafficPolicy'])) return undefined;
  return sidecar.spec.outboundTrafficPolicy ? sidecar.spec.outboundTrafficPolicy.mode : config.outboundPolicy;
}

/** What happens to calls to a host that a Sidecar's workloads do not import, under the policy in view, or under both where none is. */
export function unimportedSymptom(sidecar: Sidecar, config: MeshConfig): string {
  const allowed = 'calls pass unmanaged (PassthroughCluster): routes and DestinationRules for the host are ignored';
  const blocked = 'HTTP calls get 502, TLS connections are reset: curl: (35) (BlackHoleCluster)';
  const policy = outboundPolicyOf(sidecar, config);
  if (policy === 'REGISTRY_ONLY') return blocked;
  return policy === undefined ? `ALLOW_ANY (Istio's default): ${allowed}; REGISTRY_ONLY: ${blocked}` : allowed;
}
