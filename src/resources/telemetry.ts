import { oneTarget } from './checks/policy-target.ts';
import * as checks from './checks/telemetry.ts';
import { boolean, type Infer, list, map, number, object, oneOf, required, string } from './field.ts';
import { targetRef, targetRefs } from './policy-target.ts';
import type { KindDefinition, Resource } from './resource.ts';
import { fineDuration, policyWorkloadSelector } from './shared-fields.ts';

const someText = () => string({ minLength: 1 });
const providers = () => list(object('ProviderRef', { name: required(someText()) }));
const workloadMode = oneOf(['CLIENT_AND_SERVER', 'CLIENT', 'SERVER']);

const customTag = object(
  'CustomTag',
  {
    literal: object('Literal', { value: required(someText()) }),
    environment: object('Environment', { name: required(someText()), defaultValue: string() }),
    header: object('RequestHeader', { name: required(someText()), defaultValue: string() }),
    formatter: object('Formatter', { value: required(someText()) }),
  },
  { oneOf: [['literal', 'environment', 'header', 'formatter']] },
);

const tracing = object('Tracing', {
  match: object('TracingSelector', { mode: workloadMode }),
  providers: providers(),
  randomSamplingPercentage: number({ minimum: 0, maximum: 100 }),
  disableSpanReporting: boolean(),
  customTags: map(customTag, { checks: [checks.tagNames] }),
  useRequestIdForTraceSampling: boolean({ hidden: true }),
  enableIstioTags: boolean(),
  disableContextPropagation: boolean(),
});

const metricSelector = object(
  'MetricSelector',
  {
    metric: oneOf([
      'ALL_METRICS',
      'REQUEST_COUNT',
      'REQUEST_DURATION',
      'REQUEST_SIZE',
      'RESPONSE_SIZE',
      'TCP_OPENED_CONNECTIONS',
      'TCP_CLOSED_CONNECTIONS',
      'TCP_SENT_BYTES',
      'TCP_RECEIVED_BYTES',
      'GRPC_REQUEST_MESSAGES',
      'GRPC_RESPONSE_MESSAGES',
    ]),
    customMetric: someText(),
    mode: workloadMode,
  },
  { oneOf: [['metric', 'customMetric']] },
);

const tagOverride = object('TagOverride', { operation: oneOf(['UPSERT', 'REMOVE']), value: string() }, { checks: [checks.tagValue] });

const metrics = object('Metrics', {
  providers: providers(),
  overrides: list(object('MetricsOverrides', { match: metricSelector, disabled: boolean(), tagOverrides: map(tagOverride) })),
  reportingInterval: fineDuration(),
});

const accessLogging = object('AccessLogging', {
  match: object('LogSelector', { mode: workloadMode }),
  providers: providers(),
  disabled: boolean(),
  filter: object('Filter', { expression: string({ checks: [checks.someExpression] }) }, { checks: [checks.filterExpression] }),
});

const spec = object(
  'Telemetry',
  { selector: policyWorkloadSelector, targetRef, targetRefs, tracing: list(tracing), metrics: list(metrics), accessLogging: list(accessLogging) },
  { checks: [oneTarget] },
);

/** telemetry.istio.io Telemetry: what proxies log, count and trace. */
export const telemetry = {
  kind: 'Telemetry',
  group: 'telemetry.istio.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
  closed: true,
} as const satisfies KindDefinition;

export type Telemetry = Resource<'Telemetry', Infer<typeof spec>>;
