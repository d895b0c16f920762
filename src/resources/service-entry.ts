import { type Infer, list, map, object, oneOf, required, string, uint32 } from './field.ts';
import type { KindDefinition, Resource } from './resource.ts';
import { portNumber, workloadSelector } from './shared-fields.ts';

const servicePort = object('ServicePort', {
  number: required(portNumber()),
  protocol: string({ maxLength: 256 }),
  name: required(string({ maxLength: 256 })),
  targetPort: portNumber(),
});

const workloadEntry = object('WorkloadEntry', {
  address: string({ maxLength: 256 }),
  ports: map(portNumber(), { maxProperties: 128 }),
  labels: map(string(), { maxProperties: 256 }),
  network: string({ maxLength: 2048 }),
  locality: string({ maxLength: 2048 }),
  weight: uint32(),
  serviceAccount: string({ maxLength: 253 }),
});

const spec = object('ServiceEntry', {
  hosts: required(list(string(), { minItems: 1, maxItems: 256 })),
  addresses: list(string({ maxLength: 64 }), { maxItems: 256 }),
  ports: list(servicePort, { maxItems: 256 }),
  location: oneOf(['MESH_EXTERNAL', 'MESH_INTERNAL']),
  resolution: oneOf(['NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS']),
  endpoints: list(workloadEntry, { maxItems: 4096 }),
  workloadSelector,
  exportTo: list(string()),
  subjectAltNames: list(string()),
});

/** networking.istio.io ServiceEntry: registers hosts, in the mesh or outside, for the proxies that may see it. */
export const serviceEntry = {
  kind: 'ServiceEntry',
  group: 'networking.istio.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
  specRequired: true,
  closed: true,
} as const satisfies KindDefinition;

export type ServiceEntry = Resource<'ServiceEntry', Infer<typeof spec>>;
