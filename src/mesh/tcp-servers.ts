import type { Gateway } from '../resources/gateway.ts';
import type { VirtualService } from '../resources/virtual-service.ts';
import type { Path } from '../yaml/locate.ts';
import { admittingServers } from './bound-gateways.ts';
import { gatewayLegs, sectionFor } from './gateway-legs.ts';
import { groupBy } from './group-by.ts';
import type { Mesh } from './mesh.ts';
import { sortedByAge } from './sorted-by-age.ts';
import { isTemplated } from './template-paths.ts';

/** A rule of a VirtualService that takes the connections of a gateway's server. */
export interface TcpTaker {
  readonly virtualService: VirtualService;
  /** To the rule. */
  readonly path: Path;
}

/** A server that takes its connections from one VirtualService, while another one is bound to it as well. */
export interface SharedTcpServer {
  readonly gateway: Gateway;
  /** Index into `spec.servers`. */
  readonly index: number;
  /** The one that counts, as far as files tell their age. */
  readonly first: TcpTaker;
  readonly later: TcpTaker;
}

/**
 * The servers for TCP, or for TLS that ends at them, to which several VirtualServices send connections to different places: such a server has one chain, so
 * that the first with a fitting rule gets them all (docs/traffic-model.md, G-5).
 */
export function sharedTcpServers(mesh: Mesh): readonly SharedTcpServer[] {
  return mesh.all('Gateway').flatMap((gateway) => {
    const { servers } = gateway.spec;
    if (isTemplated(gateway, ['spec']) || !servers.some((server) => sectionFor(server) === 'tcp')) return [];
    const bound = mesh.gatewayBindings.to(gateway).filter((each) => each.templates.length === 0 && mesh.belongTogether(each, gateway));
    const taken = sortedByAge([...new Set(bound)]).flatMap((virtualService) => takenBy(virtualService, gateway, mesh));
    return [...groupBy(taken, ({ index }) => index).values()].flatMap((takers) => {
      const [first, ...others] = takers;
      if (!first) return [];
      return others.filter((later) => leadsTo(later) !== leadsTo(first)).map((later) => ({ gateway, index: later.index, first, later }));
    });
  });
}

/** G-4, G-5: the servers of a gateway that take a VirtualService's connections, each with the first rule that fits. */
function takenBy(virtualService: VirtualService, gateway: Gateway, mesh: Mesh): readonly (TcpTaker & { readonly index: number })[] {
  const legs = gatewayLegs(virtualService).filter(({ section }) => section === 'tcp');
  if (legs.length === 0) return [];
  return admittingServers([gateway], virtualService, mesh.config.clusterDomain).flatMap(({ server, index }) => {
    if (sectionFor(server) !== 'tcp') return [];
    const leg = legs.find(({ matches }) =>
      matches.some(
        ({ gateways, port }) =>
          (port === undefined || port === server.port?.number) &&
          gateways.some(({ namespace, name }) => namespace === gateway.namespace && name === gateway.name),
      ),
    );
    return leg ? [{ virtualService, path: ['spec', 'tcp', leg.rule], index }] : [];
  });
}

function leadsTo({ virtualService, path }: TcpTaker): string {
  return JSON.stringify(virtualService.spec.tcp[Number(path[2])]?.route ?? []);
}
