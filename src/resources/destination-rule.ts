import * as tls from './checks/client-tls.ts';
import { exportTo } from './checks/export-to.ts';
import { subsetName, wildcardDomain } from './checks/host-name.ts';
import { labels } from './checks/label.ts';
import { portRange } from './checks/port.ts';
import * as checks from './checks/traffic-policy.ts';
import { connectionPoolSettings } from './connection-pool.ts';
import { boolean, type Infer, int32, integer, list, map, number, object, oneOf, required, string, uint32 } from './field.ts';
import { loadBalancerSettings } from './load-balancer.ts';
import type { KindDefinition, Resource } from './resource.ts';
import { duration, policyWorkloadSelector, portSelector, unboundedDuration } from './shared-fields.ts';

const outlierDetection = object(
  'OutlierDetection',
  {
    consecutiveErrors: int32({ deprecated: "'consecutive5xxErrors' or 'consecutiveGatewayErrors'", hidden: true }),
    splitExternalLocalOriginErrors: boolean(),
    consecutiveLocalOriginFailures: uint32(),
    consecutiveGatewayErrors: uint32(),
    consecutive5xxErrors: uint32(),
    interval: duration(),
    baseEjectionTime: duration(),
    maxEjectionPercent: int32({ checks: [checks.percentage] }),
    minHealthPercent: int32({ checks: [checks.percentage] }),
    outlierDetectionHttpErrorCodes: list(integer({ minimum: 100, maximum: 599 })),
  },
  { checks: [checks.splitOriginErrors] },
);

const clientTLSSettings = object(
  'ClientTLSSettings',
  {
    mode: oneOf(['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL']),
    clientCertificate: string(),
    privateKey: string(),
    caCertificates: string(),
    credentialName: string({ checks: [tls.ownConfigMap] }),
    subjectAltNames: list(string()),
    sni: string(),
    insecureSkipVerify: boolean(),
    caCrl: string(),
  },
  { checks: [tls.mutualCertificate, tls.secretOrFiles, tls.nothingToVerify] },
);

const portTrafficPolicy = object(
  'PortTrafficPolicy',
  {
    port: portSelector,
    loadBalancer: loadBalancerSettings,
    connectionPool: connectionPoolSettings,
    outlierDetection,
    tls: clientTLSSettings,
  },
  { checks: [checks.settingsPort, checks.somePortSetting] },
);

const tunnelSettings = object('TunnelSettings', {
  protocol: string({ checks: [checks.tunnelProtocol] }),
  targetHost: required(string({ checks: [checks.tunnelHost] })),
  targetPort: required(uint32({ checks: [portRange] })),
});

const proxyProtocol = object('ProxyProtocol', {
  version: oneOf(['V1', 'V2']),
});

const retryBudget = object('RetryBudget', {
  percent: number({ minimum: 0, maximum: 100 }),
  minRetryConcurrency: uint32(),
  budgetInterval: unboundedDuration(),
});

const trafficPolicy = object(
  'TrafficPolicy',
  {
    loadBalancer: loadBalancerSettings,
    connectionPool: connectionPoolSettings,
    outlierDetection,
    tls: clientTLSSettings,
    portLevelSettings: list(portTrafficPolicy, { maxItems: 4096 }),
    tunnel: tunnelSettings,
    proxyProtocol,
    retryBudget,
  },
  { checks: [checks.somePolicy, checks.tunnelOrProxyProtocol] },
);

const subset = object('Subset', {
  name: required(string({ checks: [subsetName] })),
  labels: map(string(), { checks: [labels] }),
  trafficPolicy,
});

const spec = object(
  'DestinationRule',
  {
    host: required(string({ checks: [wildcardDomain] })),
    trafficPolicy,
    subsets: list(subset, { checks: [checks.uniqueSubsets] }),
    exportTo: list(string(), { checks: [exportTo('other')] }),
    workloadSelector: policyWorkloadSelector,
  },
  { checks: [checks.privateWithSelector] },
);

/** networking.istio.io DestinationRule: how proxies connect to a host, and its subsets. */
export const destinationRule = {
  kind: 'DestinationRule',
  group: 'networking.istio.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
  specRequired: 'webhook',
  closed: true,
} as const satisfies KindDefinition;

export type DestinationRule = Resource<'DestinationRule', Infer<typeof spec>>;
