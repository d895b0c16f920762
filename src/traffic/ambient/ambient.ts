import { isAmbient } from '../../mesh/client-namespaces.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { refusalOf, waypointReference, waypointsMeant } from '../../mesh/waypoints.ts';
import type { KubernetesGateway } from '../../resources/kubernetes-gateway.ts';
import type { Path } from '../../yaml/locate.ts';
import { automaticAddress, isBlock } from '../terms/address.ts';
import type { Reason } from '../terms/reason.ts';
import type { Labels, Service } from '../terms/service.ts';

const MODE = 'istio.io/dataplane-mode';
const USE_WAYPOINT: Path = ['metadata', 'labels', 'istio.io/use-waypoint'];

/** The waypoint that a service is bound to, and the label that binds it. */
export interface Waypoint {
  readonly gateway: KubernetesGateway;
  readonly at: Reason;
}

/** Which Pods ztunnel captures, what it knows, and where it sends that. Nothing recorded from Istio stands behind this. */
export class Ambient {
  private readonly mesh: Mesh;
  private readonly services: readonly Service[];
  private lazyByAddress: ReadonlyMap<string, Service> | undefined;
  private readonly waypoints = new Map<Service, Waypoint | undefined>();

  /** @param services the oldest first */
  constructor(mesh: Mesh, services: readonly Service[]) {
    this.mesh = mesh;
    this.services = services;
  }

  /** whether ztunnel captures a Pod. A Pod's own label beats the Namespace's. */
  captures(namespace: string, labels: Labels): boolean {
    const own = labels[MODE];
    if (own !== undefined) return own === 'ambient';
    return this.mesh.named('Namespace', '', namespace).some(isAmbient);
  }

  /** the service at an address: of several copies a Kubernetes Service, else the oldest. Ranges of addresses are not known to ztunnel. */
  serviceAt(address: string): Service | undefined {
    this.lazyByAddress ??= byAddress(this.services);
    return this.lazyByAddress.get(address);
  }

  /** the waypoint that takes the traffic to a service; undefined where it is bound to none, or to one that refuses. */
  waypointOf(service: Service): Waypoint | undefined {
    if (this.waypoints.has(service)) return this.waypoints.get(service);
    const found = this.findWaypoint(service);
    this.waypoints.set(service, found);
    return found;
  }

  private findWaypoint({ resource, namespace }: Service): Waypoint | undefined {
    const ofNamespace = this.mesh.named('Namespace', '', namespace);
    // Of a service nothing but the labels counts here, whichever of the two kinds registers it.
    const own = resource && waypointReference(resource as Parameters<typeof waypointReference>[0]);
    const reference = own ?? ofNamespace.map(waypointReference).find((each) => each !== undefined);
    if (!reference || reference === 'none') return undefined;
    const gateway = waypointsMeant(this.mesh, reference).find((each) => refusalOf(this.mesh, each, namespace) === undefined);
    return gateway && { gateway, at: { resource: reference.resource, path: USE_WAYPOINT } };
  }
}

/** the addresses that files give, those of Services, and automatic ones: DNS capture is on in ambient. */
function byAddress(services: readonly Service[]): ReadonlyMap<string, Service> {
  const found = new Map<string, Service>();
  for (const service of services) {
    const address = service.hasAutoAddress ? automaticAddress(service) : service.address;
    if (address === undefined || isBlock(address)) continue;
    if (found.get(address)?.registry !== 'kubernetes') found.set(address, service.registry === 'kubernetes' ? service : (found.get(address) ?? service));
  }
  return found;
}
