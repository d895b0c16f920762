import { expect, test } from 'vitest';
import { groupBy } from '../../src/mesh/group-by.ts';

test('groups keep the order of their items, and stand in the order of their first ones', () => {
  const groups = groupBy(['b1', 'a1', 'b2', 'c1', 'a2', 'b3'], (item) => item.charAt(0));
  expect([...groups]).toEqual([
    ['b', ['b1', 'b2', 'b3']],
    ['a', ['a1', 'a2']],
    ['c', ['c1']],
  ]);
});
