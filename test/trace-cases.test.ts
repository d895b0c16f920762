import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../src/engine/answer.ts';
import type { Probe } from '../src/traffic/probes/probe.ts';
import { outsideData } from './support/data.ts';
import { answersIn } from './support/trace.ts';

const data = outsideData('cases');

type End = Answer['expect'];

/** The leading words of what a case expects, as ends of a trace. */
const WORDS: Readonly<Record<string, (end: End, answer: Answer) => boolean>> = {
  direct: ({ outcome }) => outcome === 'direct' || outcome === 'originated',
  egress: ({ outcome, hops }) => outcome === 'gateway' && hops.some(({ proxy }) => proxy.startsWith('gateway')),
  waypoint: ({ outcome, hops }) => ['originated', 'direct', 'gateway'].includes(outcome) && hops.some(({ proxy }) => proxy.startsWith('waypoint')),
  passthrough: ({ outcome }) => outcome === 'passthrough',
  bypass: ({ outcome, hops }) => (outcome === 'direct' || outcome === 'originated') && hops.every(({ proxy }) => proxy === 'sidecar'),
  uncaptured: ({ outcome }) => outcome === 'uncaptured',
  allowed: ({ outcome }) => outcome === 'gateway' || outcome === 'direct',
  blackhole: ({ outcome, hops }) => outcome === 'blocked' && hops.at(-1)?.cluster === 'BlackHoleCluster',
  '502': ({ outcome, code, hops }) => outcome === 'blocked' && code === 502 && hops.at(-1)?.virtualHost === 'block_all',
  '404': ({ outcome, code }) => outcome === 'no-route' && code === 404,
  '500': ({ outcome, code }) => outcome === 'no-cluster' && code === 500,
  '503-NC': ({ outcome, code, flag }) => outcome === 'no-cluster' && code === 503 && flag === 'NC',
  'no-cluster': ({ outcome, flag }) => outcome === 'no-cluster' && flag === 'NC',
  '503-UH': ({ outcome, flag }) => outcome === 'no-endpoints' && flag === 'UH',
  '503-UF': ({ code, flag }) => code === 503 && flag === 'UF',
  '503-UC': ({ code, flag }) => code === 503 && flag === 'UF',
  reset: ({ outcome, at }) => (outcome === 'refused' || outcome === 'no-filter-chain') && at === 'gateway',
  'double-tls': ({ outcome }) => outcome === 'double-tls',
  'plaintext-to-tls': ({ outcome }) => outcome === 'plaintext-to-tls',
  // The case's text names the server that answers.
  'wrong-upstream': ({ outcome }) => outcome === 'direct',
  denied: ({ outcome }) => outcome === 'denied',
  rejected: (_, { asWritten }) => asWritten !== undefined,
};

/** What a trace cannot tell, and why. */
const NOT_TOLD: Readonly<Record<string, string>> = {
  '011 config.yaml': 'a server that speaks first: no connection is described by who has to begin',
  '031 config.yaml': 'CONNECT, which no route matches by its path: the probe does not say the method',
  '033 config.yaml': 'the version of HTTP that a proxy speaks upstream',
  '081 config.yaml': 'Secrets that are named count as there: the rule about them speaks instead',
};

interface Case {
  readonly probes: readonly (Probe & { readonly expect: string; readonly expectFixed: string })[];
}

describe.skipIf(data === undefined)('the cases (skipped without EGRESS_LINT_DATA)', () => {
  const names = data === undefined ? [] : readdirSync(data).filter((name) => /^\d/.test(name));
  const rows = names.flatMap((name) => {
    const { probes } = JSON.parse(readFileSync(`${data}/${name}/case.json`, 'utf8')) as Case;
    return probes.flatMap(({ expect: broken, expectFixed: fixed, ...probe }, index) => [
      { name, index, file: 'config.yaml', text: broken, probe },
      { name, index, file: 'fixed.yaml', text: fixed, probe },
    ]);
  });

  test('there are 40 of them', () => expect(names.length).toBe(40));

  test.each(rows.map((row) => [`${row.name} ${row.file} ${row.index}: ${row.text}`, row] as const))('%s', (_, { name, file, text, probe }) => {
    const [word = '', about = ''] = text.split(/:\s*/, 2);
    const isWord = WORDS[word];
    const reason = NOT_TOLD[`${name.slice(0, 3)} ${file}`];
    const answer = answersIn([{ file, text: readFileSync(`${data}/${name}/${file}`, 'utf8'), named: true }]).answer(probe);
    if (reason !== undefined) {
      // It is taken off the list once the model can tell it.
      expect(isWord?.(answer.expect, answer) ?? false, reason).toBe(false);
      return;
    }
    expect(isWord, word).toBeDefined();
    expect(isWord?.(answer.expect, answer) ? word : [answer.expect.outcome, answer.expect.code, answer.expect.flag, answer.expect.at]).toBe(word);
    if (word === 'wrong-upstream') expect(about).toContain(answer.expect.delivered?.host);
  });
});
