/** An address and port as Envoy prints them. */
export interface SocketAddress {
  readonly ip: string;
  readonly port: number;
}

/** One line of a proxy's access log, as far as it tells where a connection went. What the line does not say is undefined. */
export interface AccessLogEntry {
  /** `text`: Istio's default format today; `text-1.0`: that of Istio 1.0, without failure reasons and route name. */
  readonly format: 'text' | 'text-1.0' | 'json';
  readonly startTime: string | undefined;
  /** Undefined for connections that the proxy does not read. */
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly protocol: string | undefined;
  /** 0 for connections that the proxy does not read. */
  readonly status: number | undefined;
  readonly flags: readonly string[];
  /** `route_not_found`, `cluster_not_found`, …: %RESPONSE_CODE_DETAILS% or %CONNECTION_TERMINATION_DETAILS%. */
  readonly details: string | undefined;
  /** `TLS_error:…`: %UPSTREAM_TRANSPORT_FAILURE_REASON%. */
  readonly failure: string | undefined;
  readonly authority: string | undefined;
  /** Where the proxy connected to. */
  readonly upstreamHost: string | undefined;
  /** `outbound|443||a.example`, `PassthroughCluster`, … */
  readonly upstreamCluster: string | undefined;
  /** What the client had dialled. */
  readonly downstreamLocal: SocketAddress | undefined;
  readonly downstreamRemote: SocketAddress | undefined;
  /** SNI. */
  readonly serverName: string | undefined;
  readonly routeName: string | undefined;
}

/**
 * Reads one access-log line of Istio's proxies: the default text format of today and that of Istio 1.0, and JSON with the keys of Istio's own
 * JSON format (`authority`, `upstream_cluster`, …), of which some distributions name the host `authority_for`.
 * A prefix before the line (a container's name, a time stamp of `kubectl logs`) does no harm.
 * @returns undefined where the text is no such line (Istio: pilot/pkg/model/telemetry_logging.go, EnvoyTextLogFormat)
 */
export function parseAccessLog(line: string): AccessLogEntry | undefined {
  const start = line.search(/\[\d{4}-\d\d-\d\dT|\{\s*"/);
  if (start === -1) return undefined;
  const text = line.slice(start).trim();
  return text.startsWith('{') ? fromJson(text) : fromText(text);
}

/** How far behind the first count of bytes the authority stands. */
const AUTHORITY = 7;

function fromText(text: string): AccessLogEntry | undefined {
  const head = /^\[([^\]]+)\]\s*"(\S+)\s+(\S+)\s+(\S+)"\s+(.*)$/.exec(text);
  if (!head) return undefined;
  const [, startTime, method, path, protocol, rest = ''] = head;
  const fields = rest.match(/"[^"]*"|\S+/g)?.map(unquoted) ?? [];
  const shared = { startTime, method: said(method), path: said(path), protocol: said(protocol), status: numberIn(fields[0]), flags: flagsIn(fields[1]) };
  // What stands before the two counts of bytes has grown over the years; what stands behind them has kept its order.
  const bytes = fields.findIndex((field, index) => index >= 2 && /^\d+$/.test(field) && /^\d+$/.test(fields[index + 1] ?? ''));
  if (bytes === -1 || fields.length < bytes + AUTHORITY + 1) return undefined;
  const at = (index: number): string | undefined => said(fields[index]);
  return {
    format: bytes === 2 ? 'text-1.0' : 'text',
    ...shared,
    details: bytes === 5 ? (at(2) ?? at(3)) : undefined,
    failure: bytes === 2 ? undefined : at(bytes - 1),
    authority: at(bytes + AUTHORITY),
    upstreamHost: at(bytes + AUTHORITY + 1),
    upstreamCluster: at(bytes + AUTHORITY + 2),
    downstreamLocal: addressIn(at(bytes + AUTHORITY + 4)),
    downstreamRemote: addressIn(at(bytes + AUTHORITY + 5)),
    serverName: at(bytes + AUTHORITY + 6),
    routeName: at(bytes + AUTHORITY + 7),
  };
}

function fromJson(text: string): AccessLogEntry | undefined {
  const fields = parsed(text);
  if (!fields) return undefined;
  const at = (...names: readonly string[]): string | undefined => {
    for (const name of names) {
      const value = fields[name];
      if (typeof value === 'string' || typeof value === 'number') return said(String(value));
    }
    return undefined;
  };
  if (['authority', 'authority_for', 'upstream_cluster', 'response_flags', 'requested_server_name'].every((name) => fields[name] === undefined))
    return undefined;
  return {
    format: 'json',
    startTime: at('start_time'),
    method: at('method'),
    path: at('path'),
    protocol: at('protocol'),
    status: numberIn(at('response_code')),
    flags: flagsIn(at('response_flags')),
    details: at('response_code_details') ?? at('connection_termination_details'),
    failure: at('upstream_transport_failure_reason'),
    authority: at('authority', 'authority_for'),
    upstreamHost: at('upstream_host'),
    upstreamCluster: at('upstream_cluster'),
    downstreamLocal: addressIn(at('downstream_local_address')),
    downstreamRemote: addressIn(at('downstream_remote_address')),
    serverName: at('requested_server_name'),
    routeName: at('route_name'),
  };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function unquoted(field: string): string {
  return field.startsWith('"') ? field.slice(1, -1) : field;
}

/** Envoy prints `-` for what it does not know. */
function said(field: string | undefined): string | undefined {
  return field === undefined || field === '-' || field === '' ? undefined : field;
}

function numberIn(field: string | undefined): number | undefined {
  return field !== undefined && /^\d+$/.test(field) ? Number(field) : undefined;
}

function flagsIn(field: string | undefined): readonly string[] {
  return said(field)?.split(',') ?? [];
}

/** `10.0.0.1:443`, or `[2001:db8::1]:443`. */
function addressIn(field: string | undefined): SocketAddress | undefined {
  const match = /^\[?([^\]]+?)\]?:(\d+)$/.exec(field ?? '');
  return match ? { ip: match[1] ?? '', port: Number(match[2]) } : undefined;
}
