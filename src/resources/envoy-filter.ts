import * as checks from './checks/envoy-filter.ts';
import { oneFilterTarget } from './checks/policy-target.ts';
import { any, type Infer, int32, list, map, object, oneOf, string, uint32 } from './field.ts';
import { uncheckedTargetRefs } from './policy-target.ts';
import type { KindDefinition, Resource } from './resource.ts';
import { portNumber, workloadSelector } from './shared-fields.ts';

const filterMatch = object('FilterMatch', { name: string(), subFilter: object('SubFilterMatch', { name: string() }) });

const filterChainMatch = object('FilterChainMatch', {
  name: string(),
  sni: string(),
  transportProtocol: string(),
  applicationProtocols: string(),
  filter: filterMatch,
  destinationPort: uint32(),
  transportSocket: string(),
});

const listenerMatch = object('ListenerMatch', {
  portNumber: uint32(),
  portName: string({ hidden: true }),
  filterChain: filterChainMatch,
  listenerFilter: string(),
  name: string(),
});

const routeMatch = object('RouteMatch', { name: string(), action: oneOf(['ANY', 'ROUTE', 'REDIRECT', 'DIRECT_RESPONSE']) });

const routeConfigurationMatch = object('RouteConfigurationMatch', {
  portNumber: uint32(),
  portName: string(),
  gateway: string(),
  vhost: object('VirtualHostMatch', { name: string(), domainName: string(), route: routeMatch }),
  name: string(),
});

const waypointMatch = object('WaypointMatch', { portNumber: portNumber(), route: object('RouteMatch', { name: string() }), filter: filterMatch });

const envoyConfigObjectMatch = object(
  'EnvoyConfigObjectMatch',
  {
    context: oneOf(['ANY', 'SIDECAR_INBOUND', 'SIDECAR_OUTBOUND', 'GATEWAY', 'WAYPOINT']),
    proxy: object('ProxyMatch', { proxyVersion: string({ checks: [checks.proxyVersion] }), metadata: map(string()) }),
    listener: listenerMatch,
    routeConfiguration: routeConfigurationMatch,
    cluster: object('ClusterMatch', { portNumber: uint32(), service: string(), subset: string(), name: string() }),
    waypoint: { ...waypointMatch, hidden: true },
  },
  { oneOf: [['listener', 'routeConfiguration', 'cluster', 'waypoint']], checks: [checks.waypointOnly] },
);

/** `value` is a piece of Envoy's own configuration: it is kept as written, and not judged. */
const patch = object('Patch', {
  operation: oneOf(['INVALID', 'MERGE', 'ADD', 'REMOVE', 'INSERT_BEFORE', 'INSERT_AFTER', 'INSERT_FIRST', 'REPLACE', 'MERGE_AND_REPLACE_LIST']),
  value: any(),
  filterClass: oneOf(['UNSPECIFIED', 'AUTHN', 'AUTHZ', 'STATS']),
});

const envoyConfigObjectPatch = object(
  'EnvoyConfigObjectPatch',
  {
    applyTo: oneOf([
      'INVALID',
      'LISTENER',
      'FILTER_CHAIN',
      'NETWORK_FILTER',
      'HTTP_FILTER',
      'ROUTE_CONFIGURATION',
      'VIRTUAL_HOST',
      'HTTP_ROUTE',
      'CLUSTER',
      'EXTENSION_CONFIG',
      'BOOTSTRAP',
      'LISTENER_FILTER',
    ]),
    match: envoyConfigObjectMatch,
    patch,
  },
  { checks: [checks.wholePatch, checks.fittingMatch] },
);

const spec = object(
  'EnvoyFilter',
  { workloadSelector, targetRefs: uncheckedTargetRefs, configPatches: list(envoyConfigObjectPatch), priority: int32() },
  { checks: [oneFilterTarget] },
);

/** networking.istio.io EnvoyFilter: patches to what Istio generates. Where one is in effect, less is certain of the traffic that it touches. */
export const envoyFilter = {
  kind: 'EnvoyFilter',
  group: 'networking.istio.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
  closed: true,
} as const satisfies KindDefinition;

export type EnvoyFilter = Resource<'EnvoyFilter', Infer<typeof spec>>;
