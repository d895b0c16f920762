import type { ConnectionPath } from './outcome.ts';

/** What a person sees of an outcome from the outside. The one place for these texts: messages, traces and pages take them from here. */
export interface Symptom {
  /** What the caller gets: curl's words for connections, the status line for HTTP. */
  readonly client: string;
  /** HTTP status, where a proxy answers. */
  readonly status?: number;
  /** Envoy's response flag in the access log. */
  readonly flag?: string;
  /** What else the access log says: the cluster or the detail. */
  readonly log?: string;
}

/** Outcomes as docs/traffic-model.md names them. */
export type SymptomName =
  | 'blocked'
  | 'passthrough'
  | 'no-cluster'
  | 'no-endpoints'
  | 'no-route'
  | 'no-filter-chain'
  | 'refused'
  | 'handshake-failed'
  | 'plaintext-to-tls'
  | 'plaintext-to-mtls'
  | 'protocol-error'
  | 'double-tls'
  | 'loop'
  | 'rejected'
  | 'denied'
  | 'dropped'
  | 'uncaptured';

/** One outcome, by what the caller speaks to its own proxy: `http` is plaintext HTTP that the proxy reads, `tls` is everything that it only passes on. */
export interface Symptoms {
  readonly http?: Symptom;
  readonly tls?: Symptom;
}

/** The wording of curl with OpenSSL; statuses, flags and clusters are Envoy's (docs/traffic-model.md, L-5 and T-3 to T-7). */
export const SYMPTOMS = {
  blocked: {
    http: { client: 'HTTP 502 with an empty body', status: 502, log: 'virtual host block_all' },
    tls: { client: 'curl: (35) … SSL_ERROR_SYSCALL, or connection reset by peer', flag: 'UH', log: 'BlackHoleCluster' },
  },
  passthrough: {
    http: { client: 'the answer of the server', log: 'PassthroughCluster' },
    tls: { client: 'the answer of the server', log: 'PassthroughCluster' },
  },
  'no-cluster': {
    http: { client: 'HTTP 503', status: 503, flag: 'NC', log: 'cluster_not_found' },
    tls: { client: 'curl: (35) … connection reset by peer', flag: 'NC' },
  },
  'no-endpoints': {
    http: { client: 'HTTP 503 no healthy upstream', status: 503, flag: 'UH' },
    tls: { client: 'curl: (35) … connection reset by peer', flag: 'UH' },
  },
  'no-route': { http: { client: 'HTTP 404', status: 404, flag: 'NR' } },
  'no-filter-chain': {
    http: { client: 'HTTP 503', status: 503, flag: 'UF', log: 'NR filter_chain_not_found at the next proxy' },
    tls: { client: 'curl: (35) … the connection is closed in the TLS handshake', flag: 'NR', log: 'filter_chain_not_found' },
  },
  refused: {
    http: { client: 'HTTP 503', status: 503, flag: 'UF', log: 'connection refused' },
    tls: { client: 'curl: (35) … connection reset by peer', flag: 'UF' },
  },
  'handshake-failed': {
    http: { client: 'HTTP 503', status: 503, flag: 'UF', log: 'TLS_error' },
    tls: { client: 'curl: (35) … connection reset by peer', flag: 'UF', log: 'TLS_error' },
  },
  'plaintext-to-tls': {
    http: { client: 'HTTP 400 from the server: a plain HTTP request was sent to an HTTPS port', status: 400 },
    tls: { client: 'the server closes the connection' },
  },
  'plaintext-to-mtls': { http: { client: 'HTTP 503', status: 503, flag: 'UF' }, tls: { client: 'curl: (35) … connection reset by peer' } },
  'protocol-error': {
    http: { client: 'HTTP 503', status: 503, flag: 'UF', log: 'TLS_error: WRONG_VERSION_NUMBER' },
    tls: { client: 'curl: (35) … wrong version number' },
  },
  'double-tls': { http: { client: 'HTTP 400 from the server, inside of a second TLS' }, tls: { client: 'curl: (35) … wrong version number' } },
  loop: {
    http: { client: 'HTTP 503, or no answer until a timeout', status: 503, flag: 'UF', log: 'the same request again and again in the log of the gateway' },
    tls: { client: 'no answer, or connection reset by peer', log: 'the same connection again and again in the log of the gateway' },
  },
  rejected: {
    http: { client: 'what was configured before; from new Pods a reset', log: 'nothing: the listener does not exist' },
    tls: { client: 'what was configured before; from new Pods curl: (35) … connection reset by peer' },
  },
  denied: {
    http: { client: 'HTTP 403 RBAC: access denied', status: 403, log: 'rbac_access_denied_matched_policy' },
    tls: { client: 'curl: (35) … connection reset by peer', log: 'rbac_access_denied_matched_policy' },
  },
  dropped: {
    http: { client: 'HTTP 503 after the connect timeout, 10 s by default', status: 503, flag: 'UF', log: 'connection timeout' },
    tls: { client: 'curl: (28) connection timed out' },
  },
  uncaptured: {
    http: { client: 'the answer of the server', log: 'nothing: the sidecar does not see the connection' },
    tls: { client: 'the answer of the server', log: 'nothing: the sidecar does not see the connection' },
  },
} as const satisfies Readonly<Record<SymptomName, Symptoms>>;

