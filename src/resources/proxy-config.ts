import { type Infer, integer, map, object, string } from './field.ts';
import type { KindDefinition, Resource } from './resource.ts';
import { policyWorkloadSelector } from './shared-fields.ts';

const spec = object('ProxyConfig', {
  selector: policyWorkloadSelector,
  concurrency: integer({ minimum: 0, maximum: 2_147_483_647 }),
  environmentVariables: map(string({ maxLength: 2048 })),
  image: object('ProxyImage', { imageType: string() }),
});

/** networking.istio.io ProxyConfig: settings that a workload's proxy starts with; ISTIO_META_DNS_CAPTURE may be among its environment variables. */
export const proxyConfig = {
  kind: 'ProxyConfig',
  group: 'networking.istio.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
  closed: true,
} as const satisfies KindDefinition;

export type ProxyConfig = Resource<'ProxyConfig', Infer<typeof spec>>;
