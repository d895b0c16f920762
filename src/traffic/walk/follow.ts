import { protocolGroup } from '../../mesh/protocol.ts';
import type { Cluster } from '../clusters/cluster.ts';
import { type Clusters, clusterName } from '../clusters/clusters.ts';
import type { PeerAuthentications } from '../clusters/peer-authentications.ts';
import type { Pod, Pods } from '../clusters/pods.ts';
import type { ConnectionPath, Delivery, Hop } from '../outcomes/outcome.ts';
import { breaksBehind, type Ending, endingInPod, endingOf, endingOutside, unreadable } from '../outcomes/verdict.ts';
import type { LayerVerdict } from '../policy/layer-verdict.ts';
import type { Layers } from '../policy/layers.ts';
import type { ClusterDns } from '../services/cluster-dns.ts';
import { isAutomaticAddress, isIpAddress } from '../terms/address.ts';
import type { Connection } from '../terms/connection.ts';
import type { Decision, WeightedCluster } from '../terms/decision.ts';
import type { ProxyNode } from '../terms/proxy-node.ts';
import type { ProxyScope } from '../terms/proxy-scope.ts';
import type { ServicePort } from '../terms/service.ts';
import { inboundFailure } from './inbound.ts';
import { NO_TLS, namedEndpoint, sendThrough } from './send.ts';

/** What the walk asks. */
export interface FollowSources {
  readonly scopeOf: (proxy: ProxyNode) => ProxyScope;
  readonly clusters: Clusters;
  readonly pods: Pods;
  readonly dns: ClusterDns;
  readonly peers: PeerAuthentications;
  readonly trustDomain: string;
  readonly layers: Layers;
  /** The port of a Service that leads to a port of a Pod. */
  readonly inboundPort: (pod: Pod, port: number) => ServicePort | undefined;
}

/** A connection on its way. */
interface Way {
  /** The Pod that sends it on. */
  readonly sender: ProxyNode;
  readonly hops: readonly Hop[];
  /** Percent. */
  readonly share: number;
  /** The address or name that the client has dialled. */
  readonly dialled: string;
  /** The name that it has dialled. */
  readonly host: string;
}

/** L-5: the cluster of ALLOW_ANY_DYNAMIC_DNS. */
const RESOLVED = 'AllowAnyDynamicDNSCluster';

/** After so many proxies it is a loop. */
const MOST_HOPS = 7;

/** The walk of a connection from proxy to proxy (docs/traffic-model.md; the rules of each proxy are those of its {@link ProxyScope}). */
export class Follower {
  private readonly sources: FollowSources;

  constructor(sources: FollowSources) {
    this.sources = sources;
  }

  /**
   * All ways that a connection can take, those that take the largest share first.
   * @param proxy whose application opens it, or the gateway that it reaches
   * @param dialled the address that was dialled, where it is known; else the name
   */
  follow(proxy: ProxyNode, connection: Connection, dialled: string): readonly ConnectionPath[] {
    const way: Way = { sender: proxy, hops: [], share: 100, dialled, host: connection.host };
    const past = proxy.kind === 'sidecar' ? this.sources.layers.captureVerdict(proxy, connection) : undefined;
    const paths = past ? this.passBy(past, connection, way) : this.enter(proxy, connection, way);
    return [...paths].sort((a, b) => b.share - a.share);
  }

  /** M-3: no proxy sees it before it arrives. */
  private passBy({ why, because, confidence }: LayerVerdict, connection: Connection, way: Way): readonly ConnectionPath[] {
    const outside: Ending = { outcome: 'uncaptured', detail: why, because: because[0], confidence };
    return this.arrive(connection, way).map((path) =>
      path.hops.length > 0 || path.delivered?.pod || path.at === 'network' || path.at === 'inbound' ? path : { ...path, ...outside },
    );
  }

  /** The connection reaches a proxy. */
  private enter(proxy: ProxyNode, connection: Connection, way: Way): readonly ConnectionPath[] {
    if (way.hops.length >= MOST_HOPS) return [endOf(upToSecondRound(way), { outcome: 'loop', at: proxy.kind })];
    const scope = this.sources.scopeOf(proxy);
    const decision = scope.decide(connection);
    const hop: Hop = { proxy, connection, decision, clusterName: undefined, cluster: undefined, tls: undefined, endpoint: undefined };
    const passedOn = opened(connection, decision);
    const denied = proxy.kind === 'gateway' ? this.sources.layers.deniedAtGateway(proxy, decision, connection, way.sender) : undefined;
    const ending = denied ?? endingOf(decision, passedOn, proxy.kind, way.hops);
    if (ending) return [endOf(withHop(way, blackHoled(hop)), ending)];
    const { action } = decision;
    if (action.do === 'tunnel') return this.enter(action.to, passedOn, withHop(way, hop));
    if (action.do === 'resolve') return this.resolve(passedOn, hop, way);
    if (action.do !== 'forward') return this.arrive(passedOn, withHop(way, passedThrough(hop)));
    return action.to.flatMap((to) => this.leave(scope, to, hop, rewritten(passedOn, decision, to), { ...way, share: (way.share * to.share) / 100 }));
  }

