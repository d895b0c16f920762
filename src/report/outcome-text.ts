import type { TracedEnd, TracedField, TracedHop, TracedWire } from '../engine/trace.ts';
import { printableLine } from './terminal-text.ts';

/** What each outcome means, in the words of somebody who never read Istio's documents. */
const MEANING: Readonly<Record<string, string>> = {
  passthrough: 'it arrives, unmanaged: the sidecar does not know the destination and passes the bytes on',
  direct: 'it arrives, straight from the sidecar',
  originated: 'it arrives; the sidecar starts TLS to the server',
  gateway: 'it arrives, through the gateway',
  mesh: 'it arrives at a Pod',
  'double-tls': 'TLS within TLS: a proxy starts TLS around bytes that are TLS already',
  'plaintext-to-tls': 'plaintext is sent to something that expects TLS',
  'protocol-error': 'TLS or other bytes are sent to something that expects plain HTTP',
  'handshake-failed': 'a TLS handshake fails',
  blocked: 'the sidecar does not know the destination, and cuts off what it does not know',
  'no-route': 'no route fits the request',
  'no-cluster': 'the route leads to a cluster that the proxy does not have',
  'no-endpoints': 'the cluster has no endpoint to send to',
  'no-filter-chain': 'the listener has no filter chain that fits the connection, and closes it',
  refused: 'nobody listens there',
  'proxy-answer': 'a proxy answers by itself',
  loop: 'the gateway sends the connection to itself, again and again',
  rejected: 'Envoy refuses the listener as it would be configured',
  denied: 'an AuthorizationPolicy denies it',
  dropped: 'a NetworkPolicy drops it',
  uncaptured: 'it arrives, past the sidecar',
};

const PLACES: Readonly<Record<string, string>> = {
  sidecar: 'at the sidecar',
  gateway: 'at the gateway',
  ztunnel: 'at ztunnel',
  waypoint: 'at the waypoint',
  inbound: 'at the sidecar of the Pod that is called',
  server: 'at the server',
  network: 'in the network',
};

/**
 * `no-cluster at the sidecar: the route leads to …`.
 * @param when what is taken to be so, '' for nothing
 */
export function outcomeText({ outcome, at, detail, confidence }: Pick<TracedEnd, 'outcome' | 'at' | 'detail' | 'confidence'>, when = ''): string {
  const where = at === undefined ? '' : ` ${PLACES[at] ?? ''}`;
  const why = detail === undefined || outcome === 'proxy-answer' ? '' : ` (${detail})`;
  const likely = confidence === undefined ? '' : '; likely, for policies outside of the files may say more';
  return `${outcome}${where}${when === '' ? '' : ` with ${when}`}: ${MEANING[outcome] ?? outcome}${why}${likely}`;
}

/** What goes over the wire: `TLS (SNI a.example) around HTTP/1.1`, `mesh mTLS (SNI …) around TLS …`. */
export function wireText({ layers, content, authority }: TracedWire): string {
  const tls = layers.map(({ by, sni, cert }) => `${nameOfLayer(by, cert)}${sni === '' ? ' without SNI' : ` (SNI ${sni})`}`);
  const isReadable = layers.length === 0;
  const inner =
    content === 'bytes'
      ? isReadable
        ? 'plain bytes'
        : 'bytes'
      : `${isReadable ? 'plain ' : ''}${content}${authority === undefined ? '' : `, Host ${authority}`}`;
  return [...tls, inner].join(' around ');
}

function nameOfLayer(by: string, cert: string | undefined): string {
  if (cert === 'mesh') return `mesh mTLS of the ${by}`;
  return by === 'client' ? "the client's TLS" : `TLS of the ${by}${cert === undefined ? '' : ' with a client certificate'}`;
}

/** The proxy of a hop as people name it: `sidecar`, `gateway istio-system/istio-egressgateway`. Made-up Pods go by the name of their Service. */
export function proxyText({ proxy }: Pick<TracedHop, 'proxy'>): string {
  return proxy.replace(/-synth$/, '');
}

/** The path of a connection that fails, in one line: `shop → sidecar → istio-system/istio-egressgateway ✗ no cluster outbound|443||a.example`. */
export function pathLine(client: string, { hops, outcome, delivered }: TracedEnd): string {
  const places = [client, ...hops.map((hop) => proxyText(hop).replace(/^(?:gateway|waypoint) /, ''))].join(' → ');
  const cluster = hops.at(-1)?.cluster;
  const what = outcome === 'no-cluster' && cluster !== undefined ? `no cluster ${cluster}` : outcome;
  return `${places}${delivered ? ` → ${delivered.host}:${delivered.port}` : ''} ✗ ${what}`;
}

/** The object of a field: `ServiceEntry shop/rates`. */
export function subjectOf({ resource: { kind, namespace, name } }: TracedField): string {
  return printableLine(`${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`);
}
