import { any, type Infer, list, map, object, presence, string } from './field.ts';
import type { KindDefinition, Resource } from './resource.ts';

const template = object('ExternalSecretTemplate', { type: string(), data: map(presence()) }, { open: true });

/** The Secret that is made; it has the ExternalSecret's own name where none is said. */
const target = object('ExternalSecretTarget', { name: string(), creationPolicy: string(), template }, { open: true });

/** Where anything is taken over as a whole (`dataFrom`), the keys of the Secret cannot be told. */
const externalSecretSpec = object(
  'ExternalSecretSpec',
  { target, data: list(object('ExternalSecretData', { secretKey: string() }, { open: true })), dataFrom: list(any()) },
  { open: true },
);

/** external-secrets.io ExternalSecret: its controller makes a Secret in the same namespace. */
export const externalSecret = {
  kind: 'ExternalSecret',
  group: 'external-secrets.io',
  scope: 'Namespaced',
  root: 'spec',
  spec: externalSecretSpec,
} as const satisfies KindDefinition;

export type ExternalSecret = Resource<'ExternalSecret', Infer<typeof externalSecretSpec>>;

const clusterSpec = object(
  'ClusterExternalSecretSpec',
  { externalSecretName: string(), externalSecretSpec, namespaces: list(string()), namespaceSelector: any(), namespaceSelectors: list(any()) },
  { open: true },
);

/** external-secrets.io ClusterExternalSecret: makes ExternalSecrets in all namespaces that it selects. */
export const clusterExternalSecret = {
  kind: 'ClusterExternalSecret',
  group: 'external-secrets.io',
  scope: 'Cluster',
  root: 'spec',
  spec: clusterSpec,
} as const satisfies KindDefinition;

export type ClusterExternalSecret = Resource<'ClusterExternalSecret', Infer<typeof clusterSpec>>;
