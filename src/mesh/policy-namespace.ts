import type { Resource } from '../resources/resource.ts';
import { isGatewayWorkload, stockGatewayWith } from './gateway-workloads.ts';
import { serviceHost } from './host-name.ts';
import type { Mesh } from './mesh.ts';
import { isSelectedBy, type Workload, workloadsIn } from './workloads.ts';

type Labels = Readonly<Record<string, string>>;

/** Where a gateway runs. */
export interface GatewayPlace {
  readonly namespace: string;
  /** What makes its Pods; undefined where the stock gateway is assumed. */
  readonly resource: Resource | undefined;
}

/** P-1: gateways that a policy's labels mean, but that run in another namespace than the policy's. */
export class GatewaysElsewhere {
  private readonly mesh: Mesh;
  private readonly gateways: readonly Workload[];
  private readonly steeredTo: ReadonlySet<string>;

  constructor(mesh: Mesh) {
    this.mesh = mesh;
    this.gateways = workloadsIn((kind) => mesh.all(kind)).filter(isGatewayWorkload);
    this.steeredTo = new Set(mesh.gatewayHops.map(({ destination }) => destination.host));
  }

  /** @returns undefined where something in view of the policy's own namespace carries the labels, and where no gateway in view does */
  of(policy: Resource, labels: Labels): GatewayPlace | undefined {
    const { namespace } = policy;
    if (Object.keys(labels).length === 0 || namespace === this.mesh.config.rootNamespace || !this.mesh.hasKnownNamespace(policy)) return undefined;
    if (this.isHere(namespace, labels)) return undefined;
    const found = this.gateways.find(
      ({ labels: own, resource }) => isSelectedBy(own, labels) && this.mesh.hasKnownNamespace(resource) && this.mesh.belongTogether(policy, resource),
    );
    if (found) return { namespace: found.namespace, resource: found.resource };
    // The stock gateway is assumed where VirtualServices steer to it.
    const stock = stockGatewayWith(labels);
    const isUsed = stock && this.steeredTo.has(serviceHost(stock.name, stock.namespace, this.mesh.config.clusterDomain));
    return isUsed ? { namespace: stock.namespace, resource: undefined } : undefined;
  }

  private isHere(namespace: string, labels: Labels): boolean {
    if (this.mesh.podsSelected(namespace, labels).length > 0) return true;
    return this.mesh.inNamespace('Service', namespace).some(({ spec }) => isSelectedBy(spec.selector, labels));
  }
}
