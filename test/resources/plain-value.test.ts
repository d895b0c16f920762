import { expect, test } from 'vitest';
import { actualType, isWritten, numeric, valueAt } from '../../src/resources/plain-value.ts';

const SPEC = { ports: [{ number: 80, targetPort: null }], workload_selector: { labels: {} }, host: '' };

test.each([
  [['ports', 0, 'number'], 80],
  [['ports', 1, 'number'], undefined],
  [['ports', 0, 'number', 'more'], undefined],
  [['ports', 'length', 'more'], undefined],
  [['toString'], undefined],
  [[], SPEC],
])('at %j stands %j', (path, expected) => expect(valueAt(SPEC, path)).toEqual(expected));

test.each([
  [['host'], true],
  [['ports', 0, 'targetPort'], false],
  [['workloadSelector', 'labels'], true],
  [['subsets'], false],
])('%j is written: %s', (path, expected) => expect(isWritten(SPEC, path)).toBe(expected));

test.each([
  [null, 'nothing'],
  [[], 'a list'],
  [{}, 'a mapping'],
  ['eighty', "the text 'eighty'"],
  ['a text that is much too long to be quoted', 'text'],
  [80, 'the number 80'],
  [true, 'the boolean true'],
])('%j is %s', (value, expected) => expect(actualType(value)).toBe(expected));

test.each([
  ['80', 80],
  ['8o', undefined],
  ['', undefined],
  [true, undefined],
])('%j spells %j', (value, expected) => expect(numeric(value)).toBe(expected));
