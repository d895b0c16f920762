import type { VirtualService } from '../resources/virtual-service.ts';
import { addTo } from './group-by.ts';
import { HostIndex } from './host-index.ts';
import { appliesToMesh, destinationsOf, type RouteDestination } from './routes.ts';

/** A destination that names a subset. */
export type SubsetDestination = RouteDestination & { readonly subset: string };

/** The subsets to which VirtualServices in view send traffic, by host. */
export class RoutedSubsets {
  private readonly index: HostIndex<ReadonlyMap<string, readonly SubsetDestination[]>>;

  constructor(virtualServices: readonly VirtualService[], clusterDomain: string) {
    const byHost = new Map<string, Map<string, SubsetDestination[]>>();
    for (const destination of virtualServices.flatMap((virtualService) => subsetDestinations(virtualService, clusterDomain))) {
      const { host, subset } = destination;
      const bySubset = byHost.get(host) ?? new Map<string, SubsetDestination[]>();
      byHost.set(host, bySubset);
      addTo(bySubset, subset, destination);
    }
    this.index = new HostIndex(byHost);
  }

  /** The destinations that name a subset of the hosts that a DestinationRule's host takes in. */
  to(host: string, subset: string): readonly SubsetDestination[] {
    return this.index.within(host).flatMap((bySubset) => bySubset.get(subset) ?? []);
  }

  /** All of a host, or of the hosts that a wildcard takes in, one for each subset. */
  firstOfEach(host: string): readonly SubsetDestination[] {
    return this.index.within(host).flatMap((bySubset) => [...bySubset.values()].flatMap(([first]) => first ?? []));
  }
}

/** The destinations of a VirtualService that name a subset, in the order of the text; those that carry no traffic are left out. */
export function subsetDestinations(virtualService: VirtualService, clusterDomain: string): readonly SubsetDestination[] {
  return destinationsOf(virtualService, clusterDomain).flatMap((destination) => {
    const { subset, role } = destination;
    return subset === undefined || role === 'unused' ? [] : [{ ...destination, subset }];
  });
}

/** The first of {@link subsetDestinations} for each host and subset, for sidecars and for gateways apart: what is said of one holds for the others. */
export function distinctSubsets(virtualService: VirtualService, clusterDomain: string): readonly SubsetDestination[] {
  const found = new Map<string, SubsetDestination>();
  for (const destination of subsetDestinations(virtualService, clusterDomain)) {
    const { host, subset, section, rule } = destination;
    const key = `${host}/${subset}/${appliesToMesh(virtualService, section, rule)}`;
    if (!found.has(key)) found.set(key, destination);
  }
  return [...found.values()];
}
