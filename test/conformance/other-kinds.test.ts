import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { problemsOf } from '../resources/checks/told.ts';

/**
 * A configuration, and who refused it when Istio's own code was asked: its CRDs and those of the Gateway API by the API server's validator, then the
 * webhook's functions. Made by changing valid objects at random. The published set of verdicts (invalid.test.ts) has none of these kinds but one.
 */
interface Verdict {
  readonly type: string;
  readonly refusedBy: 'api-server' | 'webhook' | 'client' | 'nobody';
  readonly spec: unknown;
}

const verdicts: readonly Verdict[] = readFileSync(path.join(import.meta.dirname, 'other-kinds.jsonl'), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Verdict);

const types = [...new Set(verdicts.map(({ type }) => type))];

test('there are verdicts on every kind with checks that the published set lacks', () => expect(types.length).toBe(16));

describe.each(types)('%s', (type) => {
  const ofType = verdicts.filter((verdict) => verdict.type === type);
  const refusers = (spec: unknown) => new Set(problemsOf(type, spec).map((problem) => problem.refusedBy));

  test('what Istio accepts is accepted', () => {
    const accepted = ofType.filter(({ refusedBy }) => refusedBy === 'nobody');
    expect(accepted.length).toBeGreaterThan(2);
    expect(accepted.filter(({ spec }) => refusers(spec).size > 0)).toEqual([]);
  });

  test('what the API server refuses is said to be refused by it', () => {
    const refused = ofType.filter(({ refusedBy }) => refusedBy === 'api-server');
    expect(refused.length).toBeGreaterThan(2);
    expect(refused.filter(({ spec }) => !refusers(spec).has('api-server'))).toEqual([]);
  });

  test('what the webhook alone refuses is said to be refused by it', () => {
    const refused = ofType.filter(({ refusedBy }) => refusedBy === 'webhook');
    expect(refused.filter(({ spec }) => [...refusers(spec)].join() !== 'webhook')).toEqual([]);
  });
});
