import type { Gateway } from '../resources/gateway.ts';
import type { VirtualService } from '../resources/virtual-service.ts';
import { type GatewayReference, isBoundToMesh, resolveGateway } from './gateway-reference.ts';
import { type GatewayServer, GatewayServers, indexServers } from './gateway-servers.ts';
import type { GatewayServices } from './gateway-services.ts';
import { expandShortName } from './host-name.ts';
import { appliesToGateway, appliesToMesh, destinationsOf, type RouteDestination } from './routes.ts';
import { isStockHost } from './stock-gateways.ts';
import { isTemplated } from './template-paths.ts';

/** A step from sidecars to one server of a Gateway: what a VirtualService steers there. */
export interface GatewayHop extends GatewayServer {
  readonly virtualService: VirtualService;
  /** The sidecars' destination: the Service of the gateway workload. */
  readonly destination: HopDestination;
  /** True where the files (or the stock installation) show that the destination's Pods run this Gateway; false where only names suggest it. */
  readonly certain: boolean;
}

type HopDestination = RouteDestination & { readonly port: number };

function hasPort(destination: RouteDestination): destination is HopDestination {
  return destination.port !== undefined;
}

interface Sources {
  readonly virtualServices: readonly VirtualService[];
  readonly gateways: readonly Gateway[];
  readonly gatewayServices: GatewayServices;
  readonly clusterDomain: string;
  /** The Gateways that a reference means, of those that may stand in one cluster with the VirtualService. */
  readonly gatewaysOf: (virtualService: VirtualService, reference: GatewayReference) => readonly Gateway[];
  readonly belongTogether: (gateway: Gateway, virtualService: VirtualService) => boolean;
}

/**
 * Every step from sidecars to a Gateway's server that the VirtualServices describe: a route for sidecars to the Service of a gateway workload, on the port of a
 * server that admits the VirtualService's hosts (docs/traffic-model.md, G-1 to G-4, N-9). The VirtualService is bound to the Gateway as well, or exactly one server
 * in view can be meant.
 */
export function gatewayHops(sources: Sources): readonly GatewayHop[] {
  const finder = new HopFinder(sources);
  return sources.virtualServices.flatMap((virtualService) => (isBoundToMesh(virtualService.spec.gateways) ? finder.hopsOf(virtualService) : []));
}

class HopFinder {
  private readonly sources: Sources;
  private readonly servers: GatewayServers;
  private readonly behind = new Map<string, ReturnType<typeof indexServers>>();

  constructor(sources: Sources) {
    this.sources = sources;
    this.servers = new GatewayServers(sources.gateways);
  }

  hopsOf(virtualService: VirtualService): readonly GatewayHop[] {
    const { namespace, spec } = virtualService;
    const destinations = destinationsOf(virtualService, this.sources.clusterDomain);
    const isBound = spec.gateways.some((entry) => resolveGateway(entry, namespace) !== undefined);
    const bound = spec.gateways.flatMap((entry) => {
      const reference = resolveGateway(entry, namespace);
      return reference ? this.sources.gatewaysOf(virtualService, reference) : [];
    });
    if (isBound && bound.length === 0) return [];
    const hosts = spec.hosts.map((host) => expandShortName(host, namespace, this.sources.clusterDomain));
    const backends = backendsAt(virtualService, destinations);
    const hops: GatewayHop[] = [];
    for (const destination of destinations) {
      if (!hasPort(destination) || destination.role !== 'route' || !appliesToMesh(virtualService, destination.section, destination.rule)) continue;
      const servers = isBound
        ? bound.flatMap((gateway) => this.boundServers(virtualService, gateway, hosts, destination, backends))
        : this.onlyServer(virtualService, hosts, destination);
      for (const { gateway, server, certain } of servers) hops.push({ gateway, server, virtualService, destination, certain });
    }
    return hops;
  }

  /** Servers of a Gateway that the VirtualService is bound to. */
  private boundServers(
    virtualService: VirtualService,
    gateway: Gateway,
    hosts: readonly string[],
    destination: HopDestination,
    backends: (gateway: Gateway) => ReadonlySet<string>,
  ): readonly (GatewayServer & { readonly certain: boolean })[] {
    const isKnown = this.sources.gatewayServices.has(destination.host);
    // Backends that sidecars and an ingress gateway share are no gateways; what the gateway itself is sent to is a backend as well, or a loop.
    const isSteering = isKnown || (!backends(gateway).has(destination.host) && isCalledLike(gateway, destination.host));
    if (!isSteering || (isKnown && !this.runs(gateway, destination.host))) return [];
    const certain = isKnown && !isTemplated(gateway, ['spec', 'selector']);
    const admitting = this.servers.admitting(gateway, destination.port, hosts, virtualService.namespace);
    return admitting.map(({ server }) => ({ gateway, server, certain }));
  }

  /** The one server that a VirtualService for sidecars alone can mean, where its destination is known to be a gateway. */
  private onlyServer(virtualService: VirtualService, hosts: readonly string[], destination: HopDestination) {
    if (!this.sources.gatewayServices.has(destination.host)) return [];
    // Two servers for one text of a host are enough to see that it is not the only one.
    const index = this.behind.get(destination.host) ?? indexServers(this.sources.gatewayServices.gatewaysAt(destination.host), 2);
    this.behind.set(destination.host, index);
    const [only, another] = index.admitting(destination.port, hosts, undefined);
    return only && !another && this.sources.belongTogether(only.gateway, virtualService) ? [{ ...only, certain: true }] : [];
  }

  private runs(gateway: Gateway, host: string): boolean {
    // G-1: an empty selector picks every gateway workload, but does not show that a Service leads to one.
    if (Object.keys(gateway.spec.selector).length === 0) return isStockHost(host, this.sources.clusterDomain);
    return this.sources.gatewayServices.gatewaysAt(host).has(gateway);
  }
}

/** The hosts to which a VirtualService sends what arrives at a Gateway; worked out once for each. */
function backendsAt(virtualService: VirtualService, destinations: readonly RouteDestination[]): (gateway: Gateway) => ReadonlySet<string> {
  const known = new Map<Gateway, ReadonlySet<string>>();
  return (gateway) => {
    const hosts =
      known.get(gateway) ??
      new Set(destinations.flatMap(({ section, rule, host }) => (appliesToGateway(virtualService, section, rule, gateway) ? [host] : [])));
    known.set(gateway, hosts);
    return hosts;
  };
}

/** Whether a Service that is not in view is called like the labels that a Gateway selects: gateways are, as a rule, and nothing else is. */
function isCalledLike(gateway: Gateway, host: string): boolean {
  const [service = '', , kind] = host.split('.');
  return kind === 'svc' && Object.values(gateway.spec.selector).some((value) => value !== '' && (service.includes(value) || value.includes(service)));
}
