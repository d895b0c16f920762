import type { DestinationRule } from '../resources/destination-rule.ts';
import type { GatewayHop } from './gateway-hops.ts';
import type { Mesh } from './mesh.ts';
import type { Workload } from './workloads.ts';

/** The label by which Pods say that they take mesh mTLS, which auto mTLS goes by (docs/traffic-model.md, D-9). */
export const TLS_MODE_LABEL = 'security.istio.io/tlsMode';

/** A step to a gateway whose server asks for a client certificate that nothing in view makes sidecars send. */
export interface HopWithoutMtls {
  readonly hop: GatewayHop;
  /** What the server asks for. */
  readonly mode: string;
  /** The namespace of the gateway's Service. */
  readonly namespace: string;
  /** The rules that define the subset of the destination, without TLS. */
  readonly defining: readonly DestinationRule[];
  /** The gateway's Pods in view. */
  readonly pods: readonly Workload[];
  readonly isCertain: boolean;
}

/** G-10: such steps, one for each server of a Gateway. */
export function hopsWithoutMtls(mesh: Mesh): readonly HopWithoutMtls[] {
  // A template that makes whole DestinationRules may make the one that is missed.
  if (mesh.hasTemplates('DestinationRule')) return [];
  const found = new Map<string, HopWithoutMtls>();
  for (const hop of mesh.gatewayHops) {
    const key = `${hop.gateway.namespace}/${hop.gateway.name}/${hop.server}`;
    const missing = found.has(key) ? undefined : withoutMtls(mesh, hop);
    if (missing) found.set(key, missing);
  }
  return [...found.values()];
}

function withoutMtls(mesh: Mesh, hop: GatewayHop): HopWithoutMtls | undefined {
  const { gateway, server, destination } = hop;
  const { host, port, subset } = destination;
  const mode = gateway.spec.servers[server]?.tls?.mode;
  if (mode === undefined || !asksForCertificate(mode, hop) || mesh.destinationRules.mayOriginateTls(host, port, subset)) return undefined;
  // A subset that no rule in view defines may come with its TLS settings from a rule that is not in view.
  const defining = subset === undefined ? [] : mesh.destinationRules.defining(host, subset);
  if (subset !== undefined && defining.length === 0) return undefined;
  const [, namespace = ''] = host.split('.');
  const selected = mesh.podsSelected(namespace, gateway.spec.selector);
  if (selected.some((pod) => pod.labels[TLS_MODE_LABEL] === 'istio')) return undefined;
  const pods = selected.filter((pod) => mesh.belongTogether(pod.resource, gateway));
  const isCertain = hop.certain && pods.length > 0 && !mesh.serversBeside(gateway, port).withoutTls;
  return { hop, mode, namespace, defining, pods, isCertain };
}

/** Whether what sidecars pass on cannot satisfy a server: TLS of the application's own may bring a certificate that files or a Secret of the gateway validate. */
function asksForCertificate(mode: string, { destination }: GatewayHop): boolean {
  return mode === 'ISTIO_MUTUAL' || (mode === 'MUTUAL' && destination.section === 'http');
}
