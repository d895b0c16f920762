import { connectionPoolSettings } from './connection-pool.ts';
import { type Infer, list, object, oneOf, required, string, uint32 } from './field.ts';
import type { KindDefinition, Resource } from './resource.ts';
import { serverTlsSettings } from './server-tls.ts';
import { destination, workloadSelector } from './shared-fields.ts';

const sidecarPort = object('SidecarPort', {
  number: uint32(),
  protocol: string(),
  name: string(),
  targetPort: uint32({ deprecated: 'TODO', hidden: true }),
});

const istioIngressListener = object('IstioIngressListener', {
  port: required(sidecarPort),
  bind: string(),
  captureMode: oneOf(['DEFAULT', 'IPTABLES', 'NONE']),
  defaultEndpoint: string(),
  tls: serverTlsSettings,
  connectionPool: connectionPoolSettings,
});

const istioEgressListener = object('IstioEgressListener', {
  port: sidecarPort,
  bind: string(),
  captureMode: oneOf(['DEFAULT', 'IPTABLES', 'NONE']),
  hosts: required(list(string())),
});

const outboundTrafficPolicy = object('OutboundTrafficPolicy', {
  mode: oneOf(['REGISTRY_ONLY', 'ALLOW_ANY']),
  egressProxy: { ...destination, hidden: true },
});

const spec = object('Sidecar', {
  workloadSelector: workloadSelector,
  ingress: list(istioIngressListener),
  egress: list(istioEgressListener),
  inboundConnectionPool: connectionPoolSettings,
  outboundTrafficPolicy: outboundTrafficPolicy,
});

/** networking.istio.io Sidecar: what a namespace's or workload's proxies import, and where they may send the rest. */
export const sidecar = {
  kind: 'Sidecar',
  group: 'networking.istio.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
  closed: true,
} as const satisfies KindDefinition;

export type Sidecar = Resource<'Sidecar', Infer<typeof spec>>;
