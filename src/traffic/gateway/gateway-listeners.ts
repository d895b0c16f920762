import { HostIndex } from '../../mesh/host-index.ts';
import { isSubsetOf, overlaps } from '../../mesh/host-name.ts';
import { canonicalGateway } from '../../mesh/match-scope.ts';
import type { RouteConfig } from '../routes/route-config.ts';
import type { TlsLayer } from '../terms/connection.ts';
import type { WeightedCluster } from '../terms/decision.ts';
import type { Placed, Reason } from '../terms/reason.ts';
import { isImpossibleServerName } from '../terms/server-name.ts';
import type { Service } from '../terms/service.ts';
import type { ServerTlsMode } from './gateway-config.ts';
import { type GatewayServer, isPassthrough, type MergedServers, readsHttp, type ServerGroup } from './merged-servers.ts';

/** What a filter chain of a gateway does with the bytes. */
export type ChainContent =
  | { readonly kind: 'http'; readonly routeName: string }
  | { readonly kind: 'tcp'; readonly to: readonly WeightedCluster[]; readonly route: { readonly name: string; readonly at: Reason } | undefined };

export interface GatewayChain {
  readonly server: GatewayServer;
  /** Sorted; none for a chain that takes what no other does. */
  readonly serverNames: readonly string[];
  /** What the client has to offer, for AUTO_PASSTHROUGH; none for any. */
  readonly alpn: readonly string[];
  readonly terminates: ServerTlsMode | undefined;
  readonly content: ChainContent;
}

export interface GatewayListener {
  /** As Envoy names it: `0.0.0.0_8443`. */
  readonly name: string;
  readonly bind: string;
  readonly chains: readonly GatewayChain[];
  /** G-8, L-2: by server name, then by what the client offers to speak. There is no way back, and no default. */
  readonly chainFor: (layer: TlsLayer | undefined) => GatewayChain | undefined;
  /** Why Envoy refuses it, if it does (G-11, R-4). */
  readonly refused: { readonly why: string; readonly reasons: readonly Reason[] } | undefined;
}

export interface ListenerSources {
  readonly servers: MergedServers;
  /** G-4: what is bound to a Gateway (`namespace/name`) and shares a host with one of a list, in the order of V-5. */
  readonly routesFor: (gateway: string, hosts: readonly string[]) => readonly RouteConfig[];
  readonly clustersOf: (route: L4Rule, port: number) => readonly WeightedCluster[];
  /** V-10. */
  readonly services: () => readonly Service[];
}

export type L4Rule = Placed<RouteConfig['tcp'][number]['value'] | RouteConfig['tls'][number]['value']>;
type L4Match = RouteConfig['tcp'][number]['value']['match'][number] | RouteConfig['tls'][number]['value']['match'][number];

/** What a server without `bind` listens on. */
export const EVERY_ADDRESS = '0.0.0.0';

/**
 * The listeners that a gateway has on one port (G-5, G-8): none where no chain comes out, more than one where servers bind to addresses of their own.
 * Istio: pilot/pkg/networking/core/gateway.go, buildGatewayListeners.
 */
export function gatewayListeners(port: number, sources: ListenerSources): readonly GatewayListener[] {
  const chains = new Map<string, GatewayChain[]>();
  const passedOn = new Set<string>();
  for (const group of sources.servers.byPort.get(port) ?? []) {
    const bind = group.bind || EVERY_ADDRESS;
    const list = chains.get(bind) ?? [];
    chains.set(bind, list);
    list.push(...chainsOf(group, sources, passedOn));
  }
  return [...chains].flatMap(([bind, list]) => (list.length === 0 ? [] : [listenerOf(`${bind}_${port}`, bind, list)]));
}