  /** The proxy looks up the name in the Host header. */
  private resolve(connection: Connection, hop: Hop, way: Way): readonly ConnectionPath[] {
    const endpoint = namedEndpoint(connection.http?.authority ?? connection.host, connection.port);
    const next = { ...connection, ip: endpoint.address, host: endpoint.address, port: endpoint.port };
    return this.arrive(next, withHop(way, { ...hop, clusterName: RESOLVED, endpoint, tls: NO_TLS }));
  }

  /** The proxy sends it through a cluster. */
  private leave(scope: ProxyScope, { cluster: key }: WeightedCluster, hop: Hop, connection: Connection, way: Way): readonly ConnectionPath[] {
    const cluster = this.sources.clusters.of(scope, key);
    const here = { ...hop, clusterName: clusterName(key), cluster };
    const isHttp = hop.decision.chain === 'http';
    const at = hop.proxy.kind;
    if ('missing' in cluster) {
      const code = hop.decision.isGatewayApi ? 500 : 503;
      return [endOf(withHop(way, here), { outcome: 'no-cluster', flag: 'NC', at, ...(isHttp && { code }) })];
    }
    const sent = sendThrough(cluster, connection, hop.decision, at);
    if (sent.length === 0) return [endOf(withHop(way, here), { outcome: 'no-endpoints', flag: 'UH', at, ...(isHttp && { code: 503 }) })];
    return sent.flatMap(({ connection: next, tls, endpoint, share }) =>
      this.arrive(next, withHop({ ...way, share: way.share * share }, { ...here, tls, endpoint })),
    );
  }

  /** It reaches an address: a Service of Kubernetes, a Pod, or a server outside. */
  private arrive(connection: Connection, way: Way): readonly ConnectionPath[] {
    const address = this.addressOf(connection.ip);
    if (address === undefined) return this.leaveMesh(connection, way);
    const service = this.sources.dns.at(address);
    if (service) {
      const port = service.ports.find(({ number }) => number === connection.port);
      const [pod] = this.sources.pods.behind(service);
      if (!port || !pod) return [endOf(way, { outcome: 'refused', at: 'network' })];
      return this.reach(pod, { ...connection, ip: pod.address, port: this.sources.pods.portOf(pod, port) }, way);
    }
    const pod = this.sources.pods.at(address);
    if (pod) return this.reach(pod, { ...connection, ip: address }, way);
    if (isAutomaticAddress(address)) return [endOf(way, { outcome: 'refused', at: 'network', ...breaksBehind(way.hops) })];
    return this.leaveMesh(connection, way);
  }

  private leaveMesh(connection: Connection, way: Way): readonly ConnectionPath[] {
    const ip = connection.ip !== undefined && isIpAddress(connection.ip) ? connection.ip : undefined;
    const dropped = this.sources.layers.dropped(way.sender, { ip }, connection.port, way.hops);
    return [endOf(way, dropped ?? endingOutside(deliveryOf(connection, way), way.hops))];
  }

  /** Names are looked up by the proxy that sends to them: no namespace completes short ones. */
  private addressOf(ip: string | undefined): string | undefined {
    if (ip === undefined || isIpAddress(ip)) return ip;
    const resolved = this.sources.dns.resolve(ip, undefined);
    if (resolved?.leadsTo !== 'service') return undefined;
    return resolved.service.address ?? this.sources.pods.behind(resolved.service)[0]?.address;
  }

  private reach(pod: Pod, connection: Connection, way: Way): readonly ConnectionPath[] {
    const dropped = this.sources.layers.dropped(way.sender, { pod }, connection.port, way.hops);
    if (dropped) return [endOf(way, dropped)];
    if (pod.kind === 'gateway') return this.enter(proxyOf(pod, 'gateway'), connection, way);
    const delivered = deliveryTo(pod, connection, way);
    // what ambient's proxies send to Pods comes through a tunnel of mTLS, which is no part of the connection.
    const isTunneled = way.sender.kind === 'ztunnel' || way.sender.kind === 'waypoint';
    if (pod.kind === 'none' || isTunneled) return [endOf(way, endingInPod(delivered))];
    const { peers, trustDomain, inboundPort } = this.sources;
    const port = inboundPort(pod, connection.port);
    const isHttp = isHttpPort(port);
    const failure = inboundFailure(pod, connection, { peers, trustDomain, isHttp });
    if (!failure) return [endOf(way, this.deniedInPod(pod, connection, port, way) ?? endingInPod(delivered))];
    const { outcome, why: detail, layer, because } = failure;
    const seen = outcome === 'protocol-error' ? unreadable({ ...connection, tls: layer ? [layer] : [] }, way.hops) : breaksBehind(way.hops);
    return [endOf(way, { outcome, at: 'inbound', detail, because, ...(outcome === 'no-filter-chain' && { flag: 'NR' }), ...seen })];
  }

