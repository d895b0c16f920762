import type { Cluster, MissingCluster } from '../traffic/clusters/cluster.ts';
import type { ConnectionPath, Hop } from '../traffic/outcomes/outcome.ts';
import { type RecordedAnswer, type RecordedHop, recordedAnswer } from '../traffic/outcomes/recorded-answer.ts';
import { type Symptom, symptomOfPath } from '../traffic/outcomes/symptoms.ts';
import { destinationOf } from '../traffic/probes/failing-paths.ts';
import type { Probe } from '../traffic/probes/probe.ts';
import { addressText } from '../traffic/terms/address.ts';
import type { Connection } from '../traffic/terms/connection.ts';
import type { Reason } from '../traffic/terms/reason.ts';
import type { Location, ResourceId } from './finding.ts';
import { idOf, locationOf, pathText } from './place.ts';

/** What part of a proxy's configuration a field decided. */
export type TracedPart = 'server' | 'listener' | 'filter chain' | 'virtual host' | 'route' | 'policy' | 'cluster' | 'subset' | 'TLS' | 'end';

/** A field that decided something on the way, and where it stands. */
export interface TracedField {
  readonly part: TracedPart;
  /** In words, behind the object's name: `registers the host`. */
  readonly what: string;
  readonly resource: ResourceId;
  readonly path: string;
  readonly location: Location;
}

/** What goes over the wire: the layers of TLS from the outside in, and what is inside of them. */
export interface TracedWire {
  readonly layers: readonly { readonly by: string; readonly sni: string; readonly cert?: string }[];
  readonly content: 'HTTP/1.1' | 'HTTP/2' | 'bytes';
  /** Host header. */
  readonly authority?: string;
  readonly address?: string;
  readonly port: number;
}

/** One proxy on the way: what recorded answers have of it, and why. */
export interface TracedHop extends RecordedHop {
  /** Of the Pod. */
  readonly namespace: string;
  /** By which its Pods are found. */
  readonly labels: Readonly<Record<string, string>>;
  /** What reaches it. */
  readonly receives: TracedWire;
  /** Where it sends the connection. */
  readonly sendsTo?: { readonly address: string; readonly port: number };
  /** What the cluster lacks, where the proxy does not have it. */
  readonly missing?: MissingCluster['missing'];
  readonly decidedBy: readonly TracedField[];
}

/** How a connection goes and ends, in the terms of recorded answers (test/conformance/README.md), with the fields that decided. */
export interface TracedEnd extends Omit<RecordedAnswer, 'hops' | 'others'> {
  readonly hops: readonly TracedHop[];
  /** What the last proxy sends, where the connection leaves the proxies. */
  readonly sends?: TracedWire;
  /** What decided behind the last proxy: a PeerAuthentication, an AuthorizationPolicy, an annotation. */
  readonly because?: TracedField;
  /** `likely` where policies or annotations decided, of which not all need be in view. */
  readonly confidence?: 'likely';
  /** Where traffic is split: the other ends. */
  readonly others?: readonly TracedEnd[];
}

/** What becomes of a connection: what was asked, the answer, and what people see of it. docs/trace.schema.json describes it. */
export interface Trace {
  readonly probe: Probe;
  readonly expect: TracedEnd;
  readonly symptom: Symptom;
}

/** @param paths all ways that the connection can take; at least one */
export function traceOf(probe: Probe, paths: readonly ConnectionPath[]): Trace {
  const { expect, path } = endOf(paths);
  return { probe, expect, symptom: symptomOfPath(path) };
}

function endOf(paths: readonly ConnectionPath[]): { readonly expect: TracedEnd; readonly path: ConnectionPath } {
  const answer = recordedAnswer(paths);
  const [first] = paths;
  if (!first) throw new Error('a connection takes some way');
  const path = paths.find((each) => isSameEnd(answer, each)) ?? first;
  const { hops: _, others, ...end } = answer;
  const ends = others?.map((other) => withFields(other, paths.find((each) => isSameEnd(other, each)) ?? first));
  return { expect: { ...withFields({ ...end, hops: answer.hops }, path), ...(ends && { others: ends }) }, path };
}

function isSameEnd({ outcome, hops }: RecordedAnswer, path: ConnectionPath): boolean {
  return path.outcome === outcome && path.hops.length === hops.length && path.hops.every(({ clusterName }, index) => clusterName === hops[index]?.cluster);
}