function listenerOf(name: string, bind: string, chains: readonly GatewayChain[]): GatewayListener {
  const byName = new HostIndex(chains.flatMap((chain) => chain.serverNames.map((each) => [each, chain] as const)));
  const nameless = chains.filter(({ serverNames }) => serverNames.length === 0);
  const chainFor = (layer: TlsLayer | undefined): GatewayChain | undefined => {
    const named = layer?.sni ? byName.mostSpecific(layer.sni) : [];
    const fitting = named.length > 0 ? named : nameless;
    return fitting.find(({ alpn }) => alpn.some((protocol) => layer?.alpn.includes(protocol))) ?? fitting.find(({ alpn }) => alpn.length === 0);
  };
  return { name, bind, chains, chainFor, refused: refusalOf(chains) };
}

function chainsOf(group: ServerGroup, sources: ListenerSources, passedOn: Set<string>): readonly GatewayChain[] {
  const [first] = group.servers;
  if (first && readsHttp(first) && first.protocol !== 'HTTPS') {
    return [{ server: first, serverNames: [], alpn: [], terminates: undefined, content: { kind: 'http', routeName: group.routeName } }];
  }
  return group.servers.flatMap((server) => {
    if (server.mode !== undefined && readsHttp(server)) {
      const content = { kind: 'http', routeName: server.routeName } as const;
      return [{ server, serverNames: serverNamesOf(server), alpn: [], terminates: server.mode, content }];
    }
    if (server.mode === 'AUTO_PASSTHROUGH') return automaticChains(server, sources);
    return isPassthrough(server) ? passthroughChains(server, sources, passedOn) : tcpChain(server, sources);
  });
}

/** The SNI of a server's hosts, without their namespaces; none where it takes every name. */
function serverNamesOf({ hosts }: GatewayServer): readonly string[] {
  const names = new Set(hosts.map((host) => host.slice(host.indexOf('/') + 1)));
  return names.has('*') ? [] : [...names].sort();
}

/** The first `tcp` rule takes the whole server: of VirtualServices in their order, of their rules the first that is for this server (G-6). */
function tcpChain(server: GatewayServer, { routesFor, clustersOf }: ListenerSources): readonly GatewayChain[] {
  for (const config of routesFor(server.gateway, server.hosts)) {
    if (!sharesHost(server, config)) continue;
    const rule = config.tcp.find(({ value }) => value.route.length > 0 && holdsForServer(value.match, server, config)) ?? terminatedRule(server, config);
    if (!rule) continue;
    const content = { kind: 'tcp', to: clustersOf(rule, server.number), route: { name: routeSource(config), at: rule.at } } as const;
    const serverNames = server.mode === undefined ? [] : serverNamesOf(server);
    return [{ server, serverNames, alpn: [], terminates: server.mode, content }];
  }
  return [];
}

/** a TLSRoute on a listener that terminates TLS. */
function terminatedRule(server: GatewayServer, config: RouteConfig): L4Rule | undefined {
  if (config.at.resource.type !== 'TLSRoute' || server.mode === undefined) return undefined;
  return config.tls.find(({ value }) => value.match.some((match) => holdsFor(match, server, config)));
}

/** G-5: one chain for each `tls` match. A match with a server name that the port has already is left out. */
function passthroughChains(server: GatewayServer, { routesFor, clustersOf }: ListenerSources, passedOn: Set<string>): readonly GatewayChain[] {
  const chains: GatewayChain[] = [];
  for (const config of routesFor(server.gateway, server.hosts)) {
    if (!sharesHost(server, config)) continue;
    for (const rule of config.tls) {
      if (rule.value.route.length === 0) continue;
      for (const match of rule.value.match) {
        if (!holdsFor(match, server, config)) continue;
        const keys = match.sniHosts.map((host) => `${server.bind} ${host}`);
        if (keys.some((key) => passedOn.has(key))) continue;
        for (const key of keys) passedOn.add(key);
        const serverNames = match.sniHosts.includes('*') ? [] : [...match.sniHosts].sort();
        const content = { kind: 'tcp', to: clustersOf(rule, server.number), route: { name: routeSource(config), at: rule.at } } as const;
        chains.push({ server, serverNames, alpn: [], terminates: undefined, content });
      }
    }
  }
  return chains;
}

