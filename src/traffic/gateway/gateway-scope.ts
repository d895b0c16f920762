import { BoundRoutes } from '../routes/bound-routes.ts';
import { clustersOf } from '../routes/destination-cluster.ts';
import { routedRequest } from '../routes/http-action.ts';
import { type HttpRoute, routeOf } from '../routes/http-routing.ts';
import { matchAt } from '../routes/route-config.ts';
import type { RouteConfigs } from '../routes/route-configs.ts';
import type { MergedServices } from '../services/merged-services.ts';
import type { Services } from '../services/services.ts';
import type { Connection, HttpRequest } from '../terms/connection.ts';
import type { Decision } from '../terms/decision.ts';
import { handshakeProblem, spiffeId, type TlsServer } from '../terms/handshake.ts';
import type { ProxyNode } from '../terms/proxy-node.ts';
import type { ProxyScope } from '../terms/proxy-scope.ts';
import type { Service } from '../terms/service.ts';
import type { GatewayIndex } from './gateway-index.ts';
import { EVERY_ADDRESS, type GatewayChain, type GatewayListener, gatewayListeners } from './gateway-listeners.ts';
import { GatewayRouteTable } from './gateway-routes.ts';
import { type MergedServers, mergeServers } from './merged-servers.ts';

/** What gateways are configured from. */
export interface GatewayWorld {
  readonly gateways: GatewayIndex;
  readonly services: Services;
  readonly routes: RouteConfigs;
  /** V-10: what gives the gateways of a namespace their clusters. */
  readonly servicesFor: (namespace: string) => MergedServices;
  readonly trustDomain: string;
}

/** What the configuration makes a gateway's Pod do (section G of docs/traffic-model.md). Nothing is built before it is asked for. */
export function gatewayScope(world: GatewayWorld, proxy: ProxyNode): ProxyScope {
  const gateway = new GatewayProxy(world, proxy);
  return { proxy, serviceOf: (host) => gateway.serviceOf(host), decide: (connection) => gateway.decide(connection) };
}

type Reasons = Decision['reasons'];

/** Of servers that do not take a connection a few are enough to see why. */
const SHOWN = 5;

class GatewayProxy {
  private readonly world: GatewayWorld;
  private readonly proxy: ProxyNode;
  private readonly bound: BoundRoutes;
  private readonly listeners = new Map<number, readonly GatewayListener[]>();
  private readonly tables = new Map<string, GatewayRouteTable>();
  private lazyServers: MergedServers | undefined;

  constructor(world: GatewayWorld, proxy: ProxyNode) {
    this.world = world;
    this.proxy = proxy;
    this.bound = new BoundRoutes(world.routes, proxy.namespace);
  }

  serviceOf(host: string): Service | undefined {
    return this.world.servicesFor(this.proxy.namespace).of(host);
  }

  decide(connection: Connection): Decision {
    const { port } = connection;
    const listener = this.listenerFor(connection);
    if (!listener) return { listener: '', port, match: '', chain: undefined, action: { do: 'refuse' }, reasons: this.reasonsToRefuse(port) };
    const at = { listener: listener.name, port };
    if (listener.refused) {
      const { why, reasons } = listener.refused;
      return {
        ...at,
        match: '',
        chain: undefined,
        action: { do: 'reject', why },
        reasons: reasons.map((reason) => ({ what: `is a reason: ${why}`, at: reason })),
      };
    }
    const chain = listener.chainFor(connection.tls[0]);
    if (chain) return this.decideInChain(chain, connection, at);
    const what = connection.tls.length === 0 ? 'expects TLS' : 'asks for another server name';
    const reasons = listener.chains.slice(0, SHOWN).map(({ server }) => ({ what, at: server.at }));
    return { ...at, match: '', chain: undefined, action: { do: 'close' }, reasons };
  }

  private decideInChain(chain: GatewayChain, connection: Connection, at: Pick<Decision, 'listener' | 'port'>): Decision {
    const { server, terminates, content, serverNames } = chain;
    const match = serverNames.length > 0 ? `sni=${serverNames.join(',')}` : '';
    const reasons: Reasons = [{ what: 'takes the connection', at: server.at }];
    const base = { ...at, match, ...(terminates && { terminates }), reasons };
    const [outer, ...inner] = connection.tls;
    if (terminates) {
      if (!outer) return { ...base, chain: undefined, action: { do: 'plaintext-to-tls' } };
      const why = handshakeProblem(outer, this.tlsServer(terminates));
      if (why !== undefined) return { ...base, chain: undefined, action: { do: 'handshake-failed', why } };
    }
    if (content.kind === 'http') {
      const layers = terminates ? inner : connection.tls;
      if (layers.length > 0 || !connection.http) return { ...base, chain: 'http', action: { do: 'protocol-error' } };
      return this.decideRequest(content.routeName, connection.http, { ...base, chain: 'http' });
    }
    const { to, route } = content;
    const routed = route ? [{ what: 'routes the connection', at: route.at }] : [];
    return { ...base, chain: 'tcp', action: { do: 'forward', to }, ...(route && { route }), reasons: [...reasons, ...routed] };
  }

