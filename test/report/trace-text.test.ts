import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { adviceFor } from '../../src/engine/advice.ts';
import { traceText } from '../../src/report/trace-text.ts';
import { root } from '../support/data.ts';
import { lintFiles } from '../support/lint-text.ts';
import { answersIn, probeOf } from '../support/trace.ts';

const WIDTH = 80;
const TEXT_COLUMN = 18;

/** What the command prints, as people read it: snapshots to be looked at whenever they change. */
describe('a trace in words', () => {
  test.each([
    ['ssl-error-from-a-sidecar', 'shipping/app=tracker', 'https://api.parcels.example'],
    ['http-through-egress-gateway', 'forecast', 'http://feed.weather.example'],
    ['https-through-egress-gateway', 'accounting', 'https://ledger.bank.example'],
  ])('%s', async (example, from, to) => {
    for (const state of ['broken', 'repaired']) {
      const directory = `examples/${example}/${state}`;
      const files = readdirSync(`${root}/${directory}`).map((name) => ({
        file: `${directory}/${name}`,
        text: readFileSync(`${root}/${directory}/${name}`, 'utf8'),
      }));
      const { findings } = lintFiles(files);
      const text = traceText({
        answers: [answersIn(files).answer(probeOf(from, to))],
        advice: (answer) => adviceFor(answer, findings),
        terminal: { color: 0, width: WIDTH, hyperlinks: false },
      });
      await expect(text).toMatchFileSnapshot(`trace-text/${example}-${state}.txt`);
      const [words = ''] = text.split('To confirm it in the cluster');
      // Names that are wider than the column stay whole.
      expect(words.split('\n').filter((line) => line.length > WIDTH && line.slice(TEXT_COLUMN).trim().includes(' '))).toEqual([]);
    }
  });

  test('colors change nothing but the colors', () => {
    const answers = [answersIn([{ file: 'a.yaml', text: '' }]).answer(probeOf('shop', 'https://api.example'))];
    const print = (color: 0 | 1): string => traceText({ answers, advice: () => [], terminal: { color, width: WIDTH, hyperlinks: false } });
    expect(print(1)).not.toBe(print(0));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes are what is looked for
    expect(print(1).replace(/\u001b\[\d+m/g, '')).toBe(print(0));
  });
});
