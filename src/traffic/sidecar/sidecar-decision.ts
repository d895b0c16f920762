import type { OutboundPolicy } from '../../mesh/mesh-config.ts';
import { clusterOf, type Destination } from '../routes/destination-cluster.ts';
import { routedRequest } from '../routes/http-action.ts';
import { routeOf } from '../routes/http-routing.ts';
import { asksForTunnel } from '../routes/request-match.ts';
import { matchAt } from '../routes/route-config.ts';
import type { Connection, HttpRequest } from '../terms/connection.ts';
import type { Action, Decision } from '../terms/decision.ts';
import type { ProxyNode } from '../terms/proxy-node.ts';
import { type Reason, within } from '../terms/reason.ts';
import type { Service } from '../terms/service.ts';
import { matchText } from './filter-chain.ts';
import type { OutboundListener } from './outbound-listener.ts';
import type { OutboundView } from './outbound-view.ts';
import { registration } from './tcp-chains.ts';
import type { VirtualHost } from './virtual-hosts.ts';

/** L-5: what is done with connections to what is not known. */
export interface CatchAll {
  readonly policy: OutboundPolicy;
  /** S-12: where a Sidecar sends them instead. */
  readonly egressProxy: Destination | undefined;
  /** Where the policy is written; undefined for Istio's default. */
  readonly at: Reason | undefined;
}

const VIRTUAL_OUTBOUND = 'virtualOutbound';
const OUTBOUND_PORT = 15_001;
const BAD_GATEWAY_HOST = 'block_all';

type Reasons = Decision['reasons'];

/** What a sidecar does with a connection of its workload (L-1 to L-5, L-12, R-8). */
export function decide(connection: Connection, proxy: ProxyNode, view: OutboundView, catchAll: CatchAll): Decision {
  const listener = view.listenerFor(connection.ip, connection.port, ({ endpoint }) => isSame(endpoint, proxy));
  if (!listener) return virtualOutbound(connection, catchAll);
  const base = { listener: listener.name, port: connection.port };
  if (listener.refused) {
    const { why, reasons } = listener.refused;
    return { ...base, match: '', chain: undefined, action: { do: 'reject', why }, reasons };
  }
  const chain = listener.chainFor(connection);
  if (!chain) return { ...base, match: 'default', ...unknownBytes(catchAll) };
  const match = matchText(chain) || 'default';
  if (chain.does !== 'http') {
    return { ...base, match, chain: 'tcp', ...(chain.route && { route: chain.route }), action: { do: 'forward', to: chain.does }, reasons: chain.reasons };
  }
  return { ...base, match, chain: 'http', ...readHttp(connection, { listener, view, proxy, catchAll }) };
}

function isSame(endpoint: OutboundListener['endpoint'], proxy: ProxyNode): boolean {
  return endpoint !== undefined && endpoint.name === proxy.name && endpoint.namespace === proxy.namespace;
}

/** L-5: a port on which nothing is known. */
function virtualOutbound(connection: Connection, catchAll: CatchAll): Decision {
  const base = { listener: VIRTUAL_OUTBOUND, port: OUTBOUND_PORT };
  if (connection.port === OUTBOUND_PORT) return { ...base, match: `port=${OUTBOUND_PORT}`, chain: 'tcp', action: { do: 'block' }, reasons: [] };
  const isLookedUp = catchAll.policy === 'ALLOW_ANY_DYNAMIC_DNS' && connection.tls.length === 0 && connection.http !== undefined;
  if (isLookedUp) return { ...base, match: 'app=http/1.1,h2c', chain: 'http', ...unknownHost(catchAll) };
  return { ...base, match: '', ...unknownBytes(catchAll) };
}

type Outcome = Omit<Decision, 'listener' | 'port' | 'match' | 'chain'>;

/** L-5: what no chain fits. */
function unknownBytes(catchAll: CatchAll): Outcome & { readonly chain: 'tcp' } {
  const action: Action = catchAll.policy === 'REGISTRY_ONLY' ? { do: 'block' } : passedOn(catchAll);
  return { chain: 'tcp', action, reasons: policyReasons(catchAll) };
}

/** L-5: a request for a host that is not known, on a port where requests are read. */
function unknownHost(catchAll: CatchAll): Outcome {
  const reasons = policyReasons(catchAll);
  switch (catchAll.policy) {
    case 'REGISTRY_ONLY':
      return { virtualHost: BAD_GATEWAY_HOST, action: { do: 'block' }, reasons };
    case 'ALLOW_ANY_DYNAMIC_DNS':
      return { virtualHost: 'allow_any_dynamic_dns', action: { do: 'resolve' }, reasons };
    case 'ALLOW_ANY':
      return { virtualHost: 'allow_any', action: passedOn(catchAll), reasons };
    default:
      return catchAll.policy satisfies never;
  }
}

function passedOn({ egressProxy, at }: CatchAll): Action {
  if (!egressProxy) return { do: 'passthrough' };
  return { do: 'forward', to: [{ cluster: clusterOf(egressProxy, undefined, 0), share: 100, at: at && within(at, 'egressProxy') }] };
}

function policyReasons({ at }: CatchAll): Reasons {
  return at ? [{ what: 'says what happens to unknown destinations', at }] : [];
}

interface HttpChain {
  readonly listener: OutboundListener;
  readonly proxy: ProxyNode;
  readonly view: OutboundView;
  readonly catchAll: CatchAll;
}

function readHttp({ tls, http, port }: Connection, { listener, view, proxy, catchAll }: HttpChain): Outcome {
  if (tls.length > 0 || !http) return { action: { do: 'protocol-error' }, reasons: [] };
  if (asksForTunnel(http)) return { action: { do: 'no-route' }, reasons: [] };
  const hosts = view.virtualHosts(port);
  const { sniffedFor } = listener;
  if (sniffedFor) {
    const own = hosts?.ofService(sniffedFor);
    return own ? routed(own, http, port, view) : { action: { do: 'no-route' }, reasons: registration(sniffedFor, port) };
  }
  const virtualHost = hosts?.for(withoutPort(http.authority), proxy.namespace, view.clusterDomain);
  return virtualHost ? routed(virtualHost, http, port, view) : unknownHost(catchAll);
}

/** L-12: the port in a Host header does not count. */
function withoutPort(authority: string): string {
  return authority.replace(/(?<=.):\d+$/, '');
}

function routed({ name, routes, service }: VirtualHost, request: HttpRequest, port: number, view: OutboundView): Outcome {
  const reasons = service ? registration(service, port) : [];
  if (!routes) {
    // Only a service has a virtual host without routes of a VirtualService.
    const cluster = { host: service?.host ?? '', port, subset: '' };
    return { virtualHost: name, action: { do: 'forward', to: [{ cluster, share: 100, at: service?.at }] }, reasons };
  }
  const route = routeOf(routes, request);
  const [first] = routes;
  if (!route)
    return {
      virtualHost: name,
      action: { do: 'no-route' },
      reasons: first ? [...reasons, { what: 'has no route for the request', at: first.config.at }] : reasons,
    };
  const at = matchAt(route.at, route.matchIndex, route.rule.matchIndex);
  return {
    virtualHost: name,
    route: { name: route.name, at: route.at },
    ...routedRequest(route, request, port, (host) => knownOn(port, view, host)),
    ...(route.config.isGatewayApi && { isGatewayApi: true }),
    reasons: [...reasons, { what: 'routes the request', at }],
  };
}

/** on HTTP routes only services with the listener's port are known, and that port alone. */
function knownOn(port: number, view: OutboundView, host: string): Service | undefined {
  return view.virtualHosts(port)?.registeredAs(host);
}
