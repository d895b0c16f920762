import { isWildcard } from '../../mesh/host-name.ts';
import { type Protocol, protocolGroup } from '../../mesh/protocol.ts';
import { isSelectedBy } from '../../mesh/workloads.ts';
import type { VirtualService } from '../../resources/virtual-service.ts';
import { clustersOf } from '../routes/destination-cluster.ts';
import { matchAt, type RouteConfig } from '../routes/route-config.ts';
import { shortNames } from '../services/short-names.ts';
import { isBlock } from '../terms/address.ts';
import type { WeightedCluster } from '../terms/decision.ts';
import type { Placed, Reason } from '../terms/reason.ts';
import type { Labels, Service } from '../terms/service.ts';
import type { FilterChain } from './filter-chain.ts';

type TlsRule = VirtualService['spec']['tls'][number];
type TcpRule = VirtualService['spec']['tcp'][number];

/** For which port of which service chains are built, and for whom. */
export interface ChainRequest {
  readonly service: Service;
  readonly address: string | undefined;
  /** The blocks of addresses that the listener tells apart by itself. */
  readonly blocks: readonly string[];
  /** The port of the listener, which a Sidecar may declare otherwise than the service (S-8). */
  readonly port: { readonly number: number; readonly protocol: Protocol };
  /** Whether the listener takes connections to any address. */
  readonly bindsAnywhere: boolean;
  /** the routes that have a name in common with the service's host, in order. */
  readonly routes: readonly RouteConfig[];
  readonly client: { readonly namespace: string; readonly labels: Labels };
  readonly clusterDomain: string;
  /** What a destination's host is known as to the client. */
  readonly known: (host: string) => Service | undefined;
}

/** The chains that a service gets on a port that is not HTTP: by server name where the port is declared TLS (L-6, R-4), else by address only (L-7, R-5). */
export function tcpChains(request: ChainRequest): readonly FilterChain[] {
  return protocolGroup(request.port.protocol) === 'tls' ? tlsPortChains(request) : tcpPortChains(request);
}

/** R-4, L-6. Istio: pilot/pkg/networking/core/tls.go, buildSidecarOutboundTLSFilterChainOpts. */
function tlsPortChains(request: ChainRequest): readonly FilterChain[] {
  let { blocks } = request;
  const chains = new Map<string, FilterChain>();
  for (const { rule, match, index } of tlsMatches(request.routes)) {
    if (rule.value.route.length === 0 || !isMeantFor(match, request)) continue;
    // Kept for the matches that follow, in Istio too.
    if (match.destinationSubnets.length > 0) blocks = match.destinationSubnets;
    const key = `${match.sniHosts.join(',')}|${match.destinationSubnets.join(',')}`;
    if (chains.has(key)) continue;
    chains.set(key, routed(rule, request, index, { serverNames: match.sniHosts, blocks }));
  }
  if (chains.size > 0) return [...chains.values()];
  return [direct(request, { serverNames: ownServerNames(request, blocks), blocks })];
}

function* tlsMatches(
  routes: readonly RouteConfig[],
): Iterable<{ readonly rule: Placed<TlsRule>; readonly match: TlsRule['match'][number]; readonly index: number }> {
  for (const { tls } of routes) {
    for (const rule of tls) {
      for (const [index, match] of rule.value.match.entries()) yield { rule, match, index };
    }
  }
}

/** L-6: the host is asked for only where the address does not tell which service is meant. */
function ownServerNames({ service, address, bindsAnywhere, client, clusterDomain }: ChainRequest, blocks: readonly string[]): readonly string[] {
  const isToldByAddress = blocks.length === 0 && (address === undefined ? !bindsAnywhere : !isBlock(address));
  if (isToldByAddress && !(isWildcard(service.host) && service.resolution === 'DYNAMIC_DNS')) return [];
  return [service.host, ...service.aliases.flatMap((alias) => [alias, ...shortNames(alias, client.namespace, clusterDomain)])];
}

/** R-5, L-7. Istio: tls.go, buildSidecarOutboundTCPFilterChainOpts. */
function tcpPortChains(request: ChainRequest): readonly FilterChain[] {
  const { blocks } = request;
  const chains: FilterChain[] = [];
  let hasOwnBlock = false;
  for (const rule of request.routes.flatMap(({ tcp }) => tcp)) {
    if (rule.value.route.length === 0) continue;
    const matches = rule.value.match.map((match, index) => ({ match, index })).filter(({ match }) => isMeantFor(match, request));
    const end = matches.find(({ match }) => match.destinationSubnets.length === 0);
    if (rule.value.match.length === 0 || end) return [...chains, routed(rule, request, end?.index, { serverNames: [], blocks })];
    const subnets = matches.flatMap(({ match }) => match.destinationSubnets);
    if (subnets.length === 0) continue;
    chains.push(routed(rule, request, matches[0]?.index, { serverNames: [], blocks: subnets }));
    // A rule for just the service's own block takes the place of the service's chain.
    hasOwnBlock ||= sameTexts(subnets, blocks);
  }
  return hasOwnBlock ? chains : [...chains, direct(request, { serverNames: [], blocks })];
}

function isMeantFor(
  match: { readonly gateways: readonly string[]; readonly port?: number; readonly sourceLabels: Labels; readonly sourceNamespace?: string },
  { port, client }: ChainRequest,
): boolean {
  if (match.gateways.length > 0 && !match.gateways.includes('mesh')) return false;
  if (match.port && match.port !== port.number) return false;
  return isSelectedBy(client.labels, match.sourceLabels) && (!match.sourceNamespace || match.sourceNamespace === client.namespace);
}

/** What a chain takes. */
type Condition = Pick<FilterChain, 'serverNames' | 'blocks'>;

function routed(
  rule: Placed<TlsRule> | Placed<TcpRule>,
  { port, known, service }: ChainRequest,
  match: number | undefined,
  { serverNames, blocks }: Condition,
): FilterChain {
  const { at } = rule;
  const place = matchAt(at, match, undefined);
  return {
    serverNames,
    blocks,
    detectsHttp: false,
    does: clustersOf(rule, port.number, known),
    route: { name: '', at },
    reasons: [...registration(service, port.number), { what: 'routes the connection', at: place }],
  };
}

/** L-8. */
function direct({ service, port }: ChainRequest, { serverNames, blocks }: Condition): FilterChain {
  const [only, ...more] = service.ports;
  const number = only && more.length === 0 ? only.number : port.number;
  const to: WeightedCluster = { cluster: { host: service.host, port: number, subset: '' }, share: 100, at: service.at };
  return { serverNames, blocks, detectsHttp: false, does: [to], reasons: registration(service, port.number) };
}

/** What makes a host known, and the port of it. */
export function registration({ at, ports }: Service, number: number): readonly { readonly what: string; readonly at: Reason }[] {
  const port = ports.find((candidate) => candidate.number === number);
  return [...(at ? [{ what: 'registers the host', at }] : []), ...(port?.at ? [{ what: 'declares the port', at: port.at }] : [])];
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && [...a].sort().join() === [...b].sort().join();
}
