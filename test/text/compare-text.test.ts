import { expect, test } from 'vitest';
import { compareText } from '../../src/text/compare-text.ts';

test.each([
  [['b', 'a', 'c'], ['a', 'b', 'c'], 'letters'],
  [['a', 'B'], ['B', 'a'], 'capitals before small letters, whatever the locale says'],
  [['é', 'z'], ['z', 'é'], 'letters with accents behind z'],
  [['a.b', 'a-b', 'a'], ['a', 'a-b', 'a.b'], 'punctuation as it stands in ASCII'],
  [['10', '9'], ['10', '9'], 'digits, not numbers'],
])('%j is sorted to %j: %s', (texts, sorted) => {
  expect(texts.toSorted(compareText)).toEqual(sorted);
});

test('equal texts are neither before nor after each other', () => {
  expect(compareText('a', 'a')).toBe(0);
});