  private decideRequest(routeName: string, request: HttpRequest, base: Omit<Decision, 'action'>): Decision {
    const host = this.table(routeName).virtualHost(request.authority);
    if (!host) return { ...base, action: { do: 'no-route' } };
    const at = { ...base, virtualHost: host.name };
    if (host.redirect && base.terminates === undefined) {
      const reasons = [...base.reasons, { what: 'redirects plain HTTP to https', at: host.redirect }];
      return { ...at, action: { do: 'answer', status: 301, detail: 'redirect' }, reasons };
    }
    const route = routeOf(host.routes, request);
    if (!route) return { ...at, action: { do: 'no-route' } };
    const { config } = route;
    const known = (name: string): Service | undefined => this.knownTo(config.namespace, name);
    return {
      ...at,
      ...routedRequest(route, request, host.portOf(route), known),
      route: { name: sourceOf(route), at: route.at },
      isGatewayApi: config.isGatewayApi,
      reasons: [...base.reasons, { what: 'routes the request', at: matchAt(route.at, route.matchIndex, route.rule.matchIndex) }],
    };
  }

  /** a host of the VirtualService's own namespace is known there first. Istio: gateway.go, buildNameToServiceMapForHTTPRoutes. */
  private knownTo(namespace: string, host: string): Service | undefined {
    const { services } = this.world;
    const own = services.named(host).filter((service) => service.namespace === namespace && services.isVisible(service, this.proxy.namespace));
    return own.find(({ registry }) => registry === 'kubernetes') ?? own[0] ?? this.serviceOf(host);
  }

  private listenerFor({ port, ip }: Connection): GatewayListener | undefined {
    const known = this.listeners.get(port) ?? gatewayListeners(port, this.listenerSources());
    this.listeners.set(port, known);
    return known.find(({ bind }) => bind === ip) ?? known.find(({ bind }) => bind === EVERY_ADDRESS || bind === '::');
  }

  private listenerSources(): Parameters<typeof gatewayListeners>[1] {
    return {
      servers: this.servers,
      routesFor: (gateway, hosts) => this.bound.sharing(gateway, hosts),
      clustersOf: (rule, port) => clustersOf(rule, port, (host) => this.serviceOf(host)),
      services: () => this.world.servicesFor(this.proxy.namespace).all,
    };
  }

  private table(routeName: string): GatewayRouteTable {
    const known = this.tables.get(routeName);
    if (known) return known;
    const servers = this.servers.byRouteName.get(routeName) ?? [];
    const table = new GatewayRouteTable(servers, { proxy: this.proxy, routesFor: (gateway, hosts) => this.bound.sharing(gateway, hosts) });
    this.tables.set(routeName, table);
    return table;
  }

  private get servers(): MergedServers {
    this.lazyServers ??= mergeServers(this.world.gateways.loadedBy(this.proxy));
    return this.lazyServers;
  }

  /** The servers that would listen if they were not left out, or had routes (G-5, G-11). */
  private reasonsToRefuse(port: number): Reasons {
    const skipped = this.servers.skipped.filter(({ server }) => server.port === port);
    const routeless = (this.servers.byPort.get(port) ?? []).flatMap(({ servers }) => servers);
    return [
      ...routeless.slice(0, SHOWN).map(({ at }) => ({ what: 'has this server without any rule for it, so that it does not listen', at })),
      ...skipped.slice(0, SHOWN).map(({ server }) => ({ what: 'has this server, which is left out because another one has the port', at: server.at })),
    ];
  }

  private tlsServer(mode: NonNullable<GatewayChain['terminates']>): TlsServer {
    const { namespace, serviceAccount } = this.proxy;
    const isMesh = mode === 'ISTIO_MUTUAL';
    const identity = spiffeId(this.world.trustDomain, namespace, serviceAccount);
    return { presents: isMesh ? 'mesh' : 'other', demands: isMesh ? 'mesh' : mode === 'MUTUAL' ? 'other' : undefined, identity };
  }
}

function sourceOf({ config }: HttpRoute): string {
  return `${config.name}.${config.namespace}`;
}
