import { expect, test } from 'vitest';
import { concise } from '../../src/report/concise.ts';
import { finding, inputOf, marked, place } from './support.ts';

const source = marked('shop/a.yaml', 'kind: «Sidecar»\nspec: «{}»\n');
const findings = [
  finding({ location: place(source, 0), message: 'first\n  of two \u001b[2Jlines' }),
  finding({ location: place(source, 1), severity: 'warning', rule: 'unused-host', message: 'second' }),
  finding({ location: place(source, 1), severity: 'info', message: 'third' }),
];

test('one line for each finding, and the summary', () => {
  expect(concise(inputOf([source], findings))).toBe(
    'shop/a.yaml:1:7: error[unknown-host] first of two ␛[2Jlines\n' +
      'shop/a.yaml:2:7: warning[unused-host] second\n' +
      '1 error, 1 warning (1 info hidden) in 3 resources of 1 file\n',
  );
});

test('infos are listed where they are asked for', () => {
  expect(concise(inputOf([source], findings, { showInfos: true }))).toContain('shop/a.yaml:2:7: info[unknown-host] third\n1 error, 1 warning, 1 info in');
});

test('nothing found is one line', () => {
  expect(concise(inputOf([source], []))).toBe('ok: no findings in 3 resources of 1 file\n');
});
