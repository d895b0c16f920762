import { exportTo } from './checks/export-to.ts';
import { registeredHost } from './checks/host-name.ts';
import { ipOrCidr } from './checks/ip-address.ts';
import { portName, protocol } from './checks/port.ts';
import * as checks from './checks/service-entry.ts';
import * as endpointChecks from './checks/workload-entry.ts';
import { type Infer, list, object, oneOf, required, string } from './field.ts';
import type { KindDefinition, Resource } from './resource.ts';
import { portNumber, workloadSelector } from './shared-fields.ts';
import { endpoint } from './workload-entry.ts';

const servicePort = object('ServicePort', {
  number: required(portNumber()),
  protocol: string({ maxLength: 256, checks: [protocol] }),
  name: required(string({ maxLength: 256, checks: [portName] })),
  targetPort: portNumber(),
});

const spec = object(
  'ServiceEntry',
  {
    hosts: required(list(string({ checks: [registeredHost] }), { minItems: 1, maxItems: 256 })),
    addresses: list(string({ maxLength: 64, checks: [ipOrCidr] }), { maxItems: 256 }),
    ports: list(servicePort, { maxItems: 256, checks: [checks.uniquePorts] }),
    location: oneOf(['MESH_EXTERNAL', 'MESH_INTERNAL']),
    resolution: oneOf(['NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS']),
    endpoints: list(endpoint, { maxItems: 4096 }),
    workloadSelector,
    exportTo: list(string(), { checks: [exportTo('ServiceEntry')] }),
    subjectAltNames: list(string()),
  },
  {
    checks: [
      checks.selectorOrEndpoints,
      checks.noEndpointsForNone,
      checks.oneHostForTcp,
      checks.lookedUpHosts,
      checks.dynamicDnsHosts,
      checks.dynamicDnsProtocols,
      checks.dynamicDnsLocation,
      endpointChecks.endpointAddresses,
      endpointChecks.onePortForUnix,
    ],
  },
);

/** networking.istio.io ServiceEntry: registers hosts, in the mesh or outside, for the proxies that may see it. */
export const serviceEntry = {
  kind: 'ServiceEntry',
  group: 'networking.istio.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
  specRequired: 'api-server',
  closed: true,
} as const satisfies KindDefinition;

export type ServiceEntry = Resource<'ServiceEntry', Infer<typeof spec>>;
