import { type Protocol, type ProtocolGroup, protocolGroup } from '../../mesh/protocol.ts';
import { isBlock } from '../terms/address.ts';
import type { Service } from '../terms/service.ts';
import type { EgressListener } from './egress-listener.ts';
import { conditionOf, type FilterChain } from './filter-chain.ts';
import { type ChainRequest, registration, tcpChains } from './tcp-chains.ts';

/** Bound to no address in particular. */
export const ANY_ADDRESS = '0.0.0.0';

/** A listener while it is put together. */
export interface ListenerEntry {
  /** An address, or {@link ANY_ADDRESS}. */
  readonly bind: string;
  readonly chains: FilterChain[];
  /** The service whose requests alone it routes (L-4); undefined where Host tells. */
  sniffedFor: Service | undefined;
  /** L-11: the address of this Pod; its own proxy has no such listener. */
  readonly endpoint: { readonly name: string; readonly namespace: string } | undefined;
}

interface Draft extends ListenerEntry {
  protocol: Protocol;
  /** S-10: put together for a port that a Sidecar names; nothing is added. */
  isLocked: boolean;
  readonly conditions: Set<string>;
}

/** One endpoint of a service with an address of its own, as listeners for headless services need it (L-11). */
export interface BoundEndpoint {
  readonly address: string;
  readonly pod: { readonly name: string; readonly namespace: string } | undefined;
}

/** What the listeners of one port are put together from. */
export interface PortSources extends Pick<ChainRequest, 'client' | 'clusterDomain' | 'known'> {
  readonly listeners: readonly EgressListener[];
  /** L-14: the address at which a client knows a service. */
  readonly addressOf: (service: Service) => string | undefined;
  readonly endpointsOf: (service: Service, port: number) => readonly BoundEndpoint[];
}

/** Taken by the proxy itself, where a listener takes connections to any address (L-13). */
const OWN_PORTS: ReadonlySet<number> = new Set([15_001, 15_006, 15_021, 15_090]);

/**
 * The outbound listeners of a sidecar on one port, by the address that they are bound to (L-3, L-9 to L-11, S-8 to S-11).
 * Istio: pilot/pkg/networking/core/listener.go, buildSidecarOutboundListeners.
 */
export function listenerEntries(port: number, sources: PortSources): ReadonlyMap<string, ListenerEntry> {
  const drafts = new Map<string, Draft>();
  for (const listener of sources.listeners) {
    if (listener.port) {
      if (listener.port.number === port) for (const service of listener.services) addService(drafts, { service, port: listener.port, listener, sources });
      continue;
    }
    for (const draft of drafts.values()) draft.isLocked = true;
    for (const service of listener.servicesOn(port)) {
      const protocols = service.ports.filter(({ number }) => number === port);
      for (const { number, protocol } of protocols) addOrdinary(drafts, { service, port: { number, protocol }, listener, sources });
    }
  }
  return drafts;
}

interface Incoming {
  readonly service: Service;
  readonly port: { readonly number: number; readonly protocol: Protocol };
  readonly listener: EgressListener;
  readonly sources: PortSources;
  /** L-11. */
  readonly endpoint?: BoundEndpoint;
}

/** L-11: without an address of its own, a service that goes where the client dialled has a listener for each endpoint. */
function addOrdinary(drafts: Map<string, Draft>, incoming: Incoming): void {
  const { service, port, listener, sources } = incoming;
  const group = protocolGroup(port.protocol);
  const isPerEndpoint = listener.bind === undefined && service.resolution === 'NONE' && sources.addressOf(service) === undefined;
  const endpoints = isPerEndpoint && (group === 'tcp' || group === 'tls' || group === 'auto') ? sources.endpointsOf(service, port.number) : undefined;
  if (!endpoints || (service.registry === 'external' && endpoints.length === 0 && service.selector === undefined)) {
    addService(drafts, incoming);
    return;
  }
  for (const endpoint of endpoints) if (!isName(endpoint.address)) addService(drafts, { ...incoming, endpoint });
}

/** A name that has to be looked up, as opposed to an address or what stands for one. */
function isName(address: string): boolean {
  return !/^[\d.]+$|:/.test(address);
}