  /** P-2: what the Pod's own sidecar is told of requests, on ports that are declared as HTTP or sniffed; of connections elsewhere. */
  private deniedInPod(pod: Pod, connection: Connection, port: ServicePort | undefined, way: Way): Ending | undefined {
    const isRead =
      isHttpPort(port) || (connection.http !== undefined && (!port || port.protocol === 'auto') && connection.tls.every(({ by }) => by !== 'client'));
    return this.sources.layers.deniedInPod(pod, isRead ? 'http' : 'tcp', connection, way.sender);
  }
}

/** A Pod as the one that configuration is made for. */
export function proxyOf({ namespace, name, labels, serviceAccount }: Pod, kind: ProxyNode['kind']): ProxyNode {
  return { kind, namespace, name, labels, serviceAccount };
}

function endOf(way: Way, { outcome, code, flag, at, detail, delivered, because, confidence }: Ending): ConnectionPath {
  return { hops: way.hops, share: way.share, outcome, code, flag, at, detail, delivered, because, confidence };
}

function withHop(way: Way, hop: Hop): Way {
  return { ...way, sender: hop.proxy, hops: [...way.hops, hop] };
}

function upToSecondRound(way: Way): Way {
  const first = way.hops.findIndex(({ proxy }) => proxy.kind === 'gateway');
  return { ...way, hops: way.hops.slice(0, first + 2) };
}

function blackHoled(hop: Hop): Hop {
  const { action, chain } = hop.decision;
  return action.do === 'block' && chain !== 'http' ? { ...hop, clusterName: 'BlackHoleCluster' } : hop;
}

function passedThrough(hop: Hop): Hop {
  const { ip, port, host } = hop.connection;
  return { ...hop, clusterName: 'PassthroughCluster', endpoint: { address: ip ?? host, port } };
}

/** The outermost TLS taken off, where the proxy terminates it. */
function opened(connection: Connection, { terminates, action }: Decision): Connection {
  const isOpen = terminates !== undefined && action.do !== 'plaintext-to-tls' && action.do !== 'handshake-failed';
  return isOpen ? { ...connection, tls: connection.tls.slice(1) } : connection;
}

/** */
function rewritten(connection: Connection, { authority: ofRoute, path }: Decision, { authority = ofRoute }: WeightedCluster): Connection {
  const { http } = connection;
  if (!http || (authority === undefined && path === undefined)) return connection;
  return { ...connection, http: { ...http, authority: authority ?? http.authority, path: path ?? http.path } };
}

function isHttpPort(port: ServicePort | undefined): boolean {
  return port !== undefined && protocolGroup(port.protocol) === 'http';
}

function deliveryOf(connection: Connection, way: Way): Delivery {
  const last = way.hops.at(-1);
  const isOriginal = isOriginalDestination(last);
  return {
    host: isOriginal ? way.dialled : (last?.endpoint?.address ?? connection.host),
    port: connection.port,
    isOriginal,
    pod: undefined,
    tls: connection.tls,
    toSidecar: false,
    authority: readableAuthority(connection),
  };
}

/** Pods are named by the host of the cluster through which they are reached. */
function deliveryTo(pod: Pod, connection: Connection, way: Way): Delivery {
  const last = way.hops.at(-1);
  const cluster = last?.cluster && !('missing' in last.cluster) ? last.cluster : undefined;
  const toSidecar = pod.kind === 'sidecar';
  const isOriginal = !toSidecar && isOriginalDestination(last);
  const host = isOriginal ? way.dialled : (cluster?.key.host ?? way.host);
  return { host, port: connection.port, isOriginal, pod, tls: connection.tls, toSidecar, authority: readableAuthority(connection) };
}

function isOriginalDestination(hop: Hop | undefined): boolean {
  if (!hop?.cluster) return hop?.clusterName !== RESOLVED;
  const cluster: Partial<Cluster> = hop.cluster;
  return cluster.type === 'ORIGINAL_DST';
}

/** The last proxy could read the Host header if none of the client's own TLS was left. */
function readableAuthority({ http, tls }: Connection): string | undefined {
  return tls.at(-1)?.by === 'client' ? undefined : http?.authority;
}
