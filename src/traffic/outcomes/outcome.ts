import type { Cluster, MissingCluster } from '../clusters/cluster.ts';
import type { Pod } from '../clusters/pods.ts';
import type { Connection, TlsLayer } from '../terms/connection.ts';
import type { Decision } from '../terms/decision.ts';
import type { ProxyNode } from '../terms/proxy-node.ts';
import type { Reason } from '../terms/reason.ts';

/** How a connection ends. */
export type OutcomeName =
  /** Leaves the sidecar with the client's bytes, to where the client dialled: unmanaged. */
  | 'passthrough'
  /** Straight to a server outside, nothing added. */
  | 'direct'
  /** The same with one layer of TLS, added by the sidecar. */
  | 'originated'
  /** To a server outside, through gateways. */
  | 'gateway'
  /** To a Pod. */
  | 'mesh'
  /** T-3. */
  | 'double-tls'
  /** T-5, or plaintext to a proxy that terminates TLS. */
  | 'plaintext-to-tls'
  /** TLS, or bytes that are no HTTP, where plaintext HTTP is expected. */
  | 'protocol-error'
  | 'handshake-failed'
  /** L-5: an unknown destination under REGISTRY_ONLY. */
  | 'blocked'
  | 'no-route'
  /** */
  | 'no-cluster'
  | 'no-endpoints'
  | 'no-filter-chain'
  | 'refused'
  /** a redirect, or a direct response. */
  | 'proxy-answer'
  /** G-13. */
  | 'loop'
  /** Envoy refuses the listener. */
  | 'rejected'
  /** P-2: an AuthorizationPolicy refuses it. */
  | 'denied'
  /** P-6: a NetworkPolicy drops it. */
  | 'dropped'
  /** M-3: it goes past the sidecar, to where the client dialled. */
  | 'uncaptured';

/** Where a connection fails. */
export type FailurePlace = 'sidecar' | 'gateway' | 'ztunnel' | 'waypoint' | 'inbound' | 'server' | 'network';

/** What a proxy puts around a connection that it sends on. */
export interface AppliedTls {
  readonly mode: 'NONE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL';
  readonly sni: string;
  readonly subjectAltNames: readonly string[];
}

/** One proxy on the way. */
export interface Hop {
  readonly proxy: ProxyNode;
  /** As it reaches the proxy. */
  readonly connection: Connection;
  readonly decision: Decision;
  /** As Envoy names it: `outbound|443||a.example`, `PassthroughCluster`, `BlackHoleCluster`. */
  readonly clusterName: string | undefined;
  /** None for PassthroughCluster and BlackHoleCluster. */
  readonly cluster: Cluster | MissingCluster | undefined;
  readonly tls: AppliedTls | undefined;
  /** Where the proxy sends the connection: an address or name, and a port. */
  readonly endpoint: { readonly address: string; readonly port: number } | undefined;
}

/** What arrives in the end. */
export interface Delivery {
  /** The name that the last proxy resolves, or the address; with `isOriginal`, what the client had dialled. */
  readonly host: string;
  readonly port: number;
  /** Whether the last proxy sent it to where the client had dialled. */
  readonly isOriginal: boolean;
  readonly pod: Pod | undefined;
  /** From the outside in. */
  readonly tls: readonly TlsLayer[];
  /** Whether a proxy takes the outermost layer off before the server sees it: the inbound side of a Pod. */
  readonly toSidecar: boolean;
  /** The Host header, where the last proxy could read it. */
  readonly authority: string | undefined;
}

/** One way that a connection can take. Where traffic is split there are several. */
export interface ConnectionPath {
  readonly hops: readonly Hop[];
  readonly outcome: OutcomeName;
  /** Percent of the connections. */
  readonly share: number;
  /** The status that the client gets from a proxy. */
  readonly code: number | undefined;
  /** Envoy's response flag; UF stands for UF and UC. */
  readonly flag: string | undefined;
  readonly at: FailurePlace | undefined;
  /** More on what happened, in words. */
  readonly detail: string | undefined;
  readonly delivered: Delivery | undefined;
  /** The field that decided at the far end: a PeerAuthentication. */
  readonly because: Reason | undefined;
  /** Said of what rests on more than the configuration of proxies: policies and annotations, of which not everything need be in view. */
  readonly confidence?: 'likely' | undefined;
}
