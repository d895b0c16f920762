import type { Sidecar } from '../resources/sidecar.ts';
import type { MeshConfig } from './mesh-config.ts';
import type { RegisteredHost, Registry } from './registry.ts';

/** An egress host of a Sidecar, taken apart (S-3). */
export interface SidecarHost {
  /** `*`, `.`, `~`, `~ns` (an exclusion) or a namespace, as written. */
  readonly namespacePart: string;
  /** The namespace that `.` stands for; undefined for `*`. */
  readonly namespace: string | undefined;
  readonly dnsName: string;
}

/**
 * Takes an egress host apart.
 * @returns undefined where it has not exactly one `/` (Istio refuses it), or names no namespace (`~/*` imports nothing, `~ns` excludes)
 */
export function parseSidecarHost(host: string, namespace: string): SidecarHost | undefined {
  const [namespacePart, dnsName, more] = host.split('/');
  if (!namespacePart || !dnsName || more !== undefined || namespacePart.startsWith('~')) return undefined;
  return { namespacePart, namespace: namespacePart === '.' ? namespace : namespacePart === '*' ? undefined : namespacePart, dnsName };
}

/** S-4: the registrations that an egress host imports. A wildcard registration is not imported by an exact name that it covers. */
export function importedBy(sidecar: Sidecar, host: SidecarHost, registry: Registry): readonly RegisteredHost[] {
  return registry
    .within(host.dnsName)
    .filter((registered) => (host.namespace === undefined || registered.namespace === host.namespace) && registry.isVisible(registered, sidecar.namespace));
}

/** S-12: the policy for hosts that a Sidecar's workloads do not import; undefined where only a mesh configuration out of view says. */
export function outboundPolicyOf(sidecar: Sidecar, config: MeshConfig): 'ALLOW_ANY' | 'REGISTRY_ONLY' | 'ALLOW_ANY_DYNAMIC_DNS' | undefined {
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
