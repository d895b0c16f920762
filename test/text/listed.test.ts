import { expect, test } from 'vitest';
import { listed } from '../../src/text/listed.ts';

test.each([
  [[], 3, ''],
  [['a'], 3, 'a'],
  [['a', 'b', 'c'], 3, 'a, b, c'],
  [['a', 'b', 'c', 'd', 'e'], 3, 'a, b, c and 2 more'],
  [['a', 'b', 'a', 'b', 'a'], 3, 'a, b'],
  [['a', 'b', 'c'], 1, 'a and 2 more'],
])('%j, of which %i are shown: %j', (words, shown, expected) => expect(listed(words, shown)).toBe(expected));
