import type { HttpMatch } from '../../mesh/match-scope.ts';
import { isSelectedBy } from '../../mesh/workloads.ts';
import type { HttpRequest } from '../terms/connection.ts';
import type { Reason } from '../terms/reason.ts';
import type { Labels } from '../terms/service.ts';
import { asksForTunnel, fitsRequest } from './request-match.ts';
import type { RouteConfig } from './route-config.ts';

export type HttpRule = RouteConfig['http'][number]['value'];

/** For whom the control plane writes routes down, and where. */
export interface RouteAudience {
  readonly namespace: string;
  readonly labels: Labels;
  /** The names under which routes may be bound: `mesh` for sidecars, `namespace/name` of the Gateways on the port for gateways. */
  readonly gateways: ReadonlySet<string>;
  /** The port of the listener: a sidecar's or a gateway server's. */
  readonly port: number;
}

/** One match of one rule, or a rule without any: what Envoy has as a route. */
export interface HttpRoute {
  readonly name: string;
  readonly config: RouteConfig;
  readonly rule: HttpRule;
  /** Where the rule stands. */
  readonly at: Reason;
  readonly match: HttpMatch | undefined;
  /** Its position in the rule's list. */
  readonly matchIndex: number | undefined;
}

/**
 * the routes of a VirtualService that a proxy gets on a port, in order, up to the first that takes everything. None means that the VirtualService
 * counts for nothing there. Istio: pilot/pkg/networking/core/route/route.go, BuildHTTPRoutesForVirtualService.
 */
export function routesFor(config: RouteConfig, audience: RouteAudience): readonly HttpRoute[] {
  const routes: HttpRoute[] = [];
  for (const { value: rule, at } of config.http) {
    if (rule.match.length === 0) return [...routes, { name: rule.name ?? '', config, rule, at, match: undefined, matchIndex: undefined }];
    for (const [matchIndex, match] of rule.match.entries()) {
      if (!isMeantFor(match, audience)) continue;
      routes.push({ name: [rule.name, match.name].filter(Boolean).join('.'), config, rule, at, match, matchIndex });
      if (takesEverything(match)) return routes;
    }
  }
  return routes;
}

/** R-8, C5.10: a match that names gateways is not asked for the client's labels and namespace any more. Istio: route.go, sourceMatchHTTP. */
function isMeantFor({ port, gateways, sourceLabels, sourceNamespace }: HttpMatch, audience: RouteAudience): boolean {
  if (port && port !== audience.port) return false;
  if (gateways.length > 0) return gateways.some((gateway) => audience.gateways.has(gateway));
  return isSelectedBy(audience.labels, sourceLabels) && (!sourceNamespace || sourceNamespace === audience.namespace);
}

/** Istio: route.go, IsCatchAllRoute. */
function takesEverything({ uri, headers, withoutHeaders, queryParams, method, authority, scheme }: HttpMatch): boolean {
  if (method || authority || scheme) return false;
  if ([headers, withoutHeaders, queryParams].some((conditions) => Object.keys(conditions).length > 0)) return false;
  return !uri || uri.prefix === '/' || uri.regex === '.*' || Object.keys(uri).length === 0;
}

/** the first route that a request fits. */
export function routeOf(routes: readonly HttpRoute[], request: HttpRequest): HttpRoute | undefined {
  if (asksForTunnel(request)) return undefined;
  return routes.find(({ match, config }) => !match || fitsRequest(match, request, config.isGatewayApi));
}
