import { type Infer, map, object, presence, string } from './field.ts';
import type { KindDefinition, Resource } from './resource.ts';

const template = object('SecretTemplateSpec', { type: string(), data: map(presence()) }, { open: true });
const spec = object('SealedSecretSpec', { encryptedData: map(presence()), template }, { open: true });

/** bitnami.com SealedSecret: its controller makes the Secret of the same name and namespace. */
export const sealedSecret = { kind: 'SealedSecret', group: 'bitnami.com', scope: 'Namespaced', root: 'spec', spec } as const satisfies KindDefinition;

export type SealedSecret = Resource<'SealedSecret', Infer<typeof spec>>;
