import { connectionPoolSettings } from './connection-pool.ts';
import { boolean, type Infer, integer, list, map, number, object, oneOf, required, string, uint32 } from './field.ts';
import type { KindDefinition, Resource } from './resource.ts';
import { duration, policyWorkloadSelector, portSelector } from './shared-fields.ts';

const cookieAttribute = object('Attribute', {
  name: required(string()),
  value: string(),
});

const httpCookie = object('HTTPCookie', {
  name: required(string()),
  path: string(),
  ttl: duration(),
  attributes: list(cookieAttribute),
});

const ringHash = object('RingHash', {
  minimumRingSize: integer({ minimum: 0 }),
});

const magLev = object('MagLev', {
  tableSize: integer({ minimum: 0 }),
});

const consistentHashLB = object(
  'ConsistentHashLB',
  {
    httpHeaderName: string(),
    httpCookie: httpCookie,
    useSourceIp: boolean(),
    httpQueryParameterName: string(),
    ringHash: ringHash,
    maglev: magLev,
    minimumRingSize: integer({ minimum: 0, deprecated: 'TODO' }),
  },
  {
    oneOf: [
      ['httpHeaderName', 'httpCookie', 'useSourceIp', 'httpQueryParameterName'],
      ['ringHash', 'maglev'],
    ],
  },
);

const backendUtilizationLB = object('BackendUtilizationLB', {
  weightStabilizationPeriod: duration(),
  weightExpirationPeriod: duration(),
  weightUpdatePeriod: duration(),
  errorUtilizationPenaltyPercent: uint32(),
  metricNamesForComputingUtilization: list(string()),
});

const distribute = object('Distribute', {
  from: string(),
  to: map(uint32()),
});

const localityFailover = object('Failover', {
  from: string(),
  to: string(),
});

const localityLoadBalancerSetting = object('LocalityLoadBalancerSetting', {
  distribute: list(distribute),
  failover: list(localityFailover),
  failoverPriority: list(string()),
  enabled: boolean(),
});

const zoneFailover = object('Failover', {
  from: string(),
  to: string(),
});

const zoneAwareLoadBalancerSetting = object('ZoneAwareLoadBalancerSetting', {
  enabled: boolean(),
  failover: list(zoneFailover),
  failoverPriority: list(string()),
  minClusterSize: uint32(),
});

const warmupConfiguration = object('WarmupConfiguration', {
  duration: required(duration()),
  minimumPercent: number({ minimum: 0, maximum: 100 }),
  aggression: number({ minimum: 0 }),
});

const loadBalancerSettings = object(
  'LoadBalancerSettings',
  {
    simple: oneOf(['UNSPECIFIED', 'LEAST_CONN', 'RANDOM', 'PASSTHROUGH', 'ROUND_ROBIN', 'LEAST_REQUEST']),
    consistentHash: consistentHashLB,
    backendUtilization: backendUtilizationLB,
    localityLbSetting: localityLoadBalancerSetting,
    zoneAwareLbSetting: zoneAwareLoadBalancerSetting,
    warmupDurationSecs: duration(),
    warmup: warmupConfiguration,
  },
  { oneOf: [['simple', 'consistentHash', 'backendUtilization']] },
);

const outlierDetection = object('OutlierDetection', {
  consecutiveErrors: integer({ deprecated: 'TODO', hidden: true }),
  splitExternalLocalOriginErrors: boolean(),
  consecutiveLocalOriginFailures: uint32(),
  consecutiveGatewayErrors: uint32(),
  consecutive5xxErrors: uint32(),
  interval: duration(),
  baseEjectionTime: duration(),
  maxEjectionPercent: integer(),
  minHealthPercent: integer(),
  outlierDetectionHttpErrorCodes: list(uint32()),
});

const clientTLSSettings = object('ClientTLSSettings', {
  mode: oneOf(['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL']),
  clientCertificate: string(),
  privateKey: string(),
  caCertificates: string(),
  credentialName: string(),
  subjectAltNames: list(string()),
  sni: string(),
  insecureSkipVerify: boolean(),
  caCrl: string(),
});

const portTrafficPolicy = object('PortTrafficPolicy', {
  port: portSelector,
  loadBalancer: loadBalancerSettings,
  connectionPool: connectionPoolSettings,
  outlierDetection: outlierDetection,
  tls: clientTLSSettings,
});

const tunnelSettings = object('TunnelSettings', {
  protocol: string(),
  targetHost: required(string()),
  targetPort: required(uint32()),
});

const proxyProtocol = object('ProxyProtocol', {
  version: oneOf(['V1', 'V2']),
});

const retryBudget = object('RetryBudget', {
  percent: number({ minimum: 0, maximum: 100 }),
  minRetryConcurrency: uint32(),
  budgetInterval: duration(),
});

const trafficPolicy = object('TrafficPolicy', {
  loadBalancer: loadBalancerSettings,
  connectionPool: connectionPoolSettings,
  outlierDetection: outlierDetection,
  tls: clientTLSSettings,
  portLevelSettings: list(portTrafficPolicy, { maxItems: 4096 }),
  tunnel: tunnelSettings,
  proxyProtocol: proxyProtocol,
  retryBudget: retryBudget,
});

const subset = object('Subset', {
  name: required(string()),
  labels: map(string()),
  trafficPolicy: trafficPolicy,
});

const spec = object('DestinationRule', {
  host: required(string()),
  trafficPolicy: trafficPolicy,
  subsets: list(subset),
  exportTo: list(string()),
  workloadSelector: policyWorkloadSelector,
});

/** networking.istio.io DestinationRule: how proxies connect to a host, and its subsets. */
export const destinationRule = {
  kind: 'DestinationRule',
  group: 'networking.istio.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
  closed: true,
} as const satisfies KindDefinition;

export type DestinationRule = Resource<'DestinationRule', Infer<typeof spec>>;
