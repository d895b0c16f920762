import type { ProxyNode } from './proxy-node.ts';
import type { Reason } from './reason.ts';

/** A cluster by what its name says: `outbound|PORT|SUBSET|HOST`. */
export interface ClusterKey {
  readonly host: string;
  readonly port: number;
  /** '' for none. */
  readonly subset: string;
}

/** One of the clusters among which a route splits its traffic. */
export interface WeightedCluster {
  readonly cluster: ClusterKey;
  /** Percent. */
  readonly share: number;
  /** The destination in the route; undefined where no VirtualService is involved. */
  readonly at: Reason | undefined;
  /** The Host header that goes upstream where this destination alone sets it. */
  readonly authority?: string;
}

/** What a proxy does with a connection once a filter chain (and route) is found. */
export type Action =
  | { readonly do: 'forward'; readonly to: readonly WeightedCluster[] }
  /** PassthroughCluster: to where the client dialled. */
  | { readonly do: 'passthrough' }
  /** L-5: AllowAnyDynamicDNSCluster: to the name in the Host header, which the proxy looks up (ALLOW_ANY_DYNAMIC_DNS). */
  | { readonly do: 'resolve' }
  /** to a waypoint, through a tunnel that keeps the address. */
  | { readonly do: 'tunnel'; readonly to: ProxyNode }
  /** BlackHoleCluster, or the 502 of virtual host `block_all`. */
  | { readonly do: 'block' }
  /** A redirect or a direct response of a VirtualService. */
  | { readonly do: 'answer'; readonly status: number; readonly detail: 'redirect' | 'directResponse' }
  /** 404: no virtual host or no route fits. */
  | { readonly do: 'no-route' }
  /** No filter chain fits: closed. */
  | { readonly do: 'close' }
  /** Bytes that are no HTTP reach a chain that reads HTTP. */
  | { readonly do: 'protocol-error' }
  /** The chain terminates TLS and gets none, or a handshake that cannot succeed. */
  | { readonly do: 'plaintext-to-tls' }
  | { readonly do: 'handshake-failed'; readonly why: string }
  /** Nobody listens on the port. */
  | { readonly do: 'refuse' }
  /** Envoy refuses the whole listener. */
  | { readonly do: 'reject'; readonly why: string };

/** What one proxy decides about one connection, before a cluster is looked up. Names are those of Envoy's configuration dump. */
export interface Decision {
  /** `0.0.0.0_443`, `10.0.0.1_80`, `vip_443`, `pod_9000`, `virtualOutbound`. */
  readonly listener: string;
  /** The port that the proxy listens on (`hops[].port` of recorded answers). */
  readonly port: number;
  /** How the filter chain matched: `sni=a.example`, `default`, …; for people. */
  readonly match: string;
  /** Whether the chain reads HTTP; undefined where none was found. */
  readonly chain: 'http' | 'tcp' | undefined;
  /** The virtual host's name, on HTTP chains. */
  readonly virtualHost?: string;
  /** How the chain terminates the TLS that arrives: SIMPLE, MUTUAL, ISTIO_MUTUAL, …; undefined where it does not. */
  readonly terminates?: string;
  /** The route that was taken: `VirtualService.namespace` in `routeSource` of recorded answers. */
  readonly route?: { readonly name: string; readonly at: Reason };
  readonly action: Action;
  /** HTTP routes that come from the Gateway API answer 500 where a cluster is missing. */
  readonly isGatewayApi?: boolean;
  /** The Host header that goes upstream where a route rewrites it. */
  readonly authority?: string;
  /** The path that goes upstream where a route rewrites it. */
  readonly path?: string;
  /** All fields that decided, in the order in which a person should read them. */
  readonly reasons: readonly { readonly what: string; readonly at: Reason }[];
}
