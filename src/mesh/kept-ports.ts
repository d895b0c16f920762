import type { ServiceEntry } from '../resources/service-entry.ts';
import { farEndExpects } from './far-end.ts';
import { MESH } from './gateway-reference.ts';
import { expandShortName } from './host-name.ts';
import type { Mesh } from './mesh.ts';
import type { Origination } from './originations.ts';
import { appliesToMesh, matchesOf, type RouteDestination } from './routes.ts';

/** A route to another port of a host, where proxies call the port that the client dialled all the same. */
export interface KeptPort {
  readonly entry: ServiceEntry;
  /** The TLS that proxies start there. */
  readonly origination: Origination;
  readonly route: RouteDestination;
  /** The port that is really called. */
  readonly dialled: number;
}

/** E-2: whether sidecars send connections on to the address and port that the client dialled, whatever port a route names. */
export function keepsPort({ spec }: ServiceEntry, port: number): boolean {
  return (spec.resolution ?? 'NONE') === 'NONE' && !spec.ports[port]?.targetPort;
}

/** E-2: TLS that is started for a port to which a route leads, and that arrives at the plaintext port that clients dial, for the entry looks nothing up. */
export function keptPorts(mesh: Mesh): readonly KeptPort[] {
  return mesh.originations.flatMap((origination): readonly KeptPort[] => {
    const { host, port, rule, tls } = origination;
    const { resource } = host;
    if (resource.kind !== 'ServiceEntry' || host.hasUnknownPorts || mesh.registry.named(host.host).length > 1) return [];
    const entry = resource as ServiceEntry;
    // D-10: sidecars leave TLS out that needs a Secret.
    if ((tls.mode !== 'SIMPLE' && tls.mode !== 'MUTUAL') || tls.credentialName || !keepsPort(entry, port.index)) return [];
    for (const route of mesh.routes.to(host.host, port.number)) {
      if (!leadsSidecars(route, port.number) || !mesh.belongTogether(route.virtualService, entry) || !mesh.belongTogether(route.virtualService, rule)) continue;
      const [dialled, another] = dialledPorts(mesh, route).filter((number) => number !== port.number);
      if (dialled !== undefined && another === undefined && farEndExpects(dialled) === 'plaintext') return [{ entry, origination, route, dialled }];
    }
    return [];
  });
}

function leadsSidecars({ virtualService, section, rule, role, port }: RouteDestination, number: number): boolean {
  return section === 'http' && role === 'route' && port === number && virtualService.templates.length === 0 && appliesToMesh(virtualService, section, rule);
}

/** The ports on which clients' calls meet a route: those that it matches, else those of its hosts that take HTTP. */
function dialledPorts(mesh: Mesh, { virtualService, section, rule }: RouteDestination): readonly number[] {
  const matches = matchesOf(virtualService, section, rule).filter(({ gateways }) => gateways.length === 0 || gateways.includes(MESH));
  const matched = matches.map(({ port }) => port);
  if (matched.length > 0 && matched.every((port) => port !== undefined)) return [...new Set(matched)];
  const names = virtualService.spec.hosts.map((host) => expandShortName(host, virtualService.namespace, mesh.config.clusterDomain));
  const ports = names.flatMap((name) => mesh.registry.named(name).flatMap((each) => each.ports));
  return [...new Set(ports.filter(({ protocol }) => mesh.protocolGroup(protocol) === 'http').map(({ number }) => number))];
}
