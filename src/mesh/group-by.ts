/** Items by key, in their order; the groups in the order of their first items. */
export function groupBy<K, T>(items: Iterable<T>, keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    // Most groups stay alone: a literal has room for one item, what grows by `push` at once for seventeen.
    else groups.set(key, [item]);
  }
  return groups;
}
