import { type Infer, list, map, object, required, string, uint32 } from './field.ts';
import type { KindDefinition, Resource } from './resource.ts';
import { serverTlsSettings } from './server-tls.ts';

const port = object('Port', {
  number: required(uint32()),
  protocol: required(string()),
  name: required(string()),
  targetPort: uint32({ deprecated: 'TODO', hidden: true }),
});

const server = object('Server', {
  port: required(port),
  bind: string(),
  hosts: required(list(string())),
  tls: serverTlsSettings,
  defaultEndpoint: string({ hidden: true }),
  name: string(),
});

const spec = object('Gateway', {
  servers: list(server),
  selector: map(string()),
});

/** networking.istio.io Gateway: the servers that a gateway workload opens. */
export const gateway = {
  kind: 'Gateway',
  group: 'networking.istio.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
  closed: true,
} as const satisfies KindDefinition;

export type Gateway = Resource<'Gateway', Infer<typeof spec>>;
