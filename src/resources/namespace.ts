import { type Infer, object } from './field.ts';
import type { KindDefinition, Resource } from './resource.ts';

const spec = object('Namespace', {}, { open: true });

/** Kubernetes Namespace: only its labels matter here. */
export const namespace = { kind: 'Namespace', group: '', scope: 'Cluster', root: '', spec } as const satisfies KindDefinition;

export type Namespace = Resource<'Namespace', Infer<typeof spec>>;
