import { isSubsetOf, serviceHost } from '../../mesh/host-name.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../resources/resource.ts';
import type { ConnectionPath, OutcomeName } from '../outcomes/outcome.ts';
import type { Reason } from '../terms/reason.ts';
import { TrafficModel } from '../traffic-model.ts';
import { type ExpectedConnection, expectedConnections } from './expected-connections.ts';
import { destinationOf, isSoundStory, reasonsOf } from './failing-paths.ts';
import { answerProbe } from './probe.ts';

/** Calls that have to leave through a gateway. */
export interface RequiredGateway {
  /** `namespace/name` of the gateway's Service. */
  readonly gateway: string;
  /** Clients that it is for; all where the list is empty. */
  readonly namespaces: readonly string[];
  /** Hosts that it is for, wildcards included; all where the list is empty. */
  readonly hosts: readonly string[];
}

/** A connection that leaves the mesh without passing the gateway that is required for it. */
export interface PastGateway {
  readonly connection: ExpectedConnection;
  readonly required: RequiredGateway;
  /** The host of the gateway's Service. */
  readonly service: string;
  /** The host of the gateway that it passes instead, if any. */
  readonly through: string | undefined;
  /** The destination of the route that the sidecar took; undefined where it took none. */
  readonly route: Reason | undefined;
}

/** Ends outside of the mesh. What fails, or is dropped, does not leave it; what an annotation lets pass by is another rule's business. */
const LEAVING: ReadonlySet<OutcomeName> = new Set(['direct', 'originated', 'gateway']);

/**
 * Calls to registered hosts that leave past the gateway that is required for them, as Istio takes them (not as one route looks): whichever of two objects of
 * unknown age is the older, and as far as everything that had a say is in view. One for each host and requirement.
 */
export function* pastGateways(mesh: Mesh, all: readonly RequiredGateway[]): Generator<PastGateway> {
  const models = [new TrafficModel(mesh), new TrafficModel(mesh, { reversesAges: true })];
  for (const required of all) {
    const service = hostOf(required.gateway, mesh);
    const seen = new Map<Resource, Set<string>>();
    for (const connection of expectedConnections(mesh, { clients: required.namespaces, asDeclared: true })) {
      const { at, probe } = connection;
      const hosts = seen.get(at.resource) ?? new Set();
      seen.set(at.resource, hosts);
      if (hosts.has(probe.to.host) || !isMeant(probe.to.host, required)) continue;
      if (isOwn(service, probe.from.namespace)) continue;
      const paths = models.map((model) => answerProbe(model, probe).find((path) => isPast(path, service)));
      const [path] = paths;
      if (!path || paths.includes(undefined) || !isSoundStory([at.resource, ...reasonsOf(path).map(({ resource }) => resource)], mesh)) continue;
      hosts.add(probe.to.host);
      const [first] = path.hops;
      yield { connection, required, service, through: path.hops.length > 1 ? first?.cluster?.key.host : undefined, route: first && destinationOf(first) };
    }
  }
}

function hostOf(gateway: string, { config }: Mesh): string {
  const [namespace = '', name = ''] = gateway.split('/');
  return serviceHost(name, namespace, config.clusterDomain);
}

function isMeant(host: string, { hosts }: RequiredGateway): boolean {
  return hosts.length === 0 || hosts.some((pattern) => pattern === '*' || isSubsetOf(host, pattern));
}

/** What runs beside the gateway is mostly the gateway. */
function isOwn(service: string, namespace: string): boolean {
  return service.split('.')[1] === namespace;
}

function isPast({ outcome, hops }: ConnectionPath, service: string): boolean {
  return LEAVING.has(outcome) && !hops.some(({ cluster }) => cluster?.key.host === service);
}
