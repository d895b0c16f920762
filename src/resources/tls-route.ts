import { type Infer, list, object } from './field.ts';
import { connectionRules, hostname, parentRefs, useDefaultGateways } from './gateway-api-fields.ts';
import type { KindDefinition, Resource } from './resource.ts';

/** v1 requires host names, and takes one rule; the deprecated versions, which are served as well, require none and take several. */
const spec = object('TLSRouteSpec', {
  parentRefs,
  useDefaultGateways,
  hostnames: list(hostname(), { maxItems: 1024 }),
  rules: connectionRules('TLSRouteRule'),
});

/** gateway.networking.k8s.io TLSRoute: TLS connections by their server name. */
export const tlsRoute = {
  kind: 'TLSRoute',
  group: 'gateway.networking.k8s.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
  specRequired: 'api-server',
} as const satisfies KindDefinition;

export type TLSRoute = Resource<'TLSRoute', Infer<typeof spec>>;
