import { HostIndex } from '../../mesh/host-index.ts';
import { expandShortName } from '../../mesh/host-name.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { isSelectedBy } from '../../mesh/workloads.ts';
import type { ResourceByKind } from '../../resources/kinds.ts';
import type { Resource } from '../../resources/resource.ts';
import type { MissingCluster } from '../clusters/cluster.ts';
import type { ConnectionPath, Hop, OutcomeName } from '../outcomes/outcome.ts';
import { type Symptom, symptomOf } from '../outcomes/symptoms.ts';
import type { Reason } from '../terms/reason.ts';
import { TrafficModel } from '../traffic-model.ts';
import { type ExpectedConnection, expectedConnections } from './expected-connections.ts';
import { gatewaysNamedBy, otherSelection } from './other-selection.ts';
import { answerProbe } from './probe.ts';
import { type Stray, Strays } from './stray.ts';
import { type UnexportedEntry, unexportedEntry } from './unexported-entry.ts';

/** A connection that is expected to work and never does, or goes another way than it should, whichever of two objects of unknown age is the older. */
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
  /** Every object that is about one of the hosts or proxies on the way, whether it had a say or should have had one. */
  readonly concerned: ReadonlySet<Resource>;
  readonly symptom: Symptom | undefined;
  /** What it misses, though nothing breaks it. */
  readonly stray: Stray | undefined;
  /** The entry that its client does not see, though something there is for the host. */
  readonly unexported: UnexportedEntry | undefined;
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
export function failingPaths(mesh: Mesh): readonly FailingPath[] {
  // A model is as large as the mesh: the first one is let go before the second is built.
  const failing = failingAsWritten(mesh);
  if (failing.length === 0) return failing;
  const reversed = new TrafficModel(mesh, { reversesAges: true });
  return failing.filter(({ connection, path }) => answerProbe(reversed, connection.probe)[0]?.outcome === path.outcome);
}

/** Of two objects of unknown age the one that stands first counts as the older. */
function failingAsWritten(mesh: Mesh): readonly FailingPath[] {
  const model = new TrafficModel(mesh);
  const strays = new Strays(mesh);
  const found: FailingPath[] = [];
  let routed: RoutesByHost | undefined;
  for (const connection of expectedConnections(mesh)) {
    const [path] = answerProbe(model, connection.probe);
    if (!path || path.confidence === 'likely') continue;
    const isFailure = FAILURES.has(path.outcome);
    const stray = isFailure ? undefined : strays.of(connection, path);
    const unexported = isFailure || stray ? undefined : unexportedEntry(connection, path, mesh);
    if (!isFailure && !stray && !unexported) continue;
    routed ??= routesByHost(mesh);
    const failing = describeFailure(connection, path, { stray, unexported }, mesh, routed);
    if (failing && isInView(failing, mesh) && !isFedByHttp(failing, mesh) && isSound(failing, mesh)) found.push(failing);
  }
  return found;
}

function describeFailure(
  connection: ExpectedConnection,
  path: ConnectionPath,
  { stray, unexported }: Pick<FailingPath, 'stray' | 'unexported'>,
  mesh: Mesh,
  routed: RoutesByHost,
): FailingPath | undefined {
  const last = path.hops.at(-1);
  const [first] = path.hops;
  if (!last || !first) return undefined;
  const missed = stray ? [stray.sidecar, stray.hidden] : (unexported?.neededBy ?? []);
  const resources = new Set([...[connection.at, ...reasonsOf(path)].map(({ resource }) => resource)].concat(missed));
  const speaks = first.decision.chain === 'http' ? 'http' : 'tls';
  return {
    connection,
    path,
    last,
    missing: last.cluster && 'missing' in last.cluster ? last.cluster : undefined,
    destination: destinationOf(last),
    firstDestination: destinationOf(first),
    resources,
    concerned: new Set([...resources, ...concernedBy(connection, path, mesh, routed)]),
    symptom: symptomOf(path, speaks),
    stray,
    unexported,
  };
}

type RoutesByHost = HostIndex<ResourceByKind['VirtualService']>;

function routesByHost(mesh: Mesh): RoutesByHost {
  const { clusterDomain } = mesh.config;
  return new HostIndex(
    mesh.all('VirtualService').flatMap((each) => each.spec.hosts.map((host) => [expandShortName(host, each.namespace, clusterDomain), each])),
  );
}

