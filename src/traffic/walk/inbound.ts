import type { PeerAuthentications } from '../clusters/peer-authentications.ts';
import type { Pod } from '../clusters/pods.ts';
import type { Connection, TlsLayer } from '../terms/connection.ts';
import { handshakeProblem, spiffeId } from '../terms/handshake.ts';
import type { Reason } from '../terms/reason.ts';

/** Why the inbound side of a Pod does not take a connection. */
export interface InboundFailure {
  readonly outcome: 'no-filter-chain' | 'handshake-failed' | 'protocol-error';
  readonly why: string;
  /** The outermost layer of TLS that was left when it failed. */
  readonly layer: TlsLayer | undefined;
  /** The PeerAuthentication that decided, if one did. */
  readonly because: Reason | undefined;
}

interface Sources {
  readonly peers: PeerAuthentications;
  readonly trustDomain: string;
  /** Whether a Service before the Pod declares the port to be HTTP. */
  readonly isHttp: boolean;
}

/**
 * P-5: what the sidecar of the Pod that is called makes of a connection. Mesh mTLS announces itself by ALPN, and is taken off; what else is TLS is for the
 * application, unless STRICT demands mTLS or the port is declared as HTTP. Istio: pilot/pkg/networking/core/filterchain_options.go.
 * @returns undefined where the application gets it
 */
export function inboundFailure(pod: Pod, connection: Connection, { peers, trustDomain, isHttp }: Sources): InboundFailure | undefined {
  const { mode, at: because } = peers.ofPod(pod, connection.port);
  const [outer, ...inner] = connection.tls;
  const failure = (outcome: InboundFailure['outcome'], why: string, layer = outer): InboundFailure => ({ outcome, why, layer, because });
  if (mode === 'STRICT' && !outer) return failure('no-filter-chain', 'the Pod takes mTLS only, and plaintext arrives');
  const isForSidecar = outer !== undefined && (mode === 'STRICT' || (mode === 'PERMISSIVE' && isMeshTls(outer)));
  if (isForSidecar) {
    const identity = spiffeId(trustDomain, pod.namespace, pod.serviceAccount);
    const problem = handshakeProblem(outer, { presents: 'mesh', demands: 'mesh', identity });
    if (problem !== undefined) return failure('handshake-failed', problem);
  }
  if (!isHttp) return undefined;
  if (outer && !isForSidecar && mode === 'PERMISSIVE')
    return failure('no-filter-chain', 'the port is declared as HTTP, and TLS that is not of the mesh arrives');
  const [left] = isForSidecar ? inner : connection.tls;
  if (left || !connection.http) return failure('protocol-error', 'the port is declared as HTTP, and something else arrives', left);
  return undefined;
}

function isMeshTls({ alpn }: TlsLayer): boolean {
  return alpn.some((protocol) => protocol.startsWith('istio'));
}
