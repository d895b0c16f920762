import type { Resource } from '../resources/resource.ts';
import { compareText } from '../text/compare-text.ts';

type Aged = Pick<Resource, 'creationTimestamp' | 'name' | 'namespace'>;

/** The oldest object first (docs/traffic-model.md, N-17), by time, name and namespace, where files tell the age of all; else the order that they came in. */
export function sortedByAge<T extends Aged>(objects: readonly T[]): readonly T[] {
  return objects.every(({ creationTimestamp }) => creationTimestamp !== undefined) ? [...objects].sort(byAge) : objects;
}

function byAge(a: Aged, b: Aged): number {
  return compareText(a.creationTimestamp ?? '', b.creationTimestamp ?? '') || compareText(a.name, b.name) || compareText(a.namespace, b.namespace);
}