/** What is about the hosts that are called on the way, and about the gateways that are passed. Hundreds may share a gateway: only what is about the call counts. */
function concernedBy({ probe }: ExpectedConnection, { hops }: ConnectionPath, mesh: Mesh, routed: RoutesByHost): readonly Resource[] {
  const called = probe.to.host;
  const hosts = [...new Set([called, ...hops.flatMap(({ cluster }) => cluster?.key.host ?? [])])];
  const routes = routed.overlapping(called);
  const registering = hosts.flatMap((host) => mesh.registry.covering(host).map(({ resource }) => resource));
  const namespaces = [
    probe.from.namespace,
    mesh.config.rootNamespace,
    ...hops.map(({ proxy }) => proxy.namespace),
    ...registering.map((each) => each.namespace),
  ];
  return [
    ...registering,
    ...routes,
    ...routes.flatMap((route) => gatewaysNamedBy(route, mesh)),
    ...mesh.destinationRules.covering(called),
    ...hosts.flatMap((host) => mesh.destinationRules.coveringIn(host, namespaces)),
    // The rule that has the subset may stand where nobody looks.
    ...hops.flatMap(({ cluster }) => (cluster?.key.subset ? mesh.destinationRules.defining(cluster.key.host, cluster.key.subset) : [])),
    ...mesh.inNamespace('Sidecar', probe.from.namespace),
    ...policiesFor(new Set(registering.map(({ name }) => name)), mesh),
  ];
}

/** More policies are not looked through for each path. */
const MAX_POLICIES = 200;

/** the policies that are meant for one of these objects, though they may stand in a namespace where they are not looked at. */
function policiesFor(names: ReadonlySet<string>, mesh: Mesh): readonly Resource[] {
  const policies = mesh.all('BackendTLSPolicy').slice(0, MAX_POLICIES);
  return policies.filter(({ spec }) => spec.targetRefs.some(({ name = '' }) => names.has(name)));
}

/**
 * Whether what fails is in view: a gateway may have Gateways that no file holds, a Service that is only assumed may have more ports, and servers in the
 * mesh speak what they please.
 */
function isInView(failing: FailingPath, mesh: Mesh): boolean {
  const { path, last, missing, destination } = failing;
  const { cluster } = last;
  if (path.at === 'server') return cluster !== undefined && !('missing' in cluster) && cluster.service.isMeshExternal;
  if (missing?.missing === 'port') return missing.at !== undefined || isUnserved(missing.key, destination, mesh);
  if (missing?.missing === 'subset') return mesh.destinationRules.coversAny(missing.key.host) || isOtherwiseInView(failing, mesh);
  // The application may bring a certificate of its own.
  if (path.outcome === 'handshake-failed' && last.connection.tls[0]?.by === 'client') return last.decision.terminates === 'ISTIO_MUTUAL';
  if (path.at === 'gateway' && !cluster)
    return mesh.all('Gateway').some(({ spec }) => isSelectedBy(last.proxy.labels, spec.selector)) || otherSelection(failing, mesh) !== undefined;
  return true;
}

/**
 * Whether the entry for the called host is in view, and where a route leads to a gateway a Gateway that it is bound to: without any rule for the host with
 * the subset the rule may stand elsewhere, but whoever keeps all of this together most likely forgot it.
 */
function isOtherwiseInView({ connection: { at, probe }, missing, destination }: FailingPath, mesh: Mesh): boolean {
  if (mesh.hasTemplates('DestinationRule') || mesh.destinationRules.hasUnknownHosts) return false;
  if (at.resource.type !== 'ServiceEntry' || destination?.resource.type !== 'VirtualService') return false;
  const isItself = missing !== undefined && mesh.registry.named(missing.key.host).some(({ resource }) => resource.type === 'ServiceEntry');
  return isItself || (missing?.key.host !== probe.to.host && gatewaysNamedBy(destination.resource as ResourceByKind['VirtualService'], mesh).length > 0);
}

/** Whether a VirtualService leads to a port of an assumed gateway on which none of the Gateways that it is bound to has a server: then nobody meant that port. */
function isUnserved({ host, port }: MissingCluster['key'], destination: Reason | undefined, mesh: Mesh): boolean {
  const bound = [...mesh.gatewayServices.gatewaysAt(host)].filter((gateway) => mesh.gatewayBindings.to(gateway).some((each) => each === destination?.resource));
  return bound.length > 0 && !mesh.gatewayServices.hasServerOn(host, port);
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
function isSound({ resources, connection }: FailingPath, mesh: Mesh): boolean {
  const all = [...resources];
  // What does not say its namespace lands where its clients are, for all that anybody knows.
  if (all.some((resource) => !resource.hasKnownNamespace && resource.namespace !== connection.probe.from.namespace)) return false;
  return isSoundStory(all, mesh);
}

/** Whether of objects that tell one story nothing is unknown, or one of several alternatives. */
export function isSoundStory(all: readonly Resource[], mesh: Mesh): boolean {
  if (all.some((resource) => resource.templates.length > 0 || mesh.named(resource.type as 'Gateway', resource.namespace, resource.name).length > 1))
    return false;
  return all.every((resource) => resource === all[0] || all[0] === undefined || mesh.belongTogether(all[0], resource));
}
