import { type Infer, map, object, string } from './field.ts';
import type { KindDefinition, Resource } from './resource.ts';

const spec = object('ConfigMap', { data: map(string()) }, { open: true });

/** Kubernetes ConfigMap; the one that carries the mesh configuration is read further in mesh/mesh-config.ts. */
export const configMap = { kind: 'ConfigMap', group: '', scope: 'Namespaced', root: '', spec } as const satisfies KindDefinition;

export type ConfigMap = Resource<'ConfigMap', Infer<typeof spec>>;
