import { type Infer, object } from './field.ts';
import type { KindDefinition, Resource } from './resource.ts';

const spec = object('GatewaySpec', {}, { open: true });

/** gateway.networking.k8s.io Gateway: read so far only to know that it exists, for VirtualServices may be bound to one. */
export const kubernetesGateway = {
  kind: 'Gateway',
  type: 'KubernetesGateway',
  group: 'gateway.networking.k8s.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
} as const satisfies KindDefinition;

export type KubernetesGateway = Resource<'Gateway', Infer<typeof spec>>;
