import { type Infer, object } from './field.ts';
import { connectionRules, parentRefs, useDefaultGateways } from './gateway-api-fields.ts';
import type { KindDefinition, Resource } from './resource.ts';

const spec = object('TCPRouteSpec', { parentRefs, useDefaultGateways, rules: connectionRules('TCPRouteRule') });

/** gateway.networking.k8s.io TCPRoute. */
export const tcpRoute = {
  kind: 'TCPRoute',
  group: 'gateway.networking.k8s.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
  specRequired: 'api-server',
} as const satisfies KindDefinition;

export type TCPRoute = Resource<'TCPRoute', Infer<typeof spec>>;
