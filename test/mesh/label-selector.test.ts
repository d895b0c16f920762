import { expect, test } from 'vitest';
import { fitsSelector, mayFitByName, namespaceLabels } from '../../src/mesh/label-selector.ts';

const selector = (matchLabels: Record<string, string>, ...matchExpressions: { key: string; operator: string; values: string[] }[]) => ({
  matchLabels,
  matchExpressions,
});
const expression = (key: string, operator: string, ...values: string[]) => selector({}, { key, operator, values });

test.each([
  [selector({}), true],
  [selector({ team: 'bank' }), true],
  [selector({ team: 'bank', env: 'live' }), false],
  [expression('team', 'In', 'shop', 'bank'), true],
  [expression('team', 'In', 'shop'), false],
  [expression('env', 'In', 'live'), false],
  [expression('team', 'NotIn', 'bank'), false],
  [expression('env', 'NotIn', 'live'), true],
  [expression('team', 'Exists'), true],
  [expression('env', 'Exists'), false],
  [expression('env', 'DoesNotExist'), true],
  [expression('team', 'DoesNotExist'), false],
  [expression('team', 'Matches', 'bank'), false],
])('%j fits { team: bank }: %s', (given, expected) => {
  expect(fitsSelector(given, { team: 'bank' })).toBe(expected);
});

test('a Namespace has its name as a label', () => {
  expect(namespaceLabels({ name: 'shop', labels: { team: 'bank' } })).toEqual({ team: 'bank', 'kubernetes.io/metadata.name': 'shop' });
});

test.each([
  [selector({ 'kubernetes.io/metadata.name': 'shop' }), true],
  [selector({ 'kubernetes.io/metadata.name': 'bank' }), false],
  [selector({ team: 'bank' }), true],
  [expression('kubernetes.io/metadata.name', 'In', 'bank'), false],
  [expression('kubernetes.io/metadata.name', 'NotIn', 'bank'), true],
])('%j may fit a Namespace of which only the name shop is known: %s', (given, expected) => {
  expect(mayFitByName(given, 'shop')).toBe(expected);
});
