import { expect, test } from 'vitest';
import { codesPage } from '../../src/scripts/codes.mjs';

const first = { code: 'EL101', name: 'first', family: 'schema' };
const second = { code: 'EL201', name: 'second', family: 'tls' };
const rowsOf = (page) => page.split('\n').filter((line) => line.startsWith('| EL'));

test('rules stand in the order of their codes', () => {
  expect(rowsOf(codesPage([second, first], ''))).toEqual(['| EL101 | first | schema |', '| EL201 | second | tls |']);
});

test('the code of a rule that is gone stays, and may come back with that rule only', () => {
  const before = codesPage([first, second], '');
  const without = codesPage([second], before);
  expect(rowsOf(without)).toEqual(['| EL101 | first | retired |', '| EL201 | second | tls |']);
  expect(codesPage([second], without)).toBe(without);
  expect(codesPage([first, second], without)).toBe(before);
  expect(() => codesPage([{ ...second, code: 'EL101' }], without)).toThrow('take one that is free');
});

test('a rule that has another name keeps its code', () => {
  expect(rowsOf(codesPage([{ ...first, name: 'renamed' }], codesPage([first], '')))).toEqual(['| EL101 | renamed | schema |']);
});

test('two rules have two codes', () => {
  expect(() => codesPage([first, { ...second, code: 'EL101' }], '')).toThrow('first and second have the same code, EL101');
});
