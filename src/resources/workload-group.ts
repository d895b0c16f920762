import { labels } from './checks/label.ts';
import * as checks from './checks/workload-group.ts';
import { type Infer, integer, list, map, object, required, string } from './field.ts';
import type { KindDefinition, Resource } from './resource.ts';
import { portNumber } from './shared-fields.ts';
import { workloadTemplate } from './workload-entry.ts';

const objectMeta = object('ObjectMeta', {
  labels: map(string(), { maxProperties: 256, checks: [labels] }),
  annotations: map(string(), { maxProperties: 256 }),
});

const httpHeader = object('HTTPHeader', { name: string({ checks: [checks.headerName] }), value: string() });

const httpHealthCheckConfig = object('HTTPHealthCheckConfig', {
  path: string(),
  port: required(portNumber()),
  host: string(),
  scheme: string({ checks: [checks.probeScheme] }),
  httpHeaders: list(httpHeader, { checks: [checks.namedHeaders] }),
});

const count = () => integer({ minimum: 0, maximum: 2_147_483_647 });

const readinessProbe = object(
  'ReadinessProbe',
  {
    initialDelaySeconds: count(),
    timeoutSeconds: count(),
    periodSeconds: count(),
    successThreshold: count(),
    failureThreshold: count(),
    httpGet: httpHealthCheckConfig,
    tcpSocket: object('TCPHealthCheckConfig', { host: string(), port: required(portNumber()) }),
    exec: object('ExecHealthCheckConfig', { command: required(list(string({ minLength: 1 }), { checks: [checks.someCommand] })) }),
    grpc: object('GrpcHealthCheckConfig', { port: portNumber(), service: string() }),
  },
  { oneOf: [['httpGet', 'tcpSocket', 'exec', 'grpc']], checks: [checks.someMethod] },
);

const spec = object('WorkloadGroup', { metadata: objectMeta, template: required(workloadTemplate), probe: readinessProbe });

/** networking.istio.io WorkloadGroup: what WorkloadEntries that register themselves are made from. */
export const workloadGroup = {
  kind: 'WorkloadGroup',
  group: 'networking.istio.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
  specRequired: 'api-server',
  closed: true,
} as const satisfies KindDefinition;

export type WorkloadGroup = Resource<'WorkloadGroup', Infer<typeof spec>>;
