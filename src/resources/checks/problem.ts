/** Short forms of the problems that checks report. */

import type { Path } from '../../yaml/locate.ts';
import type { ProblemDetail } from '../field.ts';

type Malformed = Extract<ProblemDetail, { readonly type: 'malformed-value' }>;

/** @param expected reads after "must be" */
export const malformed = (value: string | number, expected: string): Malformed => ({ type: 'malformed-value', value: String(value), expected });

/** @param range reads after "must be", too: `1 to 65535` */
export const outOfRange = (value: string | number, range: string): ProblemDetail => ({ type: 'out-of-range', value: String(value), range });

/**
 * @param within the message that lacks the field
 * @param why a full clause
 */
export const missing = (field: string, within: string, why: string): ProblemDetail => ({ type: 'missing-field', field, within, why });

/**
 * @param why a full clause
 * @param others the fields that the reported one cannot stand beside
 */
export const conflict = (why: string, ...others: readonly Path[]): ProblemDetail => ({ type: 'conflicting-fields', why, others });

/** A value that its list may hold only once. @param first where it stands already */
export const duplicate = (value: string | number, first: Path, scope: string): Malformed => ({
  type: 'malformed-value',
  value: String(value),
  expected: `unique among ${scope}`,
  others: [first],
  remedy: 'remove one of the two, or give it another value',
});

/** A field that may not be set at all. @param why a full clause */
export const leftOut = (value: string | number, why: string): Malformed => ({
  type: 'malformed-value',
  value: String(value),
  expected: `left out: ${why}`,
  remedy: `remove it: ${why}`,
});

/** A mapping or list without anything in it. @param expected reads after "must be" */
export const empty = (expected: string, remedy: string): Malformed => ({ type: 'malformed-value', value: '{}', expected, remedy });

/** Values that a list may hold only once, each later one with the place of the first. Empty texts are left out: they have problems of their own. */
export function* repeated<T>(values: Iterable<T>): Generator<{ readonly value: T; readonly index: number; readonly first: number }> {
  const seen = new Map<T, number>();
  let index = 0;
  for (const value of values) {
    const first = seen.get(value);
    if (first !== undefined) yield { value, index, first };
    else if (value !== '' && value !== undefined) seen.set(value, index);
    index++;
  }
}
