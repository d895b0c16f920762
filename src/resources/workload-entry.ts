import { labels } from './checks/label.ts';
import * as checks from './checks/workload-entry.ts';
import { type Infer, map, object, string, uint32 } from './field.ts';
import type { KindDefinition, Resource } from './resource.ts';
import { portNumber } from './shared-fields.ts';

const fields = {
  address: string({ maxLength: 256, checks: [checks.unixAddress] }),
  ports: map(portNumber(), { maxProperties: 128, checks: [checks.endpointPortNames] }),
  labels: map(string(), { maxProperties: 256, checks: [labels] }),
  network: string({ maxLength: 2048 }),
  locality: string({ maxLength: 2048 }),
  weight: uint32(),
  serviceAccount: string({ maxLength: 253 }),
} as const;

/** An endpoint of a ServiceEntry. Which addresses it takes depends on the entry's resolution. */
export const endpoint = object('WorkloadEntry', fields, { checks: [checks.addressOrNetwork, checks.noPortsForUnix] });

/** What a WorkloadGroup fills its entries from: the address comes later, and nobody looks at the labels before. */
export const workloadTemplate = object(
  'WorkloadEntry',
  { ...fields, labels: map(string(), { maxProperties: 256 }) },
  {
    checks: [checks.noPortsForUnix],
  },
);

const spec = object('WorkloadEntry', fields, { checks: [checks.addressOrNetwork, checks.noPortsForUnix, checks.someAddress] });

/** networking.istio.io WorkloadEntry: one endpoint outside of Kubernetes, which a ServiceEntry selects by its labels. */
export const workloadEntry = {
  kind: 'WorkloadEntry',
  group: 'networking.istio.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
  specRequired: 'api-server',
  closed: true,
} as const satisfies KindDefinition;

export type WorkloadEntry = Resource<'WorkloadEntry', Infer<typeof spec>>;
