import * as api from './checks/gateway-api.ts';
import * as checks from './checks/kubernetes-http-route.ts';
import { choice, type Infer, list, object, required, string } from './field.ts';
import {
  backendFields,
  commonFilters,
  filterChecks,
  headerMatches,
  hostname,
  matchType,
  parentRefs,
  ruleName,
  sessionPersistence,
  useDefaultGateways,
  weight,
} from './gateway-api-fields.ts';
import type { KindDefinition, Resource } from './resource.ts';

const filter = object(
  'GRPCRouteFilter',
  { type: required(choice(['ResponseHeaderModifier', 'RequestHeaderModifier', 'RequestMirror', 'ExtensionRef'])), ...commonFilters },
  filterChecks({
    RequestHeaderModifier: 'requestHeaderModifier',
    ResponseHeaderModifier: 'responseHeaderModifier',
    RequestMirror: 'requestMirror',
    ExtensionRef: 'extensionRef',
  }),
);

const filters = list(filter, { maxItems: 16, checks: [api.filtersOnce('RequestHeaderModifier', 'ResponseHeaderModifier')] });

const match = object('GRPCRouteMatch', {
  method: object(
    'GRPCMethodMatch',
    { type: matchType, service: string({ maxLength: 1024 }), method: string({ maxLength: 1024 }) },
    { checks: [checks.grpcMethod] },
  ),
  headers: headerMatches,
});

const rule = object('GRPCRouteRule', {
  name: ruleName(),
  matches: list(match, { maxItems: 64 }),
  filters,
  backendRefs: list(object('GRPCBackendRef', { ...backendFields, weight: weight(), filters }, { checks: [api.servicePort] }), { maxItems: 16 }),
  sessionPersistence,
});

const spec = object('GRPCRouteSpec', {
  parentRefs,
  useDefaultGateways,
  hostnames: list(hostname(), { maxItems: 16 }),
  rules: list(rule, { maxItems: 16, checks: [api.distinctNames, checks.fewMatches] }),
});

/** gateway.networking.k8s.io GRPCRoute. */
export const grpcRoute = {
  kind: 'GRPCRoute',
  group: 'gateway.networking.k8s.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
  specRequired: 'api-server',
} as const satisfies KindDefinition;

export type GRPCRoute = Resource<'GRPCRoute', Infer<typeof spec>>;
