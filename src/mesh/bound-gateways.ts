import type { Gateway } from '../resources/gateway.ts';
import type { VirtualService } from '../resources/virtual-service.ts';
import type { GatewayReference } from './gateway-reference.ts';
import { HostIndex } from './host-index.ts';
import { expandShortName } from './host-name.ts';
import { isTemplated } from './template-paths.ts';

/** A server of a Gateway, with its index. */
export interface PlacedServer {
  readonly gateway: Gateway;
  readonly index: number;
  readonly server: Gateway['spec']['servers'][number];
}

/** What has to be known of the files to follow a reference to a Gateway. */
export interface GatewaysInView {
  readonly named: (kind: 'Gateway', namespace: string, name: string) => readonly Gateway[];
  readonly belongTogether: (gateway: Gateway, virtualService: VirtualService) => boolean;
}

/**
 * The Gateways that references mean.
 * @returns undefined where one of them is not in view, stands for alternatives, or has template text among its servers: then what it admits is not known
 */
export function gatewaysMeant(references: readonly GatewayReference[], virtualService: VirtualService, mesh: GatewaysInView): readonly Gateway[] | undefined {
  const found: Gateway[] = [];
  for (const { namespace, name } of references) {
    const [gateway, another] = mesh.named('Gateway', namespace, name).filter((each) => mesh.belongTogether(each, virtualService));
    if (!gateway || another || isTemplated(gateway, ['spec', 'servers'])) return undefined;
    if (!found.includes(gateway)) found.push(gateway);
  }
  return found;
}

type AdmittedServer = PlacedServer & { readonly namespace: string };
const byHost = new WeakMap<Gateway, HostIndex<AdmittedServer>>();

/** G-3, G-4: the servers of Gateways that admit a VirtualService: they have a host in common, and the server's is open to its namespace. */
export function admittingServers(gateways: readonly Gateway[], virtualService: VirtualService, clusterDomain: string): readonly PlacedServer[] {
  const hosts = virtualService.spec.hosts.map((host) => expandShortName(host, virtualService.namespace, clusterDomain));
  return gateways.flatMap((gateway) => {
    const found = hosts
      .flatMap((host) => indexOf(gateway).overlapping(host))
      .filter(({ namespace }) => namespace === '*' || namespace === virtualService.namespace);
    return [...new Map(found.map((placed) => [placed.index, placed])).values()];
  });
}

function indexOf(gateway: Gateway): HostIndex<AdmittedServer> {
  let index = byHost.get(gateway);
  if (!index) {
    index = new HostIndex(
      serversOf([gateway]).flatMap(({ server, index }) =>
        server.hosts.map((entry) => {
          const { namespace, dnsName } = admittedHost(entry, gateway.namespace);
          return [dnsName, { gateway, server, index, namespace }] as const;
        }),
      ),
    );
    byHost.set(gateway, index);
  }
  return index;
}

const portsByGateway = new WeakMap<Gateway, ReadonlySet<number>>();

/** The ports of a Gateway's servers. */
export function portsOf(gateway: Gateway): ReadonlySet<number> {
  const known = portsByGateway.get(gateway) ?? new Set(gateway.spec.servers.flatMap(({ port }) => port?.number ?? []));
  portsByGateway.set(gateway, known);
  return known;
}

/** All servers of Gateways. */
export function serversOf(gateways: readonly Gateway[]): readonly PlacedServer[] {
  return gateways.flatMap((gateway) => gateway.spec.servers.map((server, index) => ({ gateway, index, server })));
}

/** G-3: a server's host, taken apart: the namespace whose VirtualServices it is open to, `*` for all, and the name. */
export function admittedHost(entry: string, own: string): { readonly namespace: string; readonly dnsName: string } {
  const slash = entry.indexOf('/');
  const part = slash === -1 ? '*' : entry.slice(0, slash);
  return { namespace: part === '.' ? own : part, dnsName: entry.slice(slash + 1) };
}
