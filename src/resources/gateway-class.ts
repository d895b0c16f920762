import { controllerName } from './checks/gateway-api.ts';
import { type Infer, object, required, string } from './field.ts';
import { groupName, kindName, namespaceName, objectName } from './gateway-api-fields.ts';
import type { KindDefinition, Resource } from './resource.ts';

const parametersRef = object('ParametersReference', {
  group: required(groupName()),
  kind: required(kindName()),
  name: required(objectName()),
  namespace: namespaceName(),
});

const spec = object('GatewayClassSpec', {
  controllerName: required(string({ minLength: 1, maxLength: 253, checks: [controllerName] })),
  parametersRef,
  description: string({ maxLength: 64 }),
});

/** gateway.networking.k8s.io GatewayClass: who looks after the Gateways of a class; istiod makes its own ones by itself. */
export const gatewayClass = {
  kind: 'GatewayClass',
  group: 'gateway.networking.k8s.io',
  scope: 'Cluster',
  root: 'spec',
  spec,
  specRequired: 'api-server',
} as const satisfies KindDefinition;

export type GatewayClass = Resource<'GatewayClass', Infer<typeof spec>>;