/** Istio: listener.go, buildSidecarOutboundListener. */
function addService(drafts: Map<string, Draft>, incoming: Incoming): void {
  const { service, port, sources } = incoming;
  const group = protocolGroup(port.protocol);
  if (service.resolution === 'ALIAS' || group === 'udp') return;
  const address = sources.addressOf(service);
  const bind = bindOf(incoming, group, address);
  if (bind === ANY_ADDRESS && OWN_PORTS.has(port.number) && (incoming.listener.bind !== undefined || group === 'http')) return;
  const current = drafts.get(bind);
  if (current?.isLocked) return;
  if (group === 'http' && current && !isTcp(current.protocol)) return;
  if (current && sharesBadly(port.protocol, current.protocol)) return;
  const chains = chainsOf(incoming, group, bind, address, current);
  if (!current || (group === 'auto' && protocolGroup(current.protocol) === 'http')) {
    drafts.set(bind, draftOf(incoming, group, bind, chains));
    return;
  }
  if (group !== 'tcp' && group !== 'tls') current.sniffedFor ??= sniffedFor(incoming, group, bind);
  if (!isTcp(current.protocol) || group === 'http' || group === 'auto') current.protocol = 'auto';
  for (const chain of chains) {
    const condition = conditionOf(chain);
    if (current.conditions.has(condition)) continue;
    current.conditions.add(condition);
    current.chains.push(chain);
  }
}

function bindOf({ listener, endpoint }: Incoming, group: ProtocolGroup, address: string | undefined): string {
  if (endpoint) return endpoint.address;
  if (listener.bind !== undefined) return listener.bind;
  return group === 'http' || address === undefined || isBlock(address) ? ANY_ADDRESS : address;
}

function isTcp(protocol: Protocol): boolean {
  const group = protocolGroup(protocol);
  return group === 'tcp' || group === 'tls';
}

/** L-10: servers of these protocols speak first, and nothing may wait for what the client says. */
function sharesBadly(a: Protocol, b: Protocol): boolean {
  return a !== b && [a, b].some((protocol) => protocol === 'Mongo' || protocol === 'MySQL');
}

function draftOf(incoming: Incoming, group: ProtocolGroup, bind: string, chains: readonly FilterChain[]): Draft {
  const { port, endpoint } = incoming;
  return {
    bind,
    chains: [...chains],
    conditions: new Set(chains.map(conditionOf)),
    // HTTP at any address shares its port with all that is not HTTP.
    protocol: group === 'http' && bind === ANY_ADDRESS && port.protocol !== 'HTTP_PROXY' ? 'auto' : port.protocol,
    isLocked: false,
    sniffedFor: sniffedFor(incoming, group, bind),
    endpoint: endpoint?.pod,
  };
}

/** L-4. */
function sniffedFor({ service }: Incoming, group: ProtocolGroup, bind: string): Service | undefined {
  return group === 'auto' && bind !== ANY_ADDRESS ? service : undefined;
}

function chainsOf(incoming: Incoming, group: ProtocolGroup, bind: string, address: string | undefined, current: Draft | undefined): readonly FilterChain[] {
  const { service, port, sources, listener } = incoming;
  const reasons = registration(service, port.number);
  const detectsHttp = group === 'auto' || (bind === ANY_ADDRESS && port.protocol !== 'HTTP_PROXY');
  const http: FilterChain = { serverNames: [], blocks: [], detectsHttp, does: 'http', reasons };
  if (group === 'http') return [http];
  const tcp = tcpChains({
    service,
    address,
    // Where a Sidecar gives the address, that of the service is not looked at.
    blocks: listener.bind === undefined && address !== undefined && isBlock(address) ? [address] : [],
    port,
    bindsAnywhere: bind === ANY_ADDRESS,
    routes: listener.routesAround(service.host),
    client: sources.client,
    clusterDomain: sources.clusterDomain,
    known: sources.known,
  });
  // Where both are sniffed, the chain for HTTP is there already.
  return group === 'auto' && current?.protocol !== 'auto' ? [...tcp, http] : tcp;
}
