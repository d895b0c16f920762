import type { AuthorizationPolicy } from '../resources/authorization-policy.ts';
import type { ServiceEntry } from '../resources/service-entry.ts';
import type { Mesh } from './mesh.ts';
import { isTemplated } from './template-paths.ts';
import { isServedByOthers, isWaypoint, objectsWithWaypoint, waypointReference, waypointsMeant } from './waypoints.ts';

/** A port of a ServiceEntry, by its index. */
export interface EntryPort {
  readonly entry: ServiceEntry;
  readonly index: number;
}

/**
 * The ports that a policy at waypoints is about, where the waypoint passes the connections to all of them on without reading requests: they are TLS or TCP
 * (docs/traffic-model.md, A-8 and P-4).
 * @param ports the ports that its rule names; none means all
 * @returns none where requests are read on any of them, where not all that the policy is for is in view, and for other policies
 */
export function unreadPorts(mesh: Mesh, policy: AuthorizationPolicy, ports: readonly string[]): readonly EntryPort[] {
  const entries = entriesBehind(mesh, policy);
  const meant = entries.flatMap((entry) =>
    entry.spec.ports.flatMap(({ number }, index) => (ports.length === 0 || ports.includes(String(number)) ? [{ entry, index }] : [])),
  );
  const isUnread = ({ entry, index }: EntryPort): boolean => {
    const group = mesh.protocolGroup(entry.spec.ports[index]?.protocol);
    return group === 'tls' || group === 'tcp';
  };
  return meant.every(isUnread) && !entries.some((entry) => isServedByOthers(mesh, entry)) ? meant : [];
}

/** P-1: the ServiceEntries that a policy is attached to, by itself or by their waypoint. */
function entriesBehind(mesh: Mesh, policy: AuthorizationPolicy): readonly ServiceEntry[] {
  const { targetRef, targetRefs } = policy.spec;
  const targets = targetRef ? [...targetRefs, targetRef] : targetRefs;
  if (targets.length === 0 || isTemplated(policy, ['spec']) || !mesh.hasKnownNamespace(policy)) return [];
  const found = targets.map(({ kind, name = '' }) => {
    if (kind === 'ServiceEntry') return mesh.named('ServiceEntry', policy.namespace, name);
    return kind === 'Gateway' ? boundTo(mesh, policy, name) : [];
  });
  const entries = found.flat().filter((entry) => entry.templates.length === 0 && mesh.belongTogether(entry, policy));
  return found.some((each) => each.length === 0) || entries.length < found.flat().length ? [] : entries;
}

/** The entries that a waypoint serves; none where it serves anything else in view. */
function boundTo(mesh: Mesh, policy: AuthorizationPolicy, name: string): readonly ServiceEntry[] {
  const [waypoint] = mesh.named('KubernetesGateway', policy.namespace, name);
  if (!waypoint || !isWaypoint(waypoint)) return [];
  const bound = objectsWithWaypoint(mesh).filter((reference) => waypointsMeant(mesh, reference).includes(waypoint));
  const entries = new Set<ServiceEntry>();
  for (const { resource } of bound) {
    if (resource.kind === 'Service') return [];
    if (resource.kind === 'ServiceEntry') entries.add(resource as ServiceEntry);
    if (resource.kind !== 'Namespace') continue;
    if (mesh.inNamespace('Service', resource.name).some((service) => waypointReference(service) !== 'none')) return [];
    for (const entry of mesh.inNamespace('ServiceEntry', resource.name)) if (waypointReference(entry) === undefined) entries.add(entry);
  }
  return [...entries];
}
