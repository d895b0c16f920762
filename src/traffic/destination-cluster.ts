import type { ClusterKey } from './decision.ts';
import type { Service } from './service.ts';

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
