import type { Gateway } from '../resources/gateway.ts';
import type { GRPCRoute } from '../resources/grpc-route.ts';
import type { KubernetesGateway } from '../resources/kubernetes-gateway.ts';
import type { HTTPRoute } from '../resources/kubernetes-http-route.ts';
import type { TCPRoute } from '../resources/tcp-route.ts';
import type { TLSRoute } from '../resources/tls-route.ts';
import type { Path } from '../yaml/locate.ts';
import { overlaps } from './host-name.ts';
import { fitsSelector, namespaceLabels } from './label-selector.ts';
import type { Mesh } from './mesh.ts';
import { isTemplated } from './template-paths.ts';

/** The routes of the Gateway API. */
export type GatewayApiRoute = HTTPRoute | GRPCRoute | TLSRoute | TCPRoute;

type ParentRef = GatewayApiRoute['spec']['parentRefs'][number];
type Listener = KubernetesGateway['spec']['listeners'][number];

const GATEWAY_API_GROUP = 'gateway.networking.k8s.io';
const ISTIO_GROUP = 'networking.istio.io';

/** A parent with the Gateway API's defaults for what is not written: a Gateway of the route's own namespace. */
export interface Parent {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** */
export function parentOf({ group = GATEWAY_API_GROUP, kind = 'Gateway', name = '', namespace }: ParentRef, route: GatewayApiRoute): Parent {
  return { group, kind, name, namespace: namespace ?? route.namespace };
}

/** Groups and kinds that Istio takes as parents. */
const PARENTS: readonly (readonly [group: string, kind: string])[] = [
  [GATEWAY_API_GROUP, 'Gateway'],
  ['', 'Service'],
  [ISTIO_GROUP, 'ServiceEntry'],
  [GATEWAY_API_GROUP, 'ListenerSet'],
  ['gateway.networking.x-k8s.io', 'XListenerSet'],
];

/** the group that a kind of parent needs, if it is another one than is written; undefined for what is right, and for kinds that Istio does not know. */
export function groupMeant({ group, kind }: Parent): string | undefined {
  const groups = PARENTS.flatMap(([right, known]) => (known === kind ? [right] : []));
  return groups.includes(group) ? undefined : groups[0];
}

/** What a parent of kind Gateway is. */
type ParentGateway =
  | { readonly state: 'found'; readonly gateway: KubernetesGateway }
  /** A Gateway of Istio's own API has the name: no route of the Gateway API can be attached to it. */
  | { readonly state: 'istio'; readonly gateway: Gateway }
  /** No Gateway of the namespace is in view, and one of another namespace has the name. */
  | { readonly state: 'elsewhere'; readonly gateway: KubernetesGateway };

/** the Gateway that a parent means; undefined for parents of other kinds, and where what is not in view or template text decides. */
export function parentGateway(mesh: Mesh, route: GatewayApiRoute, { kind, namespace, name }: Parent): ParentGateway | undefined {
  if (kind !== 'Gateway' || !mesh.hasKnownNamespace(route) || mesh.hasUnknownNames('KubernetesGateway')) return undefined;
  const [gateway, another] = mesh.named('KubernetesGateway', namespace, name);
  if (gateway) {
    const isClear = !another && mesh.belongTogether(gateway, route) && !isTemplated(gateway, ['spec', 'listeners']);
    return isClear ? { state: 'found', gateway } : undefined;
  }
  const [istio] = mesh.named('Gateway', namespace, name);
  if (istio && mesh.belongTogether(istio, route)) return { state: 'istio', gateway: istio };
  if (mesh.inNamespace('KubernetesGateway', namespace).length > 0) return undefined;
  const found = mesh.namedAnywhere('KubernetesGateway', name).find((each) => mesh.hasKnownNamespace(each) && mesh.belongTogether(each, route));
  return found && { state: 'elsewhere', gateway: found };
}

/** Why no listener of a Gateway takes a route. */
type Detachment =
  /** `has` says what the listeners that come into question have instead: names and ports, or host names. */
  | { readonly why: 'section' | 'port' | 'kind' | 'hostname'; readonly has: readonly string[] }
  /** `listener` is the index of the one that would take it; `byLabels` where it admits namespaces by labels that the route's, which is in view, does not have. */
  | { readonly why: 'namespace'; readonly listener: number; readonly byLabels: boolean };

/**
 * whether any listener of a Gateway takes a route: its name and port, then the kind of route and its namespace, then its host names.
 * @returns undefined where one does, and where labels or template text decide
 */
export function detachmentOf(mesh: Mesh, route: GatewayApiRoute, { sectionName, port }: ParentRef, gateway: KubernetesGateway): Detachment | undefined {
  const all = gateway.spec.listeners;
  const named = sectionName === undefined ? all : all.filter(({ name }) => name === sectionName);
  if (named.length === 0) return { why: 'section', has: all.map(portOf) };
  const onPort = port === undefined ? named : named.filter((listener) => listener.port === port);
  if (onPort.length === 0) return { why: 'port', has: named.map(portOf) };
  const fitting = onPort.filter((listener) => takesKind(listener, route.kind));
  if (fitting.length === 0) return { why: 'kind', has: onPort.map(portOf) };
  const open = fitting.filter((listener) => route.namespace === gateway.namespace || mayAdmit(mesh, listener, route.namespace));
  const [closed] = fitting;
  if (open.length === 0 && closed) return { why: 'namespace', listener: all.indexOf(closed), byLabels: closed.allowedRoutes?.namespaces?.from === 'Selector' };
  return open.some((listener) => sharesHost(listener, route)) ? undefined : { why: 'hostname', has: open.map(({ hostname = '*' }) => hostname) };
}

function portOf({ name = '', port, protocol }: Listener): string {
  return `'${name}' (${protocol} on ${port})`;
}

/** A parent that does not take its route: what is written does not name one, or no listener of what it names is for the route. */
export type UnattachedParent = {
  /** To the entry of `parentRefs`. */
  readonly path: Path;
  /** To the field that keeps the route out. */
  readonly field: Path;
  readonly ref: ParentRef;
  readonly parent: Parent;
} & (
  | { readonly why: 'group'; readonly right: string }
  | { readonly why: 'istio'; readonly gateway: Gateway }
  | { readonly why: 'elsewhere'; readonly gateway: KubernetesGateway }
  | (Detachment & { readonly gateway: KubernetesGateway })
);

/** The parents that a route names and that do not take it; those that what is not in view or template text decides about are left out. */
export function unattachedParents(mesh: Mesh, route: GatewayApiRoute): readonly UnattachedParent[] {
  return route.spec.parentRefs.flatMap((ref, index): readonly UnattachedParent[] => {
    const path: Path = ['spec', 'parentRefs', index];
    if (isTemplated(route, path)) return [];
    const parent = parentOf(ref, route);
    const right = groupMeant(parent);
    if (right !== undefined) return [{ path, field: [...path, 'kind'], ref, parent, why: 'group', right }];
    const found = parentGateway(mesh, route, parent);
    if (!found) return [];
    if (found.state === 'istio') return [{ path, field: [...path, 'name'], ref, parent, why: 'istio', gateway: found.gateway }];
    if (found.state === 'elsewhere') return [{ path, field: [...path, 'name'], ref, parent, why: 'elsewhere', gateway: found.gateway }];
    const detachment = detachmentOf(mesh, route, ref, found.gateway);
    return detachment ? [{ path, field: fieldOf(detachment, path), ref, parent, gateway: found.gateway, ...detachment }] : [];
  });
}

function fieldOf({ why }: Detachment, parentRef: Path): Path {
  switch (why) {
    case 'section':
      return [...parentRef, 'sectionName'];
    case 'port':
      return [...parentRef, 'port'];
    case 'kind':
      return ['kind'];
    case 'hostname':
      return ['spec', 'hostnames'];
    case 'namespace':
      return parentRef;
  }
}

const KINDS_BY_PROTOCOL: Readonly<Record<string, readonly string[]>> = {
  HTTP: ['HTTPRoute', 'GRPCRoute'],
  HTTPS: ['HTTPRoute', 'GRPCRoute'],
  TLS: ['TLSRoute', 'TCPRoute'],
  TCP: ['TCPRoute'],
};

/** Protocols of other controllers, and lists of kinds, are left to them. */
function takesKind({ protocol = '', allowedRoutes }: Listener, kind: string): boolean {
  const kinds = allowedRoutes?.kinds ?? [];
  if (kinds.length > 0) return kinds.some((each) => each.kind === kind);
  return KINDS_BY_PROTOCOL[protocol]?.includes(kind) ?? true;
}

/** of a namespace that is not in view any labels may fit. */
function mayAdmit(mesh: Mesh, { allowedRoutes }: Listener, namespace: string): boolean {
  const { from = 'Same', selector } = allowedRoutes?.namespaces ?? {};
  if (from !== 'Selector' || !selector) return from !== 'Same';
  const declared = mesh.named('Namespace', '', namespace);
  return declared.length === 0 || declared.some((each) => fitsSelector(selector, namespaceLabels(each)));
}

function sharesHost({ hostname }: Listener, route: GatewayApiRoute): boolean {
  const hostnames = 'hostnames' in route.spec ? route.spec.hostnames : [];
  return !hostname || hostnames.length === 0 || hostnames.some((each) => overlaps(each, hostname));
}
