import { STOCK } from './stock-gateways.ts';
import { isSelectedBy, type Workload } from './workloads.ts';

const WAYPOINT_OF_POD = 'gateway.networking.k8s.io/gateway-name';

/** Whether a workload is a gateway or waypoint: Sidecars and mesh routes mean nothing to it. */
export function isGatewayWorkload({ labels, annotations }: Pick<Workload, 'labels' | 'annotations'>): boolean {
  if (WAYPOINT_OF_POD in labels || annotations['inject.istio.io/templates']?.includes('gateway')) return true;
  return STOCK.some((stock) => labels['istio'] === stock.labels['istio'] || labels['app'] === stock.labels['app']);
}

/** G-1: the stock gateway that a selector picks, if it names any of its labels and no other. */
export function stockGatewayWith(selector: Readonly<Record<string, string>>): (typeof STOCK)[number] | undefined {
  return Object.keys(selector).length === 0 ? undefined : STOCK.find(({ labels }) => isSelectedBy(labels, selector));
}
