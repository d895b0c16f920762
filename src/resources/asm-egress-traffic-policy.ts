import { any, type Infer, list, object, string } from './field.ts';
import type { KindDefinition, Resource } from './resource.ts';

const spec = object(
  'ASMEgressTrafficPolicySpec',
  { byEgressGateway: object('ByEgressGateway', { name: string() }, { open: true }), egressRules: list(any()) },
  { open: true },
);

/** istio.alibabacloud.com ASMEgressTrafficPolicy: ASM makes ServiceEntries, Gateways, VirtualServices and DestinationRules of it, which are then not in view. */
export const asmEgressTrafficPolicy = {
  kind: 'ASMEgressTrafficPolicy',
  group: 'istio.alibabacloud.com',
  scope: 'Namespaced',
  root: 'spec',
  spec,
} as const satisfies KindDefinition;

export type ASMEgressTrafficPolicy = Resource<'ASMEgressTrafficPolicy', Infer<typeof spec>>;
