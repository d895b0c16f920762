import { expect, test } from 'vitest';
import { isExportedTo } from '../../src/mesh/export-to.ts';

test.each<[exportTo: readonly string[], client: string, fallback: readonly string[], expected: boolean]>([
  [['*'], 'pay', ['.'], true],
  [['.'], 'shop', ['*'], true],
  [['.'], 'pay', ['*'], false],
  [['pay'], 'pay', ['*'], true],
  [['pay'], 'shop', ['*'], false],
  [['shop'], 'shop', ['*'], true],
  [['.', 'pay'], 'pay', ['*'], true],
  [['~'], 'shop', ['*'], false],
  [['~', 'pay'], 'pay', ['*'], false],
  [['~', '*'], 'pay', ['*'], true],
  [[], 'pay', ['*'], true],
  [[], 'pay', ['.'], false],
  [[], 'shop', ['.'], true],
  [[], 'pay', ['~'], false],
])('V-1, V-2: %j of namespace shop, for %s, where the default is %j: %s', (exportTo, client, fallback, expected) => {
  expect(isExportedTo(exportTo, 'shop', client, fallback)).toBe(expected);
});