/**
 * What people see where a connection ends.
 * @param speaks what the first proxy makes of the client: `http` where it reads the requests
 */
export function symptomOf({ outcome, at, code, delivered }: Ended, speaks: 'http' | 'tls'): Symptom | undefined {
  // The outer handshake comes first, and a proxy that trusts the mesh alone ends it there.
  if (outcome === 'double-tls' && delivered?.tls[0]?.verifies === 'mesh') return SYMPTOMS['handshake-failed'][speaks];
  if (outcome === 'plaintext-to-tls' && at !== 'server') return SYMPTOMS['plaintext-to-mtls'][speaks];
  if (outcome === 'protocol-error' && code === 400) return { client: 'HTTP 400', status: 400, flag: 'DPE', log: 'http1.codec_error' };
  return isKnown(outcome) ? (SYMPTOMS as Readonly<Record<SymptomName, Symptoms>>)[outcome][speaks] : undefined;
}

/** What people see of a path: the symptom of its end, with the status and flag that this very path gives. */
export function symptomOfPath(path: Pick<ConnectionPath, 'outcome' | 'at' | 'code' | 'flag' | 'hops' | 'detail' | 'delivered'>): Symptom {
  const { outcome, code, flag, hops, at } = path;
  const [first] = hops;
  const { tls = [], http } = first?.connection ?? {};
  const cluster = hops.at(-1)?.clusterName;
  if (outcome === 'protocol-error' && code === 400 && tls.length > 0)
    return { client: 'curl: (35) … wrong version number', flag: 'DPE', log: 'http1.codec_error' };
  // What a server makes of a plain request reaches the client, whether or not proxies read it.
  const isAnswered = at === 'server' && http !== undefined && tls.length === 0;
  const known = symptomOf(path, code !== undefined || first?.decision.chain === 'http' || isAnswered ? 'http' : 'tls') ?? symptomOf(path, 'tls');
  if (!known)
    return code === undefined
      ? { client: 'the answer of the server', ...(cluster !== undefined && { log: cluster }) }
      : { client: `HTTP ${code}`, status: code };
  const isOther = code !== undefined && known.status !== code;
  const isPlain = tls.length === 0 && known.client.startsWith(IN_HANDSHAKE);
  return {
    ...known,
    ...(isPlain && { client: http === undefined ? 'connection reset by peer' : 'curl: (56) … connection reset by peer' }),
    ...(isOther && { client: `HTTP ${code}`, status: code }),
    ...(flag !== undefined && { flag }),
  };
}

/** How curl begins where a TLS handshake fails: of no use to those who start none. */
const IN_HANDSHAKE = 'curl: (35)';

/** How a connection ends, as far as it can be seen. */
interface Ended {
  readonly outcome: string;
  readonly at?: string | undefined;
  readonly code?: number | undefined;
  readonly delivered?: ConnectionPath['delivered'];
}

function isKnown(outcome: string): outcome is SymptomName {
  return Object.hasOwn(SYMPTOMS, outcome);
}

/** A symptom in one phrase: `HTTP 503 (flag NC, cluster_not_found in the access log)`. */
export function describe(symptom: Symptom): string {
  const hints = [...(symptom.flag ? [`flag ${symptom.flag}`] : []), ...(symptom.log ? [symptom.log] : [])];
  return hints.length === 0 ? symptom.client : `${symptom.client} (${hints.join(', ')} in the access log)`;
}
