import * as api from './checks/gateway-api.ts';
import * as checks from './checks/kubernetes-http-route.ts';
import { type Infer, integer, list, object, oneOf, required, string } from './field.ts';
import {
  backendFields,
  duration,
  headerMatches,
  headerName,
  hostname,
  matchType,
  parentRefs,
  ruleName,
  sessionPersistence,
  useDefaultGateways,
  weight,
} from './gateway-api-fields.ts';
import { httpMethod, httpRouteFilters } from './http-route-filter.ts';
import type { KindDefinition, Resource } from './resource.ts';

const queryParam = object('HTTPQueryParamMatch', {
  type: matchType,
  name: required(headerName()),
  value: required(string({ minLength: 1, maxLength: 1024 })),
});

/** A path is the prefix `/` where it is not written. */
const pathMatch = object(
  'HTTPPathMatch',
  { type: oneOf(['PathPrefix', 'Exact', 'RegularExpression']), value: string({ maxLength: 1024 }) },
  { checks: [checks.plainPath] },
);

const match = object('HTTPRouteMatch', {
  path: pathMatch,
  headers: headerMatches,
  queryParams: list(queryParam, { maxItems: 16, checks: [api.distinctNames] }),
  method: httpMethod,
});

const backendRef = object('HTTPBackendRef', { ...backendFields, weight: weight(), filters: httpRouteFilters }, { checks: [api.servicePort] });

const rule = object(
  'HTTPRouteRule',
  {
    name: ruleName(),
    matches: list(match, { maxItems: 64 }),
    filters: httpRouteFilters,
    backendRefs: list(backendRef, { maxItems: 16 }),
    timeouts: object('HTTPRouteTimeouts', { request: duration(), backendRequest: duration() }, { checks: [checks.timeouts] }),
    retry: object('HTTPRouteRetry', {
      codes: list(integer({ minimum: 400, maximum: 599 }), { checks: [api.distinct] }),
      attempts: integer({ minimum: 1 }),
      backoff: duration(),
    }),
    sessionPersistence,
  },
  { checks: [checks.redirectOrBackend, checks.replacedPrefix] },
);

const spec = object('HTTPRouteSpec', {
  parentRefs,
  useDefaultGateways,
  hostnames: list(hostname(), { maxItems: 16 }),
  rules: list(rule, { minItems: 1, maxItems: 16, checks: [api.distinctNames, checks.fewMatches] }),
});

/** gateway.networking.k8s.io HTTPRoute: requests at a Gateway, or, with a Service or ServiceEntry as parent, in sidecars and waypoints. */
export const httpRoute = {
  kind: 'HTTPRoute',
  group: 'gateway.networking.k8s.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
  specRequired: 'api-server',
} as const satisfies KindDefinition;

export type HTTPRoute = Resource<'HTTPRoute', Infer<typeof spec>>;
