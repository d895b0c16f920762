import type { TlsLayer } from '../terms/connection.ts';
import type { ConnectionPath, Delivery, Hop } from './outcome.ts';

/** What becomes of a probe, in the form in which answers are recorded (test/conformance). */
export interface RecordedAnswer {
  readonly outcome: string;
  readonly code?: number;
  readonly flag?: string;
  readonly at?: string;
  readonly detail?: string;
  readonly delivered?: RecordedDelivery;
  readonly hops: readonly RecordedHop[];
  /** Where traffic is split: percent of this end, and the others. */
  readonly share?: number;
  readonly others?: readonly RecordedAnswer[];
}

export interface RecordedDelivery {
  readonly host: string;
  readonly port: number;
  readonly as: 'plaintext' | 'tls' | 'mtls' | 'double-tls' | 'mtls+tls';
  readonly sni?: string;
  readonly authority?: string;
  readonly layers?: readonly { readonly by: string; readonly sni: string; readonly cert?: string }[];
  readonly pod?: string;
  readonly original?: true;
}

export interface RecordedHop {
  readonly proxy: string;
  readonly port: number;
  readonly listener?: string;
  readonly match?: string;
  readonly terminates?: string;
  readonly kind?: string;
  readonly virtualHost?: string;
  readonly route?: string;
  readonly routeSource?: string;
  readonly cluster?: string;
  readonly clusterType?: string;
  readonly rule?: string;
  readonly tls?: { readonly mode: string; readonly sni?: string; readonly sans?: readonly string[] };
}

/**
 * The ways of a connection as one answer: the end with the largest share, and the others. Ways that end alike count as one.
 * @param paths at least one
 */
export function recordedAnswer(paths: readonly ConnectionPath[]): RecordedAnswer {
  const ends = new Map<string, { readonly answer: RecordedAnswer; share: number }>();
  for (const path of paths) {
    const answer = answerOf(path);
    const key = JSON.stringify({ ...answer, delivered: answer.delivered && { ...answer.delivered, pod: undefined } });
    const known = ends.get(key);
    if (known) known.share += path.share;
    else ends.set(key, { answer, share: path.share });
  }
  const [first, ...others] = [...ends.values()].sort((a, b) => b.share - a.share).map(({ answer, share }) => ({ ...answer, share: Math.round(share) }));
  if (!first) throw new Error('a connection takes some way');
  if (others.length > 0) return { ...first, others };
  const { share: _, ...whole } = first;
  return whole;
}

function answerOf({ outcome, code, flag, at, detail, delivered, hops }: ConnectionPath): RecordedAnswer {
  const answer = {
    outcome,
    ...(code !== undefined && { code }),
    ...(flag !== undefined && { flag }),
    ...(at !== undefined && { at }),
    ...(detail !== undefined && { detail }),
    ...(delivered && { delivered: deliveredOf(delivered) }),
  };
  const isRefused = outcome === 'rejected';
  return { ...answer, hops: hops.map((hop, index) => (isRefused && index === hops.length - 1 ? placeOf(hop) : hopOf(hop))) };
}

function deliveredOf({ host, port, isOriginal, pod, tls, toSidecar, authority }: Delivery): RecordedDelivery {
  const [outer] = tls;
  return {
    host,
    port,
    as: wireOf(tls, toSidecar),
    ...(outer && { sni: outer.sni }),
    ...(authority !== undefined && { authority }),
    ...(outer && { layers: tls.map(({ by, sni, certificate }) => ({ by, sni, ...(certificate && { cert: certificate }) })) }),
    ...(pod && { pod: `${pod.namespace}/${pod.name}` }),
    ...(isOriginal && { original: true }),
  };
}

function wireOf([outer, ...inner]: readonly TlsLayer[], toSidecar: boolean): RecordedDelivery['as'] {
  if (!outer) return 'plaintext';
  if (inner.length > 0) return toSidecar && inner.length === 1 ? 'mtls+tls' : 'double-tls';
  return outer.certificate && outer.by !== 'client' ? 'mtls' : 'tls';
}

function placeOf({ proxy, decision }: Hop): RecordedHop {
  const { namespace, name = '' } = proxy;
  return {
    proxy: proxy.kind === 'sidecar' || proxy.kind === 'ztunnel' ? proxy.kind : `${proxy.kind} ${namespace}/${name}`,
    port: decision.port,
    ...(decision.listener !== '' && { listener: decision.listener }),
  };
}

function hopOf(hop: Hop): RecordedHop {
  const { decision, clusterName, cluster, tls } = hop;
  const { match, terminates, chain, virtualHost, route } = decision;
  const built = cluster && !('missing' in cluster) ? cluster : undefined;
  const rule = built?.destinationRule?.resource;
  const source = route?.at.resource;
  return {
    ...placeOf(hop),
    ...(match !== '' && { match }),
    ...(terminates !== undefined && { terminates }),
    ...(chain && { kind: chain }),
    ...(virtualHost !== undefined && { virtualHost }),
    ...(route?.name && { route: route.name }),
    ...(source && { routeSource: `${source.name}.${source.namespace}` }),
    ...(clusterName !== undefined && { cluster: clusterName }),
    ...(built && { clusterType: built.type }),
    ...(rule && { rule: `${rule.name}.${rule.namespace}` }),
    ...(tls && { tls: tls.mode === 'NONE' ? { mode: 'NONE' } : { mode: tls.mode, sni: tls.sni, sans: tls.subjectAltNames } }),
  };
}
