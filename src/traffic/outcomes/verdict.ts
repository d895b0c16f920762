import { farEndExpects } from '../../mesh/far-end.ts';
import type { Connection } from '../terms/connection.ts';
import type { Decision } from '../terms/decision.ts';
import type { ProxyNode } from '../terms/proxy-node.ts';
import type { ConnectionPath, Delivery, Hop, OutcomeName } from './outcome.ts';

/** How a path ends: what {@link ConnectionPath} has beside its hops. */
export type Ending = Pick<ConnectionPath, 'outcome'> &
  Partial<Pick<ConnectionPath, 'code' | 'flag' | 'at' | 'detail' | 'delivered' | 'because' | 'confidence'>>;

/** T-7: what the client gets where a connection breaks behind a proxy: a status if one of the proxies speaks HTTP to it, else its connection breaks too. */
export function breaksBehind(hops: readonly Hop[]): { readonly code?: number; readonly flag?: string } {
  return hops.some(({ decision }) => decision.chain === 'http') ? { code: 503, flag: 'UF' } : {};
}

/** How it ends where TLS, or bytes that are no HTTP, reach a chain that reads HTTP. The proxy answers its own client with a 400; another proxy sees a handshake fail. */
export function unreadable(connection: Connection, before: readonly Hop[]): { readonly code?: number; readonly flag?: string } {
  const [outer] = connection.tls;
  return outer && outer.by !== 'client' ? breaksBehind(before) : { code: 400, flag: 'DPE' };
}

/**
 * How it ends where no cluster is needed for the answer.
 * @param before the proxies that the connection has passed
 */
export function endingOf(decision: Decision, connection: Connection, at: ProxyNode['kind'], before: readonly Hop[]): Ending | undefined {
  const { action, chain } = decision;
  switch (action.do) {
    case 'forward':
    case 'passthrough':
    case 'resolve':
    case 'tunnel':
      return undefined;
    case 'block':
      return chain === 'http' ? { outcome: 'blocked', code: 502, at } : { outcome: 'blocked', flag: 'UH', at };
    case 'answer':
      return { outcome: 'proxy-answer', code: action.status, at, detail: action.detail };
    case 'no-route':
      return { outcome: 'no-route', code: 404, flag: 'NR', at };
    case 'close':
      return { outcome: 'no-filter-chain', flag: 'NR', at, ...breaksBehind(before) };
    case 'protocol-error':
      return { outcome: 'protocol-error', at, ...unreadable(connection, before) };
    case 'plaintext-to-tls':
      return { outcome: 'plaintext-to-tls', at, ...breaksBehind(before) };
    case 'handshake-failed':
      return { outcome: 'handshake-failed', at, detail: action.why, ...breaksBehind(before) };
    case 'refuse':
      return { outcome: 'refused', at, ...breaksBehind(before) };
    case 'reject':
      return { outcome: 'rejected', at, detail: action.why };
    default:
      return action satisfies never;
  }
}

/** How it ends at a server outside of the mesh. */
export function endingOutside(delivered: Delivery, hops: readonly Hop[]): Ending {
  if (hops.at(-1)?.clusterName === 'PassthroughCluster') return { outcome: 'passthrough', delivered };
  const { tls } = delivered;
  const failure = failureOutside(delivered);
  const outcome = tls.length > 1 ? 'double-tls' : (failure ?? outcomeOf(delivered, hops));
  const isSeenByProxy = failure === 'handshake-failed' || failure === 'protocol-error';
  return { outcome, delivered, ...(isFailure(outcome) && { at: 'server' as const }), ...(isSeenByProxy && breaksBehind(hops)) };
}

/** D-8, T-3, T-5: what a server outside does not take. Its certificate is not of the mesh; what it expects is the custom of its port. */
function failureOutside({ tls, port }: Delivery): OutcomeName | undefined {
  if (tls[0]?.verifies === 'mesh') return 'handshake-failed';
  const expected = farEndExpects(port);
  if (expected === 'plaintext' && tls.length > 0) return 'protocol-error';
  return expected === 'tls' && tls.length === 0 ? 'plaintext-to-tls' : undefined;
}

function outcomeOf({ tls }: Delivery, hops: readonly Hop[]): OutcomeName {
  if (hops.some(({ proxy }) => proxy.kind === 'gateway' || proxy.kind === 'waypoint')) return 'gateway';
  return tls.some(({ by }) => by !== 'client') ? 'originated' : 'direct';
}

/** How it ends in a Pod: mesh mTLS around the client's own TLS is as it should be, if a sidecar takes the outer layer off. */
export function endingInPod(delivered: Delivery): Ending {
  const { tls, toSidecar } = delivered;
  const isDouble = tls.length > 1 && !(toSidecar && tls[0]?.certificate === 'mesh');
  return isDouble ? { outcome: 'double-tls', at: 'server', delivered } : { outcome: 'mesh', delivered };
}

function isFailure(outcome: OutcomeName): boolean {
  return outcome === 'double-tls' || outcome === 'plaintext-to-tls' || outcome === 'protocol-error' || outcome === 'handshake-failed';
}
