import type { AccessLogEntry } from '../traffic/outcomes/access-log.ts';
import { parseClusterName } from '../traffic/outcomes/envoy-cluster.ts';
import type { Probe } from '../traffic/probes/probe.ts';
import { isIpAddress } from '../traffic/terms/address.ts';
import type { Answer } from './answer.ts';
import type { TracedEnd, TracedHop } from './trace.ts';

/** The connection of a line of an access log, as the configuration has it. */
export interface LogMatch {
  readonly answer: Answer;
  /** The reading of what the files leave open under which it fits best, '' for none. */
  readonly when: string;
  readonly end: TracedEnd;
  /** The proxy that would write such a line, by its place on the way; undefined where none would. */
  readonly hop: number | undefined;
  /** What the line says otherwise than the configuration, at the proxy that comes closest. */
  readonly differences: readonly string[];
}

const HTTP_PORT = 80;
const TLS_PORT = 443;

/**
 * The connections that a line may be about: the line of a sidecar tells what was dialled; that of a gateway, what reached it, so that clients may have dialled
 * any usual port.
 */
export function probesOfLog(entry: AccessLogEntry): readonly Omit<Probe, 'from'>[] {
  const { authority, serverName, method, path, downstreamLocal, upstreamCluster } = entry;
  const [, written, port] = /^(.*?)(?::(\d+))?$/.exec(authority ?? '') ?? [];
  // Behind mesh mTLS the server name is that of a cluster.
  const named = serverName !== undefined && !/^outbound_?\./.test(serverName) ? serverName : undefined;
  const host = (method === undefined ? undefined : written) || named || parseClusterName(upstreamCluster)?.host || written || downstreamLocal?.ip;
  if (host === undefined) return [];
  const isHttp = method !== undefined;
  const dialled = downstreamLocal?.port;
  const ports = [dialled, port === undefined ? undefined : Number(port), isHttp ? HTTP_PORT : TLS_PORT, isHttp ? TLS_PORT : HTTP_PORT];
  const protos: readonly Probe['proto'][] = isHttp ? ['http', 'https'] : named === undefined ? ['tcp', 'https'] : ['https', 'tls'];
  const ip = downstreamLocal && isIpAddress(downstreamLocal.ip) && !isIpAddress(host) ? downstreamLocal.ip : undefined;
  return [...new Set(ports.filter((each) => each !== undefined))].flatMap((each) =>
    protos.map((proto) => ({
      to: { host, port: each, ...(ip !== undefined && each === dialled && { ip }) },
      proto,
      ...(isHttp && { method, ...(path !== undefined && { path }) }),
    })),
  );
}

/** Of several answers, the one that fits a line best. */
export function matchLog(entry: AccessLogEntry, answers: readonly Answer[]): LogMatch | undefined {
  let best: LogMatch | undefined;
  for (const answer of answers) {
    const stories = [{ when: answer.when ?? '', expect: answer.expect }, ...(answer.others ?? []), ...(answer.asWritten?.stories ?? [])];
    for (const { when, expect } of stories) {
      for (const end of [expect, ...(expect.others ?? [])]) {
        const match = compare(entry, answer, when, end);
        if (!best || match.differences.length < best.differences.length) best = match;
      }
    }
  }
  return best;
}

function compare(entry: AccessLogEntry, answer: Answer, when: string, end: TracedEnd): LogMatch {
  const compared = end.hops.map((hop, index) => ({ index, differences: differencesAt(entry, hop, end, index) }));
  const [closest] = [...compared].sort((a, b) => a.differences.length - b.differences.length);
  const differences = closest?.differences ?? ['the connection reaches no proxy'];
  return { answer, when, end, hop: differences.length === 0 ? closest?.index : undefined, differences };
}

/** In sentences without a full stop. */
function differencesAt(entry: AccessLogEntry, hop: TracedHop, end: TracedEnd, index: number): readonly string[] {
  const { upstreamCluster, status, flags, downstreamLocal } = entry;
  const found: string[] = [];
  const cluster = hop.missing === undefined ? hop.cluster : undefined;
  // What a proxy lacks it cannot send by: its log then names no cluster, or the one that it looked for.
  const isSameCluster = upstreamCluster === hop.cluster || (cluster === undefined && upstreamCluster === undefined);
  if (!isSameCluster) found.push(`it was sent by ${upstreamCluster ?? 'no cluster'}, where the configuration has ${hop.cluster ?? 'none'}`);
  const isLast = index === end.hops.length - 1;
  const expected = isLast || end.flag === 'UF' ? end.flag : undefined;
  const seen = flags.filter((flag) => flag !== 'URX').map((flag) => (flag === 'UC' ? 'UF' : flag));
  if (expected !== undefined && !seen.includes(expected)) found.push(`its flag is ${flags.join(',') || 'none'}, where the configuration gives ${expected}`);
  if (expected === undefined && seen.length > 0 && seen.some((flag) => FROM_CONFIGURATION.has(flag)))
    found.push(`its flag is ${flags.join(',')}, where the configuration leads to a cluster with endpoints`);
  const code = end.code;
  if (code !== undefined && status !== undefined && status !== 0 && status !== code)
    found.push(`its status is ${status}, where the configuration gives ${code}`);
  if (hop.proxy.includes('/') && downstreamLocal !== undefined && downstreamLocal.port !== hop.port)
    found.push(`it was received on port ${downstreamLocal.port}, where the gateway listens on ${hop.port}`);
  if (!hop.proxy.includes('/') && downstreamLocal !== undefined && downstreamLocal.port !== hop.receives.port)
    found.push(`port ${downstreamLocal.port} was dialled, not ${hop.receives.port}`);
  return found;
}

/** Flags that only configuration explains; others tell of servers and networks. */
const FROM_CONFIGURATION: ReadonlySet<string> = new Set(['NR', 'NC', 'DPE']);
