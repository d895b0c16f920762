import { serverHost } from './checks/namespaced-host.ts';
import { noTargetPort, requiredProtocol } from './checks/port.ts';
import * as checks from './checks/server.ts';
import { type Infer, list, map, object, required, string, uint32 } from './field.ts';
import type { KindDefinition, Resource } from './resource.ts';
import { serverTlsSettings } from './server-tls.ts';

const port = object('Port', {
  number: required(uint32()),
  protocol: required(string({ checks: [requiredProtocol] })),
  name: required(string({ checks: [checks.somePortName] })),
  targetPort: uint32({ hidden: true, checks: [noTargetPort("a Gateway's port is the one that its Pods listen on, and their Service maps it")] }),
});

const server = object(
  'Server',
  {
    port: required(port),
    bind: string(),
    hosts: required(list(string({ checks: [serverHost] }), { checks: [checks.someItem] })),
    tls: serverTlsSettings,
    defaultEndpoint: string({ hidden: true, deprecated: 'a VirtualService that is bound to the Gateway' }),
    name: string(),
  },
  { checks: [checks.serverPort, checks.serverBind] },
);

const spec = object(
  'Gateway',
  {
    servers: list(server, { checks: [checks.uniquePortNames] }),
    selector: map(string()),
  },
  { checks: [checks.someServer] },
);

/** networking.istio.io Gateway: the servers that a gateway workload opens. */
export const gateway = {
  kind: 'Gateway',
  group: 'networking.istio.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
  specRequired: 'webhook',
  closed: true,
} as const satisfies KindDefinition;

export type Gateway = Resource<'Gateway', Infer<typeof spec>>;
