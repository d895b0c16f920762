import { notNegative } from './checks/connection-pool.ts';
import { exportTo } from './checks/export-to.ts';
import { gatewayNames } from './checks/gateway-name.ts';
import { ipOrCidr } from './checks/ip-address.ts';
import { labels } from './checks/label.ts';
import { optionalPort } from './checks/port.ts';
import { someRoute, someWeight } from './checks/route-parts.ts';
import { someItem } from './checks/server.ts';
import * as checks from './checks/virtual-service.ts';
import { type Infer, int32, list, map, object, required, string, uint32 } from './field.ts';
import { httpRoute } from './http-route.ts';
import type { KindDefinition, Resource } from './resource.ts';
import { destination } from './shared-fields.ts';

const tlsMatchAttributes = object('TLSMatchAttributes', {
  sniHosts: required(list(string(), { checks: [someItem] })),
  destinationSubnets: list(string({ checks: [ipOrCidr] })),
  port: uint32({ checks: [optionalPort] }),
  sourceLabels: map(string(), { checks: [labels] }),
  gateways: list(string(), { checks: [gatewayNames] }),
  sourceNamespace: string(),
});

const routeDestination = object('RouteDestination', {
  destination: required(destination),
  weight: int32({ checks: [notNegative] }),
});

const tlsRoute = object(
  'TLSRoute',
  {
    match: required(list(tlsMatchAttributes, { checks: [someItem] })),
    route: list(routeDestination, { checks: [someWeight] }),
  },
  { checks: [someRoute('TLSRoute')] },
);

const l4MatchAttributes = object('L4MatchAttributes', {
  destinationSubnets: list(string({ checks: [ipOrCidr] })),
  port: uint32({ checks: [optionalPort] }),
  sourceSubnet: string({ hidden: true, deprecated: "'sourceLabels' or 'sourceNamespace'" }),
  sourceLabels: map(string(), { checks: [labels] }),
  gateways: list(string(), { checks: [gatewayNames] }),
  sourceNamespace: string(),
});

const tcpRoute = object(
  'TCPRoute',
  {
    match: list(l4MatchAttributes),
    route: list(routeDestination, { checks: [someWeight] }),
  },
  { checks: [someRoute('TCPRoute')] },
);

const spec = object(
  'VirtualService',
  {
    hosts: list(string()),
    gateways: list(string(), { checks: [gatewayNames] }),
    http: list(httpRoute),
    tls: list(tlsRoute),
    tcp: list(tcpRoute),
    exportTo: list(string(), { checks: [exportTo('other')] }),
  },
  {
    checks: [checks.delegate, checks.someRule, checks.hosts, checks.distinctHosts, checks.serverNames, checks.claimsAtGateways],
  },
);

/** networking.istio.io VirtualService: how requests for a host are routed, in sidecars (`mesh`) and gateways. */
export const virtualService = {
  kind: 'VirtualService',
  group: 'networking.istio.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
  specRequired: 'webhook',
  closed: true,
} as const satisfies KindDefinition;

export type VirtualService = Resource<'VirtualService', Infer<typeof spec>>;
