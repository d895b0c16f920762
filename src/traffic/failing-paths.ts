import type { Mesh } from '../mesh/mesh.ts';
import type { Resource } from '../resources/resource.ts';
import type { MissingCluster } from './cluster.ts';
import { type ExpectedConnection, expectedConnections } from './expected-connections.ts';
import type { ConnectionPath, Hop, OutcomeName } from './outcome.ts';
import { answerProbe } from './probe.ts';
import type { Reason } from './reason.ts';
import { type Symptom, symptomOf } from './symptoms.ts';
import { TrafficModel } from './traffic-model.ts';

/** A connection that is expected to work and never does, whichever of two objects of unknown age is the older. */
export interface FailingPath {
  readonly connection: ExpectedConnection;
  readonly path: ConnectionPath;
  /** The proxy at which it fails, or the last one that it passes. */
  readonly last: Hop;
  /** The cluster that this proxy lacks. */
  readonly missing: MissingCluster | undefined;
  /** The destination in a route that the last proxy took; undefined where no route was involved. */
  readonly destination: Reason | undefined;
  /** The destination by which the first proxy sent it to the second. */
  readonly firstDestination: Reason | undefined;
  /** Every object that had a say. */
  readonly resources: ReadonlySet<Resource>;
  readonly symptom: Symptom | undefined;
}

const FAILURES: ReadonlySet<OutcomeName> = new Set([
  'double-tls',
  'plaintext-to-tls',
  'protocol-error',
  'handshake-failed',
  'no-route',
  'no-cluster',
  'no-endpoints',
  'no-filter-chain',
  'refused',
  'loop',
  'rejected',
]);

/**
 * The expected connections that fail, as far as objects in view make them fail: what rests on template text, or on an object of which there are
 * alternatives, is left out.
 */
export function* failingPaths(mesh: Mesh): Generator<FailingPath> {
  const model = new TrafficModel(mesh);
  let reversed: TrafficModel | undefined;
  for (const connection of expectedConnections(mesh)) {
    const [path] = answerProbe(model, connection.probe);
    if (!path || !FAILURES.has(path.outcome)) continue;
    reversed ??= new TrafficModel(mesh, { reversesAges: true });
    if (answerProbe(reversed, connection.probe)[0]?.outcome !== path.outcome) continue;
    const failing = describeFailure(connection, path);
    if (failing && !isFedByHttp(failing, mesh) && isSound(failing, mesh)) yield failing;
  }
}

function describeFailure(connection: ExpectedConnection, path: ConnectionPath): FailingPath | undefined {
  const last = path.hops.at(-1);
  const [first] = path.hops;
  if (!last || !first) return undefined;
  const resources = new Set([connection.at, ...reasonsOf(path)].map(({ resource }) => resource));
  const speaks = first.decision.chain === 'http' ? 'http' : 'tls';
  return {
    connection,
    path,
    last,
    missing: last.cluster && 'missing' in last.cluster ? last.cluster : undefined,
    destination: destinationOf(last),
    firstDestination: destinationOf(first),
    resources,
    symptom: symptomOf(path, speaks),
  };
}

/** Whether TLS is started for a port that http routes feed with plain HTTP, as it should be: those who dial it with TLS themselves are none that anybody expects. */
function isFedByHttp({ path, last }: FailingPath, mesh: Mesh): boolean {
  if (path.outcome !== 'double-tls' || !last.cluster) return false;
  const { host, port } = last.cluster.key;
  const isBackend = (route: Resource<string, { readonly rules: readonly { readonly backendRefs: readonly { readonly name?: string }[] }[] }>): boolean =>
    route.spec.rules.some(({ backendRefs }) => backendRefs.some(({ name }) => name === host));
  return mesh.routes.to(host, port).some(({ section }) => section === 'http') || mesh.all('HTTPRoute').some(isBackend);
}

/** The destination that a hop was sent by. */
export function destinationOf({ decision, cluster }: Hop): Reason | undefined {
  if (decision.action.do !== 'forward' || !cluster) return undefined;
  const { host, port, subset } = cluster.key;
  return decision.action.to.find(({ cluster: key }) => key.host === host && key.port === port && key.subset === subset)?.at;
}

/** Every field that decided something on the way, in the order of the way. */
export function reasonsOf({ hops, because }: ConnectionPath): readonly Reason[] {
  const found = hops.flatMap((hop) => {
    const { decision, cluster } = hop;
    const ofCluster = !cluster
      ? []
      : 'missing' in cluster
        ? [cluster.at]
        : [cluster.service.at, cluster.port.at, cluster.destinationRule, cluster.subset, cluster.tlsAt];
    return [...decision.reasons.map(({ at }) => at), decision.route?.at, destinationOf(hop), ...ofCluster];
  });
  return [...found, because].filter((reason) => reason !== undefined);
}

/** Whether nothing that had a say is unknown, or one of several alternatives. */
function isSound({ resources }: FailingPath, mesh: Mesh): boolean {
  const all = [...resources];
  if (all.some((resource) => resource.templates.length > 0 || mesh.named(resource.type as 'Gateway', resource.namespace, resource.name).length > 1))
    return false;
  return all.every((resource) => resource === all[0] || all[0] === undefined || mesh.belongTogether(all[0], resource));
}