const MESH_ALPN: readonly string[] = ['istio-peer-exchange', 'istio', 'istio-http/1.0', 'istio-http/1.1', 'istio-h2'];

/** AUTO_PASSTHROUGH: mTLS of the mesh whose SNI names a cluster of a Service inside of the mesh; for traffic between clusters, not for egress. */
function automaticChains(server: GatewayServer, { services }: ListenerSources): readonly GatewayChain[] {
  const hosts = serverNamesOf(server);
  const fits = (name: string): boolean => hosts.length === 0 || hosts.some((host) => isSubsetOf(name, host));
  return services()
    .filter(({ isMeshExternal, host }) => !isMeshExternal && fits(host))
    .flatMap(({ host, ports, at }) =>
      ports
        .filter(({ protocol }) => protocol !== 'UDP')
        .map(({ number }): GatewayChain => {
          const to = [{ cluster: { host, port: number, subset: '' }, share: 100, at }];
          const serverNames = [`outbound_.${number}_._.${host}`];
          return { server, serverNames, alpn: MESH_ALPN, terminates: undefined, content: { kind: 'tcp', to, route: undefined } };
        }),
    );
}

/** G-4: whether a VirtualService shares a host with a server that admits its namespace. */
function sharesHost({ hosts }: GatewayServer, config: RouteConfig): boolean {
  return admittedHosts(hosts, config.namespace).some((host) => config.hosts.some((own) => overlaps(host, own)));
}

/** G-3: the hosts of a server that VirtualServices of a namespace can use. */
export function admittedHosts(hosts: readonly string[], namespace: string): readonly string[] {
  return hosts.flatMap((host) => {
    const slash = host.indexOf('/');
    if (slash === -1) return [host];
    return host.slice(0, slash) === namespace ? [host.slice(slash + 1)] : [];
  });
}

function holdsForServer(matches: readonly L4Match[], server: GatewayServer, config: RouteConfig): boolean {
  return matches.length === 0 || matches.some((match) => holdsFor(match, server, config));
}

/** G-6: only the server's number and the Gateway are looked at. */
function holdsFor(match: L4Match, { number, gateway }: GatewayServer, { namespace }: RouteConfig): boolean {
  if (match.port && match.port !== number) return false;
  return match.gateways.length === 0 || match.gateways.some((entry) => canonicalGateway(entry, namespace) === gateway);
}

function routeSource({ name, namespace }: RouteConfig): string {
  return `${name}.${namespace}`;
}

/** What makes Envoy refuse a whole listener: a name that it cannot index, or two chains that ask for the same. */
function refusalOf(chains: readonly GatewayChain[]): GatewayListener['refused'] {
  const impossible = chains.find(({ serverNames }) => serverNames.some(isImpossibleServerName));
  if (impossible) return { why: 'server name', reasons: [placeOf(impossible)] };
  const seen = new Map<string, GatewayChain>();
  for (const chain of chains) {
    for (const key of keysOf(chain)) {
      const other = seen.get(key);
      if (other && other !== chain) return { why: 'same match twice', reasons: [placeOf(other), placeOf(chain)] };
      seen.set(key, chain);
    }
  }
  return undefined;
}

function keysOf({ serverNames, alpn }: GatewayChain): readonly string[] {
  const names = serverNames.length === 0 ? [''] : serverNames.map((name) => name.toLowerCase());
  const protocols = alpn.length === 0 ? [''] : alpn;
  return names.flatMap((name) => protocols.map((protocol) => `${name} ${protocol}`));
}

function placeOf({ content, server }: GatewayChain): Reason {
  return content.kind === 'tcp' && content.route && server.mode === 'PASSTHROUGH' ? content.route.at : server.at;
}
