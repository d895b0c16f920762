import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import findingsSchema from '../../docs/findings.schema.json' with { type: 'json' };
import traceSchema from '../../docs/trace.schema.json' with { type: 'json' };
import { answerLine } from '../../src/report/trace-json.ts';
import { casesIn } from '../conformance/case.ts';
import { root } from '../support/data.ts';
import { answersIn, probeOf } from '../support/trace.ts';
import { traceProblems } from './schemas.ts';

const SAMPLE = 40;

describe('answers in JSON', () => {
  const cases = casesIn(readFileSync(`${root}/test/conformance/traffic-sample.jsonl`, 'utf8'));
  const every = Math.floor(cases.length / SAMPLE);

  test.each(cases.filter((_, index) => index % every === 0).map((each) => [each.id, each] as const))('%s is described by docs/trace.schema.json', (_, each) => {
    const answers = answersIn(
      each.files.map(({ name, text }) => ({ file: name, text })),
      each.mesh ? { meshConfig: { settings: each.mesh } } : {},
    );
    for (const { expect: _recorded, ...probe } of each.probes) expect(traceProblems(JSON.parse(answerLine(answers.answer(probe))))).toEqual([]);
  });

  test('findings describe the traces that they hold in the same way', () => {
    const shared = Object.keys(traceSchema.definitions).filter((name) => name in findingsSchema.definitions);
    expect(shared).toContain('hop');
    for (const name of shared) {
      expect(findingsSchema.definitions[name as 'hop'], name).toEqual(traceSchema.definitions[name as 'hop']);
    }
  });

  test('with all their parts', () => {
    const file = 'examples/ssl-error-from-a-sidecar/broken/egress.yaml';
    const answers = answersIn([{ file, text: readFileSync(`${root}/${file}`, 'utf8') }]);
    const line = answerLine(answers.answer(probeOf('shipping/app=tracker', 'https://api.parcels.example')));
    expect(line).toMatch(/^\{"version":1,.*\}\n$/);
    const answer = JSON.parse(line);
    expect(traceProblems(answer)).toEqual([]);
    expect(answer.asWritten.stories.map(({ expect: { outcome } }: { expect: { outcome: string } }) => outcome)).toEqual(['passthrough', 'blocked']);
    expect(traceProblems({ ...answer, version: 2 })).not.toEqual([]);
    expect(traceProblems({ ...answer, expect: { ...answer.expect, outcome: 'lost' } })).not.toEqual([]);
  });
});
