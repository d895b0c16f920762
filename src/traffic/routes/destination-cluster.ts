import type { ClusterKey, WeightedCluster } from '../terms/decision.ts';
import type { Placed } from '../terms/reason.ts';
import type { Service } from '../terms/service.ts';
import { destinationAt } from './route-config.ts';

/** A destination of a route, with its host resolved (N-6). */
export interface Destination {
  readonly host?: string | undefined;
  readonly subset?: string | undefined;
  readonly port?: { readonly number?: number } | undefined;
}

/**
 * the cluster that a destination means. Istio: pilot/pkg/networking/core/route/route.go, GetDestinationCluster.
 * @param service what the host is known as where the route is written down: on HTTP routes of a sidecar only services with the listener's port are known
 */
export function clusterOf({ host = '', subset = '', port }: Destination, service: Service | undefined, listenerPort: number): ClusterKey {
  const [only, ...more] = service?.ports ?? [];
  const number = port?.number || (only && more.length === 0 ? only.number : listenerPort);
  // N-15: a name of another host leads there.
  return { host: service?.externalName ?? host, port: number, subset };
}

/** A rule for connections: of a VirtualService's `tls` or `tcp`. */
interface ConnectionRule {
  readonly route: readonly { readonly destination?: Destination; readonly weight?: number; readonly backend?: number }[];
}

/**
 * the clusters among which a rule splits connections. The weight of an only destination does not count; of several, those of weight 0 are left out.
 * @param known what a host is known as to the proxy
 */
export function clustersOf(
  { value, at }: Placed<ConnectionRule>,
  listenerPort: number,
  known: (host: string) => Service | undefined,
): readonly WeightedCluster[] {
  const isOnly = value.route.length === 1;
  const total = value.route.reduce((sum, { weight = 0 }) => sum + weight, 0);
  return value.route.flatMap(({ destination, weight = 0, backend }, index): WeightedCluster[] => {
    if (!destination || (!isOnly && weight === 0)) return [];
    const cluster = clusterOf(destination, known(destination.host ?? ''), listenerPort);
    return [{ cluster, share: isOnly ? 100 : (weight / total) * 100, at: destinationAt(at, index, backend) }];
  });
}
