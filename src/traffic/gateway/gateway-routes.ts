import { HostIndex } from '../../mesh/host-index.ts';
import { isCatchAll } from '../../mesh/http-match.ts';
import { compareText } from '../../text/compare-text.ts';
import { type HttpRoute, routesFor } from '../routes/http-routing.ts';
import type { RouteConfig } from '../routes/route-config.ts';
import type { ProxyNode } from '../terms/proxy-node.ts';
import type { Reason } from '../terms/reason.ts';
import { admittedHosts } from './gateway-listeners.ts';
import { hostIntersection } from './host-intersection.ts';
import type { GatewayServer } from './merged-servers.ts';

/** The routes of one VirtualService at one Gateway, and the number of the server for which they were made: it stands in for a port that is not written. */
interface RouteList {
  readonly routes: readonly HttpRoute[];
  readonly port: number;
}

/** One virtual host of a gateway. */
export interface GatewayVirtualHost {
  /** As Envoy names it: `api.example:80`. */
  readonly name: string;
  readonly routes: readonly HttpRoute[];
  /** The number of the server that stands in for a port that a route does not say. */
  readonly portOf: (route: HttpRoute) => number;
  /** `httpsRedirect`, and the server that has it. */
  readonly redirect: Reason | undefined;
}

interface RouteSources {
  readonly proxy: ProxyNode;
  /** G-4: what is bound to a Gateway and shares a host with one of a list, in the order of V-5. */
  readonly routesFor: (gateway: string, hosts: readonly string[]) => readonly RouteConfig[];
}

/** The table of the HTTP requests that reach a server, or several that share it (G-4, G-7). Istio: gateway.go, buildGatewayHTTPRouteConfig. */
export class GatewayRouteTable {
  private readonly hosts: HostIndex<GatewayVirtualHost>;

  constructor(servers: readonly GatewayServer[], sources: RouteSources) {
    const drafts = new TableDraft(servers, sources).virtualHosts();
    this.hosts = new HostIndex(drafts.length > 0 ? drafts : blackhole(servers));
  }

  /** L-12: by the Host header without its port, the exact name first, then the longest wildcard. */
  virtualHost(authority: string): GatewayVirtualHost | undefined {
    return this.hosts.mostSpecific(authority.toLowerCase().replace(/:\d+$/, ''))[0];
  }
}

/** A table without any virtual host answers 404 to everything. */
function blackhole(servers: readonly GatewayServer[]): readonly (readonly [string, GatewayVirtualHost])[] {
  const number = servers[0]?.number ?? 0;
  return [['*', { name: `blackhole:${number}`, routes: [], portOf: () => number, redirect: undefined }]];
}

interface HostDraft {
  readonly name: string;
  readonly lists: RouteList[];
  redirect: Reason | undefined;
}

class TableDraft {
  private readonly sources: RouteSources;
  private readonly drafts = new Map<string, HostDraft>();
  /** Routes are made once for each VirtualService and Gateway. */
  private readonly made = new Map<string, Map<RouteConfig, RouteList>>();

  constructor(servers: readonly GatewayServer[], sources: RouteSources) {
    this.sources = sources;
    for (const server of servers) this.add(server);
  }

  virtualHosts(): readonly (readonly [string, GatewayVirtualHost])[] {
    const names = this.sharedNames();
    return [...this.drafts].map(([host, draft]) => [host, virtualHost(draft, names.get(draft) ?? draft.name)] as const);
  }

  private add(server: GatewayServer): void {
    for (const config of this.sources.routesFor(server.gateway, server.hosts)) {
      const hosts = hostIntersection(admittedHosts(server.hosts, config.namespace), config.hosts);
      const list = hosts.length > 0 ? this.routesOf(server, config) : undefined;
      if (!list || list.routes.length === 0) continue;
      for (const host of hosts) this.append(host.toLowerCase(), server, list);
    }
    if (!server.redirectsToHttps) return;
    for (const host of server.hosts) this.redirect(host.toLowerCase(), server);
  }

  private routesOf(server: GatewayServer, config: RouteConfig): RouteList {
    const ofGateway = this.made.get(server.gateway) ?? new Map<RouteConfig, RouteList>();
    this.made.set(server.gateway, ofGateway);
    const known = ofGateway.get(config);
    if (known) return known;
    const { namespace, labels } = this.sources.proxy;
    const port = server.number;
    const list = { routes: routesFor(config, { namespace, labels, gateways: new Set([server.gateway]), port }), port };
    ofGateway.set(config, list);
    return list;
  }

  private append(host: string, server: GatewayServer, list: RouteList): void {
    const draft = this.drafts.get(host) ?? { name: `${host}:${server.number}`, lists: [], redirect: undefined };
    this.drafts.set(host, draft);
    draft.lists.push(list);
    if (server.redirectsToHttps) draft.redirect ??= server.at;
  }

  private redirect(host: string, server: GatewayServer): void {
    const draft = this.drafts.get(host);
    if (draft) draft.redirect ??= server.at;
    else this.drafts.set(host, { name: `${host}:${server.number}`, lists: [], redirect: server.at });
  }

  /** Hosts with the same routes are one virtual host, called after the most specific of them (collapseDuplicateRoutes). */
  private sharedNames(): ReadonlyMap<HostDraft, string> {
    const ids = new Map<RouteList, number>();
    const names = new Map<HostDraft, string>();
    const known = new Map<string, HostDraft>();
    for (const [, draft] of [...this.drafts].sort(([a], [b]) => moreSpecific(a, b))) {
      for (const list of draft.lists) if (!ids.has(list)) ids.set(list, ids.size);
      const key = draft.lists.map((list) => ids.get(list)).join();
      const first = known.get(key);
      if (first && Boolean(first.redirect) === Boolean(draft.redirect)) names.set(draft, first.name);
      else known.set(key, draft);
    }
    return names;
  }
}

/** G-7: routes in the order of the VirtualServices, those that take everything last. */
function virtualHost({ lists, redirect }: HostDraft, name: string): GatewayVirtualHost {
  const ports = new Map(lists.flatMap(({ routes, port }) => routes.map((route) => [route, port] as const)));
  const [some, all] = [[...ports.keys()].filter((route) => !takesAll(route)), [...ports.keys()].filter(takesAll)];
  return { name, routes: [...some, ...all], portOf: (route) => ports.get(route) ?? 0, redirect };
}

function takesAll({ match }: HttpRoute): boolean {
  return !match || isCatchAll(match);
}

/** N-4. */
function moreSpecific(a: string, b: string): number {
  const [wildA, wildB] = [a.startsWith('*'), b.startsWith('*')];
  if (wildA !== wildB) return Number(wildA) - Number(wildB);
  return b.length - a.length || compareText(a, b);
}
