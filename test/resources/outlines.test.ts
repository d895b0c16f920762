import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Outlines } from '../../src/resources/outlines.ts';
import { valueAt } from '../../src/resources/plain-value.ts';

test('an outline has the fields and items of its value', () => {
  const value = { a: [{ b: 1 }, null, []], c: {}, 'd,1': 'x' };
  expect(new Outlines().of(value)).toEqual({ a: [{ b: true }, true, []], c: {}, 'd,1': true });
});

test('values of one shape share an outline, others do not', () => {
  const outlines = new Outlines();
  expect(outlines.of({ host: 'a', port: { number: 1 } })).toBe(outlines.of({ host: 'b', port: { number: null } }));
  const others = [
    { host: 'a' },
    { host: [] },
    { host: {} },
    [1],
    [[1]],
    { a: 1, b: 1 },
    { 'a01,1b': 1 },
    { a: { b: 1 } },
    { a: 1 },
    { 1: { a: 1 } },
    { 11: 1 },
  ];
  expect(new Set(others.map((each) => outlines.of(each))).size).toBe(others.length);
});

/** Paths of all fields and items. */
function pathsIn(value: unknown, at: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  const steps = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [at, ...steps.flatMap((step) => pathsIn(valueAt(value, [step]), [...at, step]))];
}

test('whatever the values, an outline leads exactly where its value leads', () => {
  const outlines = new Outlines();
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, two) => {
      for (const value of [one, two]) expect(pathsIn(outlines.of(value))).toEqual(pathsIn(value));
    }),
  );
});