function withFields({ hops, others: _, ...end }: RecordedAnswer, path: ConnectionPath): TracedEnd {
  const { because, confidence, delivered } = path;
  const field = because && fieldAt('end', 'decides', because);
  const last = path.hops.at(-1)?.connection;
  return {
    ...end,
    hops: hops.map((hop, index) => hopOf(hop, path.hops[index])),
    ...(delivered && last && { sends: wireOf({ ...last, tls: delivered.tls, ip: delivered.host, port: delivered.port }) }),
    ...(field && { because: field }),
    ...(confidence && { confidence }),
  };
}

function hopOf(recorded: RecordedHop, hop: Hop | undefined): TracedHop {
  if (!hop) throw new Error('each recorded hop is one of the path');
  const { proxy, connection, endpoint, cluster } = hop;
  return {
    ...recorded,
    namespace: proxy.namespace,
    labels: proxy.labels,
    receives: wireOf(connection),
    ...(endpoint && { sendsTo: { address: addressText(endpoint.address || connection.host), port: endpoint.port } }),
    ...(cluster && 'missing' in cluster && { missing: cluster.missing }),
    decidedBy: fieldsOf(hop),
  };
}

function wireOf({ tls, http, ip, host, port }: Connection): TracedWire {
  return {
    layers: tls.map(({ by, sni, certificate }) => ({ by, sni, ...(certificate && { cert: certificate }) })),
    content: http?.version ?? 'bytes',
    ...(http && { authority: http.authority }),
    address: addressText(ip ?? host),
    port,
  };
}

/** The fields that decided at a proxy, in the order in which it asks them; each once. */
function fieldsOf(hop: Hop): readonly TracedField[] {
  const { decision, cluster } = hop;
  const destination = destinationOf(hop);
  const isOwn = destination !== undefined && decision.route !== undefined && destination.resource === decision.route.at.resource;
  const fields = [
    ...decision.reasons.map(({ what, at }) => fieldAt(partOf(at, hop), what, at)),
    ...(isOwn ? [fieldAt('route', 'sends it there', destination)] : []),
    ...clusterFields(cluster),
  ];
  const seen = new Set<string>();
  return fields.filter((field) => {
    if (!field) return false;
    const { kind, namespace, name } = field.resource;
    const key = `${kind} ${namespace}/${name} ${field.path}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  }) as readonly TracedField[];
}

function partOf({ resource }: Reason, { decision }: Hop): TracedPart {
  if (resource.type === 'Gateway' || resource.type === 'KubernetesGateway') return 'server';
  if (decision.route?.at.resource === resource || resource.type === 'VirtualService') return 'route';
  const isUnknown = decision.action.do === 'block' || decision.action.do === 'passthrough' || decision.action.do === 'resolve';
  if (isUnknown) return 'policy';
  return decision.chain === 'http' ? 'virtual host' : 'filter chain';
}

const MISSING: Readonly<Record<MissingCluster['missing'], string>> = {
  host: 'comes closest',
  'hidden-host': 'registers the host, but not for this proxy',
  port: 'registers the host, but not the port',
  subset: 'applies to the host, and has no such subset',
  'subset-endpoints': 'defines the subset, whose labels no endpoint has',
  endpoints: 'registers the host without endpoints',
};

function clusterFields(cluster: Cluster | MissingCluster | undefined): readonly (TracedField | undefined)[] {
  if (!cluster) return [];
  if ('missing' in cluster) return [cluster.at && fieldAt('cluster', MISSING[cluster.missing], cluster.at)];
  const { service, port, destinationRule, subset, tlsAt } = cluster;
  return [
    service.at && fieldAt('cluster', 'registers the host', service.at),
    port.at && fieldAt('cluster', 'declares the port', port.at),
    tlsAt && fieldAt('TLS', 'says what TLS the proxy starts', tlsAt),
    subset && fieldAt('subset', 'defines the subset', subset),
    destinationRule && fieldAt('cluster', 'applies to the host', destinationRule),
  ];
}

/** Undefined for what stands in no file: assumed objects. */
function fieldAt(part: TracedPart, what: string, at: Reason): TracedField | undefined {
  return at.resource.source.file.text === '' ? undefined : { part, what, ...placeAt(at) };
}

type FieldPlace = Pick<TracedField, 'resource' | 'path' | 'location'>;

const places = new WeakMap<Reason['resource'], Map<string, FieldPlace>>();

/** The same few fields decide about many connections: where they stand is looked up once. */
function placeAt({ resource, path }: Reason): FieldPlace {
  const key = pathText(path);
  const ofResource = places.get(resource) ?? new Map<string, FieldPlace>();
  places.set(resource, ofResource);
  const known = ofResource.get(key) ?? { resource: idOf(resource), path: key, location: locationOf({ resource, path }) };
  ofResource.set(key, known);
  return known;
}
