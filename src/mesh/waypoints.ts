import type { KubernetesGateway } from '../resources/kubernetes-gateway.ts';
import type { Namespace } from '../resources/namespace.ts';
import type { Resource } from '../resources/resource.ts';
import type { Service } from '../resources/service.ts';
import type { ServiceEntry } from '../resources/service-entry.ts';
import { isTemplateText } from '../yaml/template-text.ts';
import { fitsSelector, namespaceLabels } from './label-selector.ts';
import type { Mesh } from './mesh.ts';

const USE_WAYPOINT = 'istio.io/use-waypoint';
const USE_WAYPOINT_NAMESPACE = 'istio.io/use-waypoint-namespace';
const WAYPOINT_FOR = 'istio.io/waypoint-for';
/** The class of Istio's own waypoints. */
const ISTIO = 'istio-waypoint';

/** A label that binds an object to a waypoint. */
export interface WaypointReference {
  /** The object that carries the label. */
  readonly resource: Namespace | ServiceEntry | Service;
  readonly name: string;
  readonly namespace: string;
  /** Whether `istio.io/use-waypoint-namespace` says which namespace is meant. */
  readonly isNamespaceWritten: boolean;
}

/** the waypoint that an object's own labels name: in its own namespace, unless they name another. `none` opts out. */
export function waypointReference(resource: WaypointReference['resource']): WaypointReference | 'none' | undefined {
  const name = resource.labels[USE_WAYPOINT];
  if (name === undefined || name === '') return undefined;
  if (name === 'none') return 'none';
  const written = resource.labels[USE_WAYPOINT_NAMESPACE];
  const own = resource.kind === 'Namespace' ? resource.name : resource.namespace;
  if (isTemplateText(name) || isTemplateText(written ?? '')) return undefined;
  return { resource, name, namespace: written ?? own, isNamespaceWritten: written !== undefined };
}

/** Whether an object has a waypoint: `unknown` where the Namespace, whose labels hold for it too, is not in view. */
export function hasWaypoint(mesh: Mesh, resource: ServiceEntry | Service): 'yes' | 'no' | 'unknown' {
  if (isTemplateText(resource.labels[USE_WAYPOINT] ?? '')) return 'unknown';
  const own = waypointReference(resource);
  if (own !== undefined) return own === 'none' ? 'no' : 'yes';
  const namespaces = mesh.named('Namespace', '', resource.namespace);
  if (namespaces.length === 0) return 'unknown';
  return namespaces.some(({ labels }) => labels[USE_WAYPOINT] !== undefined && labels[USE_WAYPOINT] !== 'none') ? 'yes' : 'no';
}

/** what keeps a waypoint from taking the traffic to Services and ServiceEntries of a namespace. */
export type Refusal =
  /** `istio.io/waypoint-for` names other traffic. */
  | { readonly why: 'traffic'; readonly value: string }
  /** No listener admits the namespace: they admit their own only, unless `allowedRoutes` says otherwise. */
  | { readonly why: 'namespace'; readonly listener: number }
  /** A listener admits namespaces by labels that this one, which is in view, does not have. */
  | { readonly why: 'labels'; readonly listener: number };

/** @returns undefined where nothing keeps it, or where namespaces are chosen by labels and this one is not in view */
export function refusalOf(mesh: Mesh, waypoint: KubernetesGateway, namespace: string): Refusal | undefined {
  const value = waypoint.labels[WAYPOINT_FOR];
  if (value === 'workload' || value === 'none') return { why: 'traffic', value };
  if (namespace === waypoint.namespace) return undefined;
  const { listeners } = waypoint.spec;
  const listener = listeners.findIndex(({ protocol }) => protocol === 'HBONE');
  if (listener === -1) return undefined;
  const admits = listeners.map(({ allowedRoutes }) => allowedRoutes?.namespaces);
  if (admits.every((each) => (each?.from ?? 'Same') === 'Same')) return { why: 'namespace', listener };
  const declared = mesh.named('Namespace', '', namespace);
  const fits = ({ from, selector }: NonNullable<(typeof admits)[number]>): boolean =>
    from === 'All' || (from === 'Selector' && selector !== undefined && declared.some((each) => fitsSelector(selector, namespaceLabels(each))));
  return declared.length === 0 || waypoint.templates.length > 0 || admits.some((each) => each && fits(each)) ? undefined : { why: 'labels', listener };
}

/** Whether a Gateway of the Gateway API is a waypoint. */
export function isWaypoint({ spec }: KubernetesGateway): boolean {
  return /waypoint$/.test(spec.gatewayClassName ?? '') || spec.listeners.some(({ protocol }) => protocol === 'HBONE');
}

/** Whether the waypoint of an entry is not Istio's: what it does with connections is said by kinds that are not read. */
export function isServedByOthers(mesh: Mesh, entry: ServiceEntry): boolean {
  const own = waypointReference(entry);
  const references = own === undefined ? mesh.named('Namespace', '', entry.namespace).map(waypointReference) : [own];
  return references.some(
    (reference) =>
      reference !== undefined && reference !== 'none' && waypointsMeant(mesh, reference).some(({ spec }) => (spec.gatewayClassName ?? ISTIO) !== ISTIO),
  );
}

/** The Gateways that a reference means, of those that may stand in one cluster with the object that carries it. */
export function waypointsMeant(mesh: Mesh, { resource, namespace, name }: WaypointReference): readonly KubernetesGateway[] {
  return mesh.named('KubernetesGateway', namespace, name).filter((gateway) => mesh.belongTogether(gateway, resource));
}

/** Objects whose labels can name a waypoint. */
export function objectsWithWaypoint(mesh: Mesh): readonly WaypointReference[] {
  const objects: readonly (Resource & WaypointReference['resource'])[] = [...mesh.all('Namespace'), ...mesh.all('ServiceEntry'), ...mesh.all('Service')];
  return objects.flatMap((object) => {
    const reference = waypointReference(object);
    return reference === undefined || reference === 'none' ? [] : [reference];
  });
}

/**
 * A-7, L-14: whether a mesh shows ztunnel at work: a Namespace in ambient mode, or a waypoint, which serves ztunnel's clients alone, or an object that is bound to one.
 * ztunnel captures DNS unless told otherwise, so that hosts have addresses of their own.
 */
export function showsZtunnel(mesh: Mesh): boolean {
  if (mesh.all('Namespace').some(({ labels }) => labels['istio.io/dataplane-mode'] === 'ambient')) return true;
  return mesh.all('KubernetesGateway').some(isWaypoint) || objectsWithWaypoint(mesh).length > 0;
}
