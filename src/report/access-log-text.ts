import type { AccessLogEntry } from '../traffic/outcomes/access-log.ts';
import { parseClusterName } from '../traffic/outcomes/envoy-cluster.ts';

/** What the flags of Envoy mean that an outbound connection can meet. */
const FLAGS: Readonly<Record<string, string>> = {
  NR: 'the proxy has no route, or no filter chain, for it',
  NC: 'the route leads to a cluster that the proxy does not have',
  UH: 'the cluster has no endpoint to send to',
  UF: 'the connection to the next hop failed',
  UC: 'the next hop closed the connection',
  UR: 'the next hop reset the request',
  URX: 'all retries failed',
  UT: 'the next hop did not answer in time',
  UO: 'a circuit breaker of the DestinationRule is open',
  UPE: 'the next hop does not speak the version of HTTP that it was spoken to in',
  DF: 'the proxy could not look the name up',
  DC: 'the client went away before the answer',
  DPE: 'the client sent bytes that are no HTTP',
  UAEX: 'a policy denied it',
  LR: 'the proxy reset it',
};

/** Says in sentences what a line of an access log tells; the facts, without guessing at causes. */
export function describeAccessLog(entry: AccessLogEntry): readonly string[] {
  return [
    `${asked(entry)}${dialled(entry)}.`,
    sentTo(entry),
    ...(entry.status === undefined || entry.status === 0
      ? []
      : [`The client got HTTP ${entry.status}${entry.upstreamHost === undefined ? ' from the proxy itself' : ''}.`]),
    ...entry.flags.map((flag) => `Flag ${flag}: ${FLAGS[flag] ?? 'see Envoy’s documentation of %RESPONSE_FLAGS%'}.`),
    ...(entry.details === undefined ? [] : [`Detail: ${entry.details}.`]),
    ...(entry.failure === undefined ? [] : [`Failure: ${entry.failure}.`]),
  ];
}

function asked({ method, path, authority, serverName, protocol }: AccessLogEntry): string {
  if (method !== undefined)
    return `An HTTP request that the proxy read: ${method} ${authority ?? ''}${path ?? ''}${protocol === undefined ? '' : ` (${protocol})`}`;
  if (serverName !== undefined) return `A TLS connection that the proxy passed on without reading it, for the server name ${serverName}`;
  return 'A connection that the proxy passed on without reading it, without a server name';
}

function dialled({ downstreamLocal }: AccessLogEntry): string {
  return downstreamLocal === undefined ? '' : `, dialled at ${downstreamLocal.ip}:${downstreamLocal.port}`;
}

function sentTo({ upstreamCluster, upstreamHost }: AccessLogEntry): string {
  if (upstreamCluster === undefined) return 'It was sent to no cluster: the proxy dealt with it itself.';
  if (upstreamCluster === 'PassthroughCluster')
    return 'PassthroughCluster: the proxy does not know the destination, and passed it on past all configuration (ALLOW_ANY).';
  if (upstreamCluster === 'BlackHoleCluster') return 'BlackHoleCluster: the proxy does not know the destination, and cut it off (REGISTRY_ONLY).';
  const where = upstreamHost === undefined ? 'but to no endpoint' : `at ${upstreamHost}`;
  const key = parseClusterName(upstreamCluster);
  if (!key) return `It was sent to ${upstreamCluster}, ${where}.`;
  return `It was sent to port ${key.port} of ${key.host}${key.subset === '' ? '' : `, subset ${key.subset}`} (${upstreamCluster}), ${where}.`;
}

/** The text by which the page of the symptom is found. */
export function symptomTextOf(entry: AccessLogEntry): string {
  const { flags, failure, details, upstreamCluster, status, routeName } = entry;
  const parts = [
    failure,
    upstreamCluster?.endsWith('Cluster') ? upstreamCluster : undefined,
    details,
    routeName === 'block_all' ? routeName : undefined,
    ...flags,
  ];
  const [worst] = parts.filter((part) => part !== undefined);
  return worst ?? (status !== undefined && status >= 400 ? String(status) : '');
}
