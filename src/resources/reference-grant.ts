import { type Infer, list, object, required } from './field.ts';
import { groupName, kindName, namespaceName, objectName } from './gateway-api-fields.ts';
import type { KindDefinition, Resource } from './resource.ts';

const from = object('ReferenceGrantFrom', { group: required(groupName()), kind: required(kindName()), namespace: required(namespaceName()) });
const to = object('ReferenceGrantTo', { group: required(groupName()), kind: required(kindName()), name: objectName() });

const spec = object('ReferenceGrantSpec', {
  from: required(list(from, { minItems: 1, maxItems: 16 })),
  to: required(list(to, { minItems: 1, maxItems: 16 })),
});

/** gateway.networking.k8s.io ReferenceGrant: whose objects may refer to objects of this namespace. */
export const referenceGrant = {
  kind: 'ReferenceGrant',
  group: 'gateway.networking.k8s.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
  specRequired: 'api-server',
} as const satisfies KindDefinition;

export type ReferenceGrant = Resource<'ReferenceGrant', Infer<typeof spec>>;
