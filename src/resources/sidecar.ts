import { egressHost } from './checks/namespaced-host.ts';
import { noTargetPort, optionalPortName, protocol } from './checks/port.ts';
import { someItem } from './checks/server.ts';
import * as checks from './checks/sidecar.ts';
import { connectionPoolSettings } from './connection-pool.ts';
import { type Check, type Infer, list, object, oneOf, required, string, uint32 } from './field.ts';
import type { KindDefinition, Resource } from './resource.ts';
import { serverTlsSettings } from './server-tls.ts';
import { destination, workloadSelector } from './shared-fields.ts';

const sidecarPort = (number: Check<{ readonly number?: number }>) =>
  object(
    'SidecarPort',
    {
      number: uint32(),
      protocol: string({ checks: [protocol] }),
      name: string({ checks: [optionalPortName] }),
      targetPort: uint32({ hidden: true, checks: [noTargetPort("a Sidecar's port is the one that the client dials or that the Pod listens on")] }),
    },
    { checks: [number] },
  );

const captureMode = oneOf(['DEFAULT', 'IPTABLES', 'NONE']);

const istioIngressListener = object(
  'IstioIngressListener',
  {
    port: required(sidecarPort(checks.ingressPortNumber)),
    bind: string(),
    captureMode,
    defaultEndpoint: string({ checks: [checks.defaultEndpoint] }),
    tls: serverTlsSettings,
    connectionPool: connectionPoolSettings,
  },
  { checks: [checks.ingressBind, checks.ingressTls] },
);

const istioEgressListener = object(
  'IstioEgressListener',
  {
    port: sidecarPort(checks.egressPortNumber),
    bind: string(),
    captureMode,
    hosts: required(list(string({ checks: [egressHost] }), { checks: [someItem] })),
  },
  { checks: [checks.egressBind] },
);

const outboundTrafficPolicy = object(
  'OutboundTrafficPolicy',
  {
    mode: oneOf(['REGISTRY_ONLY', 'ALLOW_ANY']),
    egressProxy: { ...destination, hidden: true },
  },
  { checks: [checks.egressProxy] },
);

const spec = object(
  'Sidecar',
  {
    workloadSelector,
    ingress: list(istioIngressListener, { checks: [checks.uniqueListeners] }),
    egress: list(istioEgressListener, { checks: [checks.lastWithoutPort, checks.uniqueListeners] }),
    inboundConnectionPool: connectionPoolSettings,
    outboundTrafficPolicy,
  },
  { checks: [checks.someSetting] },
);

/** networking.istio.io Sidecar: what a namespace's or workload's proxies import, and where they may send the rest. */
export const sidecar = {
  kind: 'Sidecar',
  group: 'networking.istio.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
  specRequired: 'webhook',
  closed: true,
} as const satisfies KindDefinition;

export type Sidecar = Resource<'Sidecar', Infer<typeof spec>>;
