import { posix } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { displayName } from '../../src/files/paths.ts';

test('displayName is the way from the root to the file', () => {
  const path = (minLength: number): fc.Arbitrary<string> =>
    fc.array(fc.constantFrom('a', 'b', 'ab', 'c.yaml'), { minLength, maxLength: 5 }).map((parts) => `/${parts.join('/')}`);
  fc.assert(
    fc.property(path(0), path(1), (root, file) => {
      expect(displayName(root, file)).toBe(posix.relative(root, file) || '.');
    }),
  );
});

test('a file that is none keeps its name', () => {
  expect(displayName('/work', '/dev/fd/63')).toBe('/dev/fd/63');
});
