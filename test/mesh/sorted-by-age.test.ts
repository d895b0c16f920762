import { expect, test } from 'vitest';
import { sortedByAge } from '../../src/mesh/sorted-by-age.ts';

const base = { creationTimestamp: '2026-03-01T00:00:00Z', name: 'm', namespace: 'm' };

test.each([
  ['the earlier time', { creationTimestamp: '2026-02-01T00:00:00Z', name: 'z' }],
  ['of one time, the smaller name', { name: 'a', namespace: 'z' }],
  ['of one time and name, the smaller namespace', { namespace: 'a' }],
])('first comes %s (N-17)', (_, parts) => {
  const older = { ...base, ...parts };
  expect(sortedByAge([base, older])).toEqual([older, base]);
  expect(sortedByAge([older, base])).toEqual([older, base]);
});

test('where one has no time, nothing is sorted: the file may be the younger or the older one', () => {
  const objects = [base, { ...base, creationTimestamp: undefined, name: 'b' }, { ...base, name: 'a' }];
  expect(sortedByAge(objects)).toEqual(objects);
});
