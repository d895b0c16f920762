import * as checks from './checks/load-balancer.ts';
import { boolean, integer, list, map, number, object, oneOf, required, string, uint32 } from './field.ts';
import { duration, fineDuration, unboundedDuration } from './shared-fields.ts';

const cookieAttribute = object('Attribute', {
  name: required(string({ checks: [checks.someName] })),
  value: string(),
});

const httpCookie = object('HTTPCookie', {
  name: required(string({ checks: [checks.someName] })),
  path: string(),
  ttl: unboundedDuration(),
  attributes: list(cookieAttribute, { checks: [checks.uniqueAttributes] }),
});

const ringHash = object('RingHash', {
  minimumRingSize: integer({ minimum: 0 }),
});

const magLev = object('MagLev', { tableSize: integer({ minimum: 0 }) }, { checks: [checks.maglevTable] });

const consistentHashLB = object(
  'ConsistentHashLB',
  {
    httpHeaderName: string(),
    httpCookie,
    useSourceIp: boolean(),
    httpQueryParameterName: string(),
    ringHash,
    maglev: magLev,
    minimumRingSize: integer({ minimum: 0, deprecated: "'minimumRingSize' inside of 'ringHash'" }),
  },
  {
    oneOf: [
      ['httpHeaderName', 'httpCookie', 'useSourceIp', 'httpQueryParameterName'],
      ['ringHash', 'maglev'],
    ],
    checks: [checks.oneRingSize],
  },
);

const backendUtilizationLB = object('BackendUtilizationLB', {
  weightStabilizationPeriod: unboundedDuration(),
  weightExpirationPeriod: unboundedDuration(),
  weightUpdatePeriod: unboundedDuration(),
  errorUtilizationPenaltyPercent: uint32(),
  metricNamesForComputingUtilization: list(string()),
});

const distribute = object('Distribute', {
  from: string(),
  to: map(uint32()),
});

const failover = object('Failover', { from: string(), to: string() }, { checks: [checks.failoverRegions] });

const localityLoadBalancerSetting = object(
  'LocalityLoadBalancerSetting',
  {
    distribute: list(distribute),
    failover: list(failover),
    failoverPriority: list(string()),
    enabled: boolean(),
  },
  { checks: [checks.localitySetting] },
);

const zoneAwareLoadBalancerSetting = object('ZoneAwareLoadBalancerSetting', {
  enabled: boolean(),
  failover: list(failover),
  failoverPriority: list(string(), { checks: [checks.zoneAwarePriority] }),
  minClusterSize: integer({ minimum: 1, maximum: 4_294_967_295 }),
});

const warmupConfiguration = object('WarmupConfiguration', {
  duration: required(duration()),
  minimumPercent: number({ minimum: 0, maximum: 100 }),
  aggression: number({ minimum: 0, checks: [checks.aggression] }),
});

/** How a proxy picks an endpoint. */
export const loadBalancerSettings = object(
  'LoadBalancerSettings',
  {
    simple: oneOf(['UNSPECIFIED', 'LEAST_CONN', 'RANDOM', 'PASSTHROUGH', 'ROUND_ROBIN', 'LEAST_REQUEST'], {
      deprecatedValues: { LEAST_CONN: 'LEAST_REQUEST' },
    }),
    consistentHash: consistentHashLB,
    backendUtilization: backendUtilizationLB,
    localityLbSetting: localityLoadBalancerSetting,
    zoneAwareLbSetting: zoneAwareLoadBalancerSetting,
    warmupDurationSecs: fineDuration({ deprecated: "'warmup' with its 'duration'" }),
    warmup: warmupConfiguration,
  },
  { oneOf: [['simple', 'consistentHash', 'backendUtilization']], checks: [checks.oneLocalitySetting] },
);
