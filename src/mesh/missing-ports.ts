import type { VirtualService } from '../resources/virtual-service.ts';
import type { Path } from '../yaml/locate.ts';
import { routedPorts } from './hosts-in-view.ts';
import { isForMeshAlone, scopedMatches } from './match-scope.ts';
import type { Mesh } from './mesh.ts';
import { destinationHosts } from './named-hosts.ts';
import type { RegisteredHost } from './registry.ts';

/** A destination that leads to a port which its host does not have (docs/traffic-model.md, R-20). */
export interface MissingPort {
  readonly host: string;
  readonly port: number;
  /** To the destination. */
  readonly path: Path;
  /** Who registers the host. */
  readonly registrations: readonly [RegisteredHost, ...RegisteredHost[]];
}

/** A port that a destination names, and that no registration in view of its host has, or may have. */
export interface NamedMissingPort extends MissingPort {
  /** The port whose `targetPort` it is. */
  readonly front: number | undefined;
  /** The port that is meant: that one, or the only one of the host. */
  readonly meant: number | undefined;
  /** Whether the files leave no doubt which host is meant. */
  readonly isCertain: boolean;
}

/** The ports that destinations of a VirtualService name and that their hosts lack. */
export function missingPorts(mesh: Mesh, vs: VirtualService): readonly NamedMissingPort[] {
  return destinationHosts(vs, mesh.config.clusterDomain).flatMap(({ destination, path }): readonly NamedMissingPort[] => {
    const { host, port, written } = destination;
    // A gateway's port that its Service does not expose is told of by gateway-port-not-exposed.
    if (port === undefined || port <= 0 || mesh.gatewayServices.hasServerOn(host, port)) return [];
    const all = mesh.registry.named(host);
    const [first, ...others] = all.filter((registered) => mesh.belongTogether(vs, registered.resource));
    if (!first || all.some((registered) => mayHave(registered, port))) return [];
    const front = [first, ...others].flatMap((registered) => frontOf(registered, port))[0];
    const only = others.length === 0 && first.ports.length === 1 ? first.ports[0]?.number : undefined;
    // What a short name means rests on the namespace.
    const isCertain = written === host || mesh.hasKnownNamespace(vs);
    return [{ host, port, path: path.slice(0, -1), registrations: [first, ...others], front, meant: front ?? only, isCertain }];
  });
}

/** http destinations of sidecars without a port, whose host lacks all ports on which the rule is used; `port` is the first of these. */
export function portlessDestinations(mesh: Mesh, vs: VirtualService): readonly MissingPort[] {
  const called = routedPorts(mesh, vs)?.filter(({ group }) => group === 'http' || group === 'auto') ?? [];
  if (called.length === 0) return [];
  const matches = scopedMatches(vs, 'http');
  return destinationHosts(vs, mesh.config.clusterDomain).flatMap(({ destination, path }): readonly MissingPort[] => {
    const { host, section, rule, port } = destination;
    const scopes = matches.filter((match) => match.rule === rule).map(({ scope }) => scope);
    if (section !== 'http' || port !== undefined || !scopes.every(isForMeshAlone)) return [];
    const numbers = called.flatMap(({ number }) => (scopes.some((scope) => scope.port === undefined || scope.port === number) ? [number] : []));
    const all = mesh.registry.named(host);
    const registered = all.find((each) => mesh.belongTogether(vs, each.resource));
    const [first] = numbers;
    // On port 80 a rule counts for hosts that are not registered there, so the port that is called is not known.
    const isOpen = scopes.some((scope) => scope.port === undefined) && all.some((each) => mayHave(each, 80));
    if (first === undefined || !registered || isOpen || all.some((each) => numbers.some((number) => mayHave(each, number)))) return [];
    return [{ host, port: first, path: path.slice(0, -1), registrations: [registered] }];
  });
}

/** An alias has the ports of the host that it stands for. */
function mayHave(registered: RegisteredHost, port: number): boolean {
  const isAlias = registered.resource.kind === 'Service' && registered.external;
  return isAlias || registered.hasUnknownPorts || registered.ports.some((each) => each.number === 0 || each.number === port);
}

/** The port whose `targetPort` a number is. */
function frontOf({ resource, ports }: RegisteredHost, port: number): readonly number[] {
  return ports.flatMap(({ index, number }) => (Number(resource.spec.ports[index]?.targetPort) === port ? [number] : []));
}
