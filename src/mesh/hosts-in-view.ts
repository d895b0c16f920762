import type { VirtualService } from '../resources/virtual-service.ts';
import { expandShortName, isWildcard } from './host-name.ts';
import type { Mesh } from './mesh.ts';
import { type ProtocolGroup, protocolGroup } from './protocol.ts';
import type { RegisteredHost } from './registry.ts';

/** A port that one of a VirtualService's hosts has, and where it is registered. */
export interface RoutedPort {
  readonly number: number;
  readonly group: ProtocolGroup;
  readonly registration: RegisteredHost;
}

/** Where a wildcard takes in more hosts, nothing is said of it. */
const MAX_HOSTS = 100;

/**
 * The ports of a VirtualService's hosts, if all of the hosts are in view with all of their ports.
 * @returns undefined where anything about them is unknown: then nothing follows from a port that is missing
 */
export function routedPorts(mesh: Mesh, virtualService: VirtualService): readonly RoutedPort[] | undefined {
  const { namespace, spec } = virtualService;
  if (spec.hosts.length === 0 || virtualService.templates.some((path) => path[1] === 'hosts')) return undefined;
  const found: RoutedPort[] = [];
  for (const host of spec.hosts) {
    const name = expandShortName(host, namespace, mesh.config.clusterDomain);
    const named = mesh.registry.named(name);
    // for the hosts within a wildcard its rules hold as well.
    const registrations = named.length > 0 && isWildcard(name) ? mesh.registry.within(name) : named;
    if (registrations.length === 0 || registrations.length > MAX_HOSTS) return undefined;
    if (registrations.some((each) => !isKnown(each) || !mesh.belongTogether(virtualService, each.resource))) return undefined;
    for (const registration of registrations) {
      for (const { number, protocol } of registration.ports) found.push({ number, group: protocolGroup(protocol), registration });
    }
  }
  return found;
}

/** An ExternalName Service has the ports of the host that it stands for (N-15). */
function isKnown({ resource, external, hasUnknownPorts }: RegisteredHost): boolean {
  return !hasUnknownPorts && !(resource.kind === 'Service' && external);
}
