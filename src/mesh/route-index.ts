import type { VirtualService } from '../resources/virtual-service.ts';
import { destinationsOf, type RouteDestination } from './routes.ts';

/** The destinations of all VirtualServices in view, by the host that they lead to. */
export class RouteIndex {
  private readonly byHost = new Map<string, RouteDestination[]>();

  constructor(virtualServices: readonly VirtualService[], clusterDomain: string) {
    for (const destination of virtualServices.flatMap((virtualService) => destinationsOf(virtualService, clusterDomain))) {
      if (destination.role === 'unused') continue;
      const list = this.byHost.get(destination.host);
      if (list) list.push(destination);
      else this.byHost.set(destination.host, [destination]);
    }
  }

  /**
   * The destinations that lead to a port of a host, or to the host without saying which.
   * @param host as the registry spells it: a route to a wildcard host has to name the wildcard
   */
  to(host: string, port: number): readonly RouteDestination[] {
    return (this.byHost.get(host) ?? []).filter((destination) => destination.port === undefined || destination.port === port);
  }
}
