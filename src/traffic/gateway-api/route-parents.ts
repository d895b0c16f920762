import { type GatewayApiRoute, parentOf } from '../../mesh/gateway-api-routes.ts';
import { MESH } from '../../mesh/gateway-reference.ts';
import { addTo } from '../../mesh/group-by.ts';
import { isSubsetOf, isWildcard, overlaps, serviceHost } from '../../mesh/host-name.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { compareText } from '../../text/compare-text.ts';
import type { Path } from '../../yaml/locate.ts';
import type { ListenerGateway } from './kubernetes-gateways.ts';

type ParentRef = GatewayApiRoute['spec']['parentRefs'][number];

/** Where a route of the Gateway API is attached. */
export interface RouteParent {
  /** `mesh`, or the Gateway of a listener as `namespace/name` (kubernetes-gateways.ts). */
  readonly gateway: string;
  /** Hosts of the Service or ServiceEntry; undefined for listeners, where the route's own count. */
  readonly hosts: readonly string[] | undefined;
  /** The listener's hostname; undefined where it takes every name. */
  readonly hostname: string | undefined;
  /** Hostnames of the Gateway's other listeners with the same port and protocol: names that lie within one of them are theirs. */
  readonly others: readonly string[];
  /** The namespace of the Service or ServiceEntry. */
  readonly namespace: string;
  /** the one port of a Service or ServiceEntry that is meant. */
  readonly port: number | undefined;
  readonly path: Path;
}

/** the parents that take routes, of all kinds. Istio: pilot/pkg/config/kube/gateway/conversion.go, extractParentReferenceInfo. */
export class RouteParents {
  private readonly mesh: Mesh;
  private readonly byGateway = new Map<string, ListenerGateway[]>();

  constructor(mesh: Mesh, listeners: readonly ListenerGateway[]) {
    this.mesh = mesh;
    for (const listener of listeners) {
      const key = `${listener.gateway.namespace}/${listener.gateway.name}`;
      addTo(this.byGateway, key, listener);
    }
  }

  /** In the order in which Istio makes VirtualServices of them. */
  of(route: GatewayApiRoute): readonly RouteParent[] {
    const found = route.spec.parentRefs.flatMap((ref, index) => this.parentsFor(route, ref, ['spec', 'parentRefs', index]));
    return found.sort((a, b) => compareText(a.gateway, b.gateway));
  }

  private parentsFor(route: GatewayApiRoute, ref: ParentRef, path: Path): readonly RouteParent[] {
    const { group, kind, name, namespace } = parentOf(ref, route);
    const inMesh = { gateway: MESH, hostname: undefined, others: [], namespace, port: ref.port, path };
    if (group === '' && kind === 'Service') return [{ ...inMesh, hosts: [serviceHost(name, namespace, this.mesh.config.clusterDomain)] }];
    if (group === 'networking.istio.io' && kind === 'ServiceEntry') {
      return this.mesh.named('ServiceEntry', namespace, name).map(({ spec }) => ({ ...inMesh, hosts: spec.hosts }));
    }
    if (group !== 'gateway.networking.k8s.io' || kind !== 'Gateway') return [];
    const listeners = this.byGateway.get(`${namespace}/${name}`) ?? [];
    return listeners.flatMap((each) => (takes(each, route, ref) ? [atListener(each, listeners, path)] : []));
  }
}

function atListener({ listener, config, gateway }: ListenerGateway, all: readonly ListenerGateway[], path: Path): RouteParent {
  const beside = all.filter(({ listener: other }) => other !== listener && other.port === listener.port && other.protocol === listener.protocol);
  return {
    gateway: `${config.namespace}/${config.name}`,
    hosts: undefined,
    hostname: listener.hostname,
    others: beside.map(({ listener: { hostname = '' } }) => hostname).filter((hostname) => hostname !== (listener.hostname ?? '')),
    namespace: gateway.namespace,
    port: undefined,
    path,
  };
}

/** by port and name, then hostname and namespace, then kind (referenceAllowed). */
function takes({ listener, hosts }: ListenerGateway, route: GatewayApiRoute, ref: ParentRef): boolean {
  if (ref.port !== undefined && ref.port !== listener.port) return false;
  if (ref.sectionName !== undefined && ref.sectionName !== listener.name) return false;
  const written = 'hostnames' in route.spec ? route.spec.hostnames : [];
  const hostnames = written.length > 0 ? written : ['*'];
  const isAdmitted = hosts.some((entry) => {
    const slash = entry.indexOf('/');
    const namespace = entry.slice(0, slash);
    return (namespace === '*' || namespace === route.namespace) && hostnames.some((hostname) => overlaps(entry.slice(slash + 1), hostname));
  });
  return isAdmitted && kindsOf(listener).includes(route.kind);
}

const KINDS: Readonly<Record<string, readonly string[]>> = {
  HTTP: ['HTTPRoute', 'GRPCRoute'],
  HTTPS: ['HTTPRoute', 'GRPCRoute'],
  TLS: ['TLSRoute'],
  TCP: ['TCPRoute'],
};

function kindsOf({ protocol = '', tls, allowedRoutes }: ListenerGateway['listener']): readonly string[] {
  const known = KINDS[protocol] ?? [];
  const supported = protocol === 'TLS' && tls?.mode === 'Terminate' ? [...known, 'TCPRoute'] : known;
  const allowed = allowedRoutes?.kinds ?? [];
  return allowed.length === 0 ? supported : supported.filter((kind) => allowed.some((each) => each.kind === kind));
}

/** Whether a name of a route is this listener's, rather than that of another listener which is more exact (hostnameAllowedByIsolation). */
export function belongsToListener(name: string, { hostname = '', others }: RouteParent): boolean {
  if (hostname !== '' && !isWildcard(hostname)) return true;
  if (hostname !== '' && !overlaps(name, hostname)) return false;
  return others.every((other) => hostname.length > other.length || !isSubsetOf(name, other));
}
