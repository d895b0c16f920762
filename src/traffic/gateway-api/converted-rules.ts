import type { GatewayApiRoute } from '../../mesh/gateway-api-routes.ts';
import { serviceHost } from '../../mesh/host-name.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { GRPCRoute } from '../../resources/grpc-route.ts';
import type { HTTPRoute } from '../../resources/kubernetes-http-route.ts';
import type { ReferenceGrant } from '../../resources/reference-grant.ts';
import type { TCPRoute } from '../../resources/tcp-route.ts';
import type { TLSRoute } from '../../resources/tls-route.ts';
import type { RouteConfig } from '../routes/route-config.ts';
import type { Placed } from '../terms/reason.ts';
import { changeOf, type Filter, headerChange, isSupported } from './converted-filters.ts';
import { grpcMatch, httpMatch, sortedRules } from './converted-matches.ts';

type HttpRule = RouteConfig['http'][number]['value'];
type TcpRule = RouteConfig['tcp'][number]['value'];
type Destination = NonNullable<TcpRule['route'][number]['destination']>;

type ApiRule = HTTPRoute['spec']['rules'][number] | GRPCRoute['spec']['rules'][number];
type BackendRef = (TCPRoute | TLSRoute)['spec']['rules'][number]['backendRefs'][number] & { readonly filters?: readonly Filter[] };

const NO_RULE: HttpRule = { match: [], route: [], mirrors: [] };

/**
 * What rules of the Gateway API become: rules of VirtualServices. One that cannot be converted takes its whole route with it: `undefined`.
 * Istio: pilot/pkg/config/kube/gateway/conversion.go.
 */
export class RuleConverter {
  private readonly mesh: Mesh;

  constructor(mesh: Mesh) {
    this.mesh = mesh;
  }

  /**
   * Each with one match at most, those that say more first.
   * @param atGateway A-12: whether references to other namespaces have to be granted
   */
  http(route: HTTPRoute | GRPCRoute, atGateway: boolean): readonly Placed<HttpRule>[] | undefined {
    const matches = matchesOf(route);
    const converted: Placed<HttpRule>[] = [];
    for (const [index, rule] of route.spec.rules.entries()) {
      const value = this.httpRule(route, rule, index, atGateway);
      if (!value) return undefined;
      const at = { resource: route, path: ['spec', 'rules', index] };
      const own = matches[index] ?? [];
      converted.push(
        ...(own.length === 0
          ? [{ value, at }]
          : own.map((match, matchIndex) => ({ value: { ...value, match: [match], ...(rule.matches.length > 0 && { matchIndex }) }, at }))),
      );
    }
    return sortedRules(converted);
  }

  /** Without matches: a TLSRoute's host names are those of all its rules. */
  connections(route: TCPRoute | TLSRoute, atGateway: boolean): readonly Placed<TcpRule>[] | undefined {
    const converted: Placed<TcpRule>[] = [];
    for (const [index, { backendRefs }] of route.spec.rules.entries()) {
      const destinations = this.destinations(route, backendRefs, atGateway);
      if (!destinations) return undefined;
      const value = { match: [], route: destinations.length > 0 ? destinations : [NOWHERE] };
      converted.push({ value, at: { resource: route, path: ['spec', 'rules', index] } });
    }
    return converted;
  }

  private httpRule(route: HTTPRoute | GRPCRoute, rule: ApiRule, index: number, atGateway: boolean): HttpRule | undefined {
    const name = rule.name ?? `${route.namespace}.${route.name}.${index}`;
    const filters: readonly Filter[] = rule.filters;
    if (!filters.every(isSupported)) return undefined;
    const changes = Object.assign({}, ...filters.map(changeOf)) as Partial<HttpRule>;
    const weight = rule.backendRefs.reduce((sum, each) => sum + (each.weight ?? 1), 0);
    if (weight === 0 && !changes.redirect) return { ...NO_RULE, name, ...changes, directResponse: { status: 500 } };
    const destinations = this.destinations(route, rule.backendRefs, atGateway);
    return destinations && { ...NO_RULE, name, ...changes, route: destinations };
  }

  /** Backends without weight are left out; of a single one the weight does not matter. */
  private destinations(route: GatewayApiRoute, refs: readonly BackendRef[], atGateway: boolean): HttpRule['route'] | undefined {
    const used = [...refs.entries()].filter(([, { weight = 1 }]) => weight > 0);
    const found: HttpRule['route'][number][] = [];
    for (const [backend, ref] of used) {
      const destination = this.destination(route, ref, atGateway);
      const filters = ref.filters ?? [];
      if (!destination || !filters.every(({ type }) => type?.endsWith('HeaderModifier'))) return undefined;
      const headers = filters.find(({ type }) => type === 'RequestHeaderModifier');
      found.push({ destination, backend, weight: used.length === 1 ? 0 : (ref.weight ?? 1), ...(headers && headerChange(headers)) });
    }
    return found;
  }

  /** a backend that is not allowed, or of an unknown kind, becomes a destination without a host, to which there is no cluster. */
  private destination(route: GatewayApiRoute, ref: BackendRef, atGateway: boolean): Destination | undefined {
    const { group = '', kind = 'Service', name = '', port } = ref;
    if (atGateway && ref.namespace !== undefined && ref.namespace !== route.namespace && !this.isGranted(route, ref, ref.namespace)) return { host: '' };
    const namespace = ref.namespace ?? route.namespace;
    const host = this.backendHost({ group, kind, name, namespace });
    if (host === undefined) return { host: '' };
    const isMisnamed = kind === 'Hostname' ? ref.namespace !== undefined : kind === 'Service' && name.includes('.');
    return isMisnamed || port === undefined ? undefined : { host, port: { number: port } };
  }

  private backendHost({ group, kind, name, namespace }: { readonly group: string; readonly kind: string; readonly name: string; readonly namespace: string }) {
    if (group === 'networking.istio.io' && kind === 'Hostname') return name;
    const isService = (group === '' && kind === 'Service') || (group === 'multicluster.x-k8s.io' && kind === 'ServiceImport');
    return isService ? serviceHost(name, namespace, this.mesh.config.clusterDomain) : undefined;
  }

  private isGranted(route: GatewayApiRoute, { group = '', kind = 'Service', name }: BackendRef, namespace: string): boolean {
    const grants: readonly ReferenceGrant[] = this.mesh.inNamespace('ReferenceGrant', namespace);
    return grants.some(
      ({ spec }) =>
        spec.from.some((from) => from.group === 'gateway.networking.k8s.io' && from.kind === route.kind && from.namespace === route.namespace) &&
        spec.to.some((to) => to.group === group && to.kind === kind && (to.name === undefined || to.name === name)),
    );
  }
}

/** What the API server writes into a rule of an HTTPRoute without matches: every path. */
const DEFAULT_MATCHES: HTTPRoute['spec']['rules'][number]['matches'] = [{ headers: [], queryParams: [] }];

function matchesOf(route: HTTPRoute | GRPCRoute): readonly HttpRule['match'][] {
  return route.kind === 'HTTPRoute'
    ? route.spec.rules.map(({ matches }) => (matches.length > 0 ? matches : DEFAULT_MATCHES).map(httpMatch))
    : route.spec.rules.map(({ matches }) => matches.map(grpcMatch));
}

/** Where Istio sends connections that no backend is to get. */
const NOWHERE: TcpRule['route'][number] = { destination: { host: 'internal.cluster.local', subset: 'zero-weight', port: { number: 65_535 } }, weight: 0 };
