import type { DestinationRule } from '../resources/destination-rule.ts';
import type { VirtualService } from '../resources/virtual-service.ts';
import type { Path } from '../yaml/locate.ts';
import { stepInto } from '../yaml/step-into.ts';
import { isBoundToMesh } from './gateway-reference.ts';
import { groupBy } from './group-by.ts';
import { expandShortName, isWildcard } from './host-name.ts';
import type { Mesh } from './mesh.ts';
import { destinationsOf, type RouteDestination } from './routes.ts';

/** A host that an object names for Istio to look up in its registry. */
export interface NamedHost {
  readonly resource: VirtualService | DestinationRule;
  /** To the text of the host. */
  readonly path: Path;
  readonly written: string;
  /** Where a route leads, whom it is for (sidecars only), or whom a DestinationRule is about. */
  readonly role: 'destination' | 'host' | 'policy';
  readonly destination?: RouteDestination;
}

/** Where the routes of a VirtualService lead, in the order of the text; routes that carry no traffic are left out. */
export function destinationHosts(virtualService: VirtualService, clusterDomain: string): readonly (NamedHost & { readonly destination: RouteDestination })[] {
  return destinationsOf(virtualService, clusterDomain).flatMap((destination) =>
    destination.role === 'unused' || isWildcard(destination.written)
      ? []
      : [{ resource: virtualService, path: stepInto(destination.path, 'host'), written: destination.written, role: 'destination' as const, destination }],
  );
}

/** The hosts that a VirtualService routes in sidecars. */
export function routedHosts(virtualService: VirtualService): readonly NamedHost[] {
  const { hosts, gateways } = virtualService.spec;
  if (!isBoundToMesh(gateways)) return [];
  return hosts.flatMap((written, i) => (isName(written) ? [{ resource: virtualService, path: ['spec', 'hosts', i], written, role: 'host' as const }] : []));
}

/** The host that a DestinationRule is about. */
export function policyHosts(rule: DestinationRule): readonly NamedHost[] {
  const { host = '' } = rule.spec;
  return isName(host) ? [{ resource: rule, path: ['spec', 'host'], written: host, role: 'policy' }] : [];
}

function isName(host: string): boolean {
  return host !== '' && !isWildcard(host);
}

/** N-6: the names without a dot that routes and rules give, with what they are completed to, where no host in view is called so. By name. */
export function unmetShortNames(mesh: Mesh): ReadonlyMap<string, readonly (NamedHost & { readonly completed: string })[]> {
  const { clusterDomain } = mesh.config;
  const named = [
    ...mesh.all('VirtualService').flatMap((each) => [...destinationHosts(each, clusterDomain), ...routedHosts(each)]),
    ...mesh.all('DestinationRule').flatMap(policyHosts),
  ];
  const unmet = named.flatMap((each) => {
    const completed = expandShortName(each.written, each.resource.namespace, clusterDomain);
    return completed === each.written || mesh.registry.named(completed).length > 0 ? [] : [{ ...each, completed }];
  });
  return groupBy(unmet, ({ written }) => written);
}
