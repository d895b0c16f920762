import { type Infer, map, object, presence, string } from './field.ts';
import type { KindDefinition, Resource } from './resource.ts';

const spec = object('Secret', { type: string(), data: map(presence()), stringData: map(presence()) }, { open: true });

/** Kubernetes Secret: its type and the names of its keys. Values are not kept. */
export const secret = { kind: 'Secret', group: '', scope: 'Namespaced', root: '', spec } as const satisfies KindDefinition;

export type Secret = Resource<'Secret', Infer<typeof spec>>;
