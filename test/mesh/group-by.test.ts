import { expect, test } from 'vitest';
import { addTo, groupBy } from '../../src/mesh/group-by.ts';

test('groups keep the order of their items, and stand in the order of their first ones', () => {
  const groups = groupBy(['b1', 'a1', 'b2', 'c1', 'a2', 'b3'], (item) => item.charAt(0));
  expect([...groups]).toEqual([
    ['b', ['b1', 'b2', 'b3']],
    ['a', ['a1', 'a2']],
    ['c', ['c1']],
  ]);
});

test('an item goes behind those of its key', () => {
  const lists = new Map([['a', [1]]]);
  addTo(lists, 'b', 2);
  addTo(lists, 'a', 3);
  expect([...lists]).toEqual([
    ['a', [1, 3]],
    ['b', [2]],
  ]);
});
