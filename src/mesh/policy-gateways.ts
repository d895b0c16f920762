import type { AuthorizationPolicy } from '../resources/authorization-policy.ts';
import type { Gateway } from '../resources/gateway.ts';
import { GatewayServers } from './gateway-servers.ts';
import { isGatewayWorkload, stockGatewayWith } from './gateway-workloads.ts';
import type { Mesh } from './mesh.ts';
import { isTemplated } from './template-paths.ts';
import type { Workload } from './workloads.ts';

type Labels = Readonly<Record<string, string>>;
type Server = Gateway['spec']['servers'][number];

/** A server of a Gateway in view. */
export interface ServerOfGateway {
  readonly gateway: Gateway;
  readonly index: number;
  readonly server: Server;
}

/** What an AuthorizationPolicy decides about, where that is a gateway. */
export interface GuardedGateway {
  /** Every server in view of the gateways that it selects; never empty. */
  readonly servers: readonly ServerOfGateway[];
  /** The Pods in view; none where the stock gateway is assumed, or only a Service shows the labels. */
  readonly pods: readonly Workload[];
}

/** P-1: the gateways that AuthorizationPolicies select by their labels, with the Gateways in view that run on them. */
export class GuardedGateways {
  private readonly mesh: Mesh;
  private readonly byLabels: GatewayServers;

  constructor(mesh: Mesh) {
    this.mesh = mesh;
    this.byLabels = new GatewayServers(mesh.all('Gateway'));
  }

  /** @returns undefined for policies of other workloads, of a whole namespace, and where template text decides */
  of(policy: AuthorizationPolicy): GuardedGateway | undefined {
    const { selector, targetRef, targetRefs } = policy.spec;
    const labels = selector?.matchLabels ?? {};
    if (Object.keys(labels).length === 0 || targetRef || targetRefs.length > 0) return undefined;
    if (isTemplated(policy, ['spec', 'selector']) || !this.mesh.hasKnownNamespace(policy)) return undefined;
    const pods = this.mesh.podsSelected(policy.namespace, labels);
    if (!pods.every(isGatewayWorkload)) return undefined;
    const gateways = new Set(this.labelSets(policy.namespace, labels, pods).flatMap((each) => this.byLabels.selecting(each)));
    const own = [...gateways].filter((gateway) => this.mesh.belongTogether(gateway, policy));
    // Servers of an alternative may be those that count.
    if (own.length !== gateways.size || own.some((gateway) => isTemplated(gateway, ['spec', 'servers']))) return undefined;
    const servers = own.flatMap((gateway) => gateway.spec.servers.map((server, index) => ({ gateway, index, server })));
    return servers.length > 0 ? { servers, pods } : undefined;
  }

  /** The labels of the Pods, or of those that a Service in view or the stock installation has. */
  private labelSets(namespace: string, labels: Labels, pods: readonly Workload[]): readonly Labels[] {
    if (pods.length > 0) return pods.map((pod) => pod.labels);
    const stock = stockGatewayWith(labels);
    return stock?.namespace === namespace ? [stock.labels] : [];
  }
}

/** P-3: whether a server asks clients for the certificate that tells who they are. Files and Secrets may hold another CA's, so that is not sure for MUTUAL. */
export function seesIdentity({ tls }: Server): boolean {
  return tls !== undefined && (tls.mode === 'ISTIO_MUTUAL' || tls.mode === 'MUTUAL' || tls.mode === 'OPTIONAL_MUTUAL');
}
