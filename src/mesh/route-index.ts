import type { VirtualService } from '../resources/virtual-service.ts';
import { groupBy } from './group-by.ts';
import { destinationsOf, type RouteDestination } from './routes.ts';

/** The destinations of all VirtualServices in view, by the host that they lead to. */
export class RouteIndex {
  private readonly byHost: ReadonlyMap<string, readonly RouteDestination[]>;

  constructor(virtualServices: readonly VirtualService[], clusterDomain: string) {
    const destinations = virtualServices.flatMap((virtualService) => destinationsOf(virtualService, clusterDomain));
    this.byHost = groupBy(
      destinations.filter(({ role }) => role !== 'unused'),
      ({ host }) => host,
    );
  }

  /**
   * The destinations that lead to a port of a host, or to the host without saying which.
   * @param host as the registry spells it: a route to a wildcard host has to name the wildcard
   */
  to(host: string, port: number): readonly RouteDestination[] {
    return (this.byHost.get(host) ?? []).filter((destination) => destination.port === undefined || destination.port === port);
  }
}
