import type { Cluster, Endpoint } from '../clusters/cluster.ts';
import type { AppliedTls } from '../outcomes/outcome.ts';
import { isIpAddress } from '../terms/address.ts';
import type { Connection, TlsLayer } from '../terms/connection.ts';
import type { Decision } from '../terms/decision.ts';
import type { ProxyNode } from '../terms/proxy-node.ts';

/** A connection as it leaves a proxy. */
export interface Sent {
  readonly connection: Connection;
  readonly tls: AppliedTls;
  readonly endpoint: { readonly address: string; readonly port: number };
  /** Part of the connections that go there. */
  readonly share: number;
}

const HTTP_ALPN = { 'HTTP/1.1': ['istio-http/1.1', 'istio', 'http/1.1'], 'HTTP/2': ['istio-h2', 'istio', 'h2'] } as const;

/**
 * Where a proxy sends a connection through a cluster, and with what around it: once for each sort of endpoints, for those of one cluster may lead to different places.
 * @param connection as the proxy passes it on: TLS that it terminates taken off, a route's rewrites done
 * @returns nothing where the cluster has no endpoints
 */
export function sendThrough(cluster: Cluster, connection: Connection, decision: Decision, by: ProxyNode['kind']): readonly Sent[] {
  return sortsOf(targetsOf(cluster, connection, decision)).map(({ endpoint, share }) => {
    const layer = layerFor(cluster, endpoint, connection, decision, by);
    const { address, port } = endpoint;
    const isName = cluster.type !== 'ORIGINAL_DST' && !isIpAddress(address);
    return {
      connection: {
        ...connection,
        ip: address === '' ? undefined : address,
        port,
        tls: layer ? [layer, ...connection.tls] : connection.tls,
        host: isName ? address : connection.host,
      },
      tls: layer ? { mode: cluster.tls.mode, sni: layer.sni, subjectAltNames: cluster.tls.subjectAltNames } : NO_TLS,
      endpoint: { address, port },
      share,
    };
  });
}

export const NO_TLS: AppliedTls = { mode: 'NONE', sni: '', subjectAltNames: [] };

/** Original destinations and dynamic forward proxies have no endpoints of their own. */
function targetsOf(cluster: Cluster, connection: Connection, decision: Decision): readonly Endpoint[] {
  if (cluster.type === 'ORIGINAL_DST') return [{ ...NOT_LISTED, address: connection.ip ?? '', port: cluster.portOverride ?? connection.port }];
  if (cluster.type !== 'DYNAMIC_FORWARD_PROXY') return cluster.endpoints;
  if (decision.chain === 'http' && connection.http) return [{ ...NOT_LISTED, ...namedEndpoint(connection.http.authority, connection.port) }];
  return [{ ...NOT_LISTED, address: connection.tls[0]?.sni || connection.host, port: connection.port }];
}

const NOT_LISTED = { labels: {}, takesMeshTls: false, identity: undefined, pod: undefined } as const;

/** The host of a Host header, and its port where it has one. */
export function namedEndpoint(authority: string, port: number): { readonly address: string; readonly port: number } {
  const [, host = authority, written] = /^(.*):(\d+)$/.exec(authority) ?? [];
  return { address: host, port: written === undefined ? port : Number(written) };
}

interface Sort {
  readonly endpoint: Endpoint;
  readonly share: number;
}

/** One endpoint for each sort: Pods with equal labels are alike. */
function sortsOf(endpoints: readonly Endpoint[]): readonly Sort[] {
  const counts = new Map<string, { readonly endpoint: Endpoint; count: number }>();
  for (const endpoint of endpoints) {
    const { pod, address, port, takesMeshTls } = endpoint;
    const who = pod ? [pod.namespace, Object.entries(pod.labels).sort()] : address;
    const key = endpoints.length === 1 ? '' : JSON.stringify([who, port, takesMeshTls]);
    const known = counts.get(key);
    if (known) known.count++;
    else counts.set(key, { endpoint, count: 1 });
  }
  return [...counts.values()].map(({ endpoint, count }) => ({ endpoint, share: count / endpoints.length }));
}

/** D-8, D-9: the layer of TLS that the proxy adds, if it adds one. */
function layerFor({ tls }: Cluster, endpoint: Endpoint, { http }: Connection, decision: Decision, by: ProxyNode['kind']): TlsLayer | undefined {
  if (tls.mode === 'NONE' || (tls.isAutomatic && !endpoint.takesMeshTls)) return undefined;
  const isMesh = tls.mode === 'ISTIO_MUTUAL';
  const reads = decision.chain === 'http' ? http : undefined;
  return {
    by,
    sni: tls.sni === 'auto' ? serverNameFor(reads?.authority) : tls.sni.toLowerCase(),
    alpn: isMesh && reads ? HTTP_ALPN[reads.version] : tls.alpn,
    certificate: isMesh ? 'mesh' : tls.mode === 'MUTUAL' ? 'other' : undefined,
    verifies: tls.verifies,
    subjectAltNames: tls.subjectAltNames,
  };
}

/** The automatic server name is the host of the request; connections that are passed on as TCP have none. */
function serverNameFor(authority: string | undefined): string {
  const host = namedEndpoint(authority ?? '', 0).address;
  return isIpAddress(host) ? '' : host.toLowerCase();
}
