import { MESH } from '../../mesh/gateway-reference.ts';
import { isSubsetOf } from '../../mesh/host-name.ts';
import { protocolGroup } from '../../mesh/protocol.ts';
import { clustersOf } from '../routes/destination-cluster.ts';
import { routedRequest } from '../routes/http-action.ts';
import { routeOf, routesFor } from '../routes/http-routing.ts';
import type { RouteConfig } from '../routes/route-config.ts';
import type { RouteConfigs } from '../routes/route-configs.ts';
import type { Services } from '../services/services.ts';
import type { Connection, HttpRequest } from '../terms/connection.ts';
import type { Decision } from '../terms/decision.ts';
import type { ProxyNode } from '../terms/proxy-node.ts';
import type { ProxyScope } from '../terms/proxy-scope.ts';
import type { Service, ServicePort } from '../terms/service.ts';
import type { Ambient } from './ambient.ts';

/** What ztunnel and waypoints are configured from. */
export interface AmbientWorld {
  readonly ambient: Ambient;
  readonly services: Services;
  readonly routes: RouteConfigs;
}

/** of several copies of a host, a Kubernetes Service, else the oldest. */
function canonical(services: Services, host: string): Service | undefined {
  const copies = services.named(host);
  return copies.find(({ registry }) => registry === 'kubernetes') ?? copies[0];
}

/** What the service is known by: nothing but its host tells what made it known. */
function registration({ at }: Service): Decision['reasons'] {
  return at ? [{ what: 'registers the address', at }] : [];
}

/** ztunnel passes on what it does not know, sends what it knows to a waypoint or to its endpoints, and looks at no rule or route. */
export function ztunnelScope(world: AmbientWorld, proxy: ProxyNode): ProxyScope {
  const serviceOf = (host: string): Service | undefined => canonical(world.services, host);
  const decide = ({ ip, port }: Connection): Decision => {
    const base = { listener: 'ztunnel', port, match: '', chain: 'tcp', reasons: [] } as const;
    const service = ip === undefined ? undefined : world.ambient.serviceAt(ip);
    const known = service?.ports.find(({ number }) => number === port);
    if (!service || !known) return { ...base, action: { do: 'passthrough' } };
    const reasons = registration(service);
    const waypoint = world.ambient.waypointOf(service);
    if (waypoint) {
      const { gateway, at } = waypoint;
      return { ...base, action: { do: 'tunnel', to: waypointNode(gateway) }, reasons: [...reasons, { what: 'binds the host to a waypoint', at }] };
    }
    // a name that is looked up for each connection needs a waypoint.
    if (service.resolution === 'DYNAMIC_DNS') return { ...base, action: { do: 'passthrough' }, reasons };
    return { ...base, action: { do: 'forward', to: [wholly(service, known)] }, reasons };
  };
  return { proxy, serviceOf, copiesOf: (host) => world.services.named(host), decide };
}

function waypointNode({ namespace, name }: { readonly namespace: string; readonly name: string }): ProxyNode {
  return { kind: 'waypoint', namespace, name, labels: { 'gateway.networking.k8s.io/gateway-name': name }, serviceAccount: name };
}

function wholly({ host, at }: Service, { number }: ServicePort) {
  return { cluster: { host, port: number, subset: '' }, share: 100, at };
}

/** a waypoint routes by what stands in its own namespace or in the service's. */
export function waypointScope(world: AmbientWorld, proxy: ProxyNode): ProxyScope {
  const serviceOf = (host: string): Service | undefined => canonical(world.services, host);
  const decide = (connection: Connection): Decision => {
    const { ip, port } = connection;
    const service = ip === undefined ? undefined : world.ambient.serviceAt(ip);
    const known = service?.ports.find((each) => each.number === port);
    const base = { listener: 'main_internal', port, match: '', reasons: service ? registration(service) : [] } as const;
    // Nothing but what it is bound to reaches it.
    if (!service || !known) return { ...base, chain: undefined, action: { do: 'close' } };
    const group = protocolGroup(known.protocol);
    const isRead = group === 'http' || (group === 'auto' && connection.http !== undefined && connection.tls.length === 0);
    if (!isRead) return decideConnection(configsFor(world.routes, proxy, service), service, known, { ...base, chain: 'tcp' }, serviceOf);
    if (connection.tls.length > 0 || !connection.http) return { ...base, chain: 'http', action: { do: 'protocol-error' } };
    const at = { ...base, chain: 'http', virtualHost: `${service.host}:${port}` } as const;
    return decideRequest(configsFor(world.routes, proxy, service), connection.http, { proxy, service, known, serviceOf }, at);
  };
  return { proxy, serviceOf, decide };
}

function configsFor(routes: RouteConfigs, { namespace }: ProxyNode, service: Service): readonly RouteConfig[] {
  return routes
    .boundTo(MESH, namespace)
    .filter(
      (config) => (config.namespace === namespace || config.namespace === service.namespace) && config.hosts.some((host) => isSubsetOf(service.host, host)),
    );
}

interface Target {
  readonly proxy: ProxyNode;
  readonly service: Service;
  readonly known: ServicePort;
  readonly serviceOf: (host: string) => Service | undefined;
}

function decideRequest(
  configs: readonly RouteConfig[],
  request: HttpRequest,
  { proxy, service, known, serviceOf }: Target,
  at: Omit<Decision, 'action'>,
): Decision {
  const { namespace } = proxy;
  // Who calls is not told apart: matches on labels of clients fit nobody.
  const audience = { namespace, labels: {}, gateways: new Set([MESH]), port: known.number };
  const routes = configs.map((config) => routesFor(config, audience)).find((list) => list.length > 0);
  if (!routes) return { ...at, action: { do: 'forward', to: [wholly(service, known)] } };
  const route = routeOf(routes, request);
  if (!route) return { ...at, action: { do: 'no-route' } };
  const { config } = route;
  return {
    ...at,
    ...routedRequest(route, request, known.number, serviceOf),
    route: { name: `${config.name}.${config.namespace}`, at: route.at },
    isGatewayApi: config.isGatewayApi,
    reasons: [...at.reasons, { what: 'the rule that routes the request', at: route.at }],
  };
}

type ConnectionRule = RouteConfig['tls'][number] | RouteConfig['tcp'][number];

/** TLS is routed by rules for just the service's name. */
function decideConnection(
  configs: readonly RouteConfig[],
  service: Service,
  known: ServicePort,
  at: Omit<Decision, 'action'>,
  serviceOf: (host: string) => Service | undefined,
): Decision {
  const isTls = protocolGroup(known.protocol) === 'tls';
  const [rule] = configs.flatMap(({ tls, tcp }): readonly ConnectionRule[] =>
    isTls
      ? tls.filter(({ value }) => value.match.some(({ sniHosts }) => sniHosts.includes(service.host)))
      : tcp.filter(({ value }) => value.match.length === 0),
  );
  if (!rule) return { ...at, action: { do: 'forward', to: [wholly(service, known)] } };
  const reasons = [...at.reasons, { what: 'the rule that routes the connection', at: rule.at }];
  return { ...at, action: { do: 'forward', to: clustersOf(rule, known.number, serviceOf) }, route: { name: '', at: rule.at }, reasons };
}
