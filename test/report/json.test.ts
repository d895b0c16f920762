import { describe, expect, test } from 'vitest';
import { json } from '../../src/report/json.ts';
import { findingsProblems, undescribed } from './schemas.ts';
import { finding, inputOf, lintedInput, marked, place } from './support.ts';

const source = marked('shop/a.yaml', '\ufeffkind: «Sidecar»\nspec:\n  egress: «😀» # x\n');
const resource = { apiVersion: 'networking.istio.io/v1', kind: 'Sidecar', namespace: 'shop', name: 'checkout' };
const full = finding({
  refusedBy: 'webhook',
  label: 'here',
  symptom: 'it fails',
  help: 'change it',
  resource,
  path: 'spec.egress',
  location: place(source, 1),
  related: [
    { message: 'the kind', location: place(source, 0), resource, path: 'kind' },
    { message: 'no resource', location: place(source, 0) },
  ],
  fixes: [{ title: 'write []', safe: true, edits: [{ file: 'shop/a.yaml', start: 31, end: 33, text: '[]' }] }],
});

describe('json', () => {
  test('prints every part of a finding, keys in a fixed order', () => {
    const text = json(inputOf([source], [full]));
    expect(text).toBe(
      `${JSON.stringify(
        {
          version: 1,
          tool: { name: 'egress-lint', version: '1.2.3' },
          summary: { files: 1, documents: 3, resources: 3, errors: 1, warnings: 0, infos: 0, suppressed: 0 },
          findings: [
            {
              rule: 'unknown-host',
              code: 'EL999',
              severity: 'error',
              confidence: 'certain',
              refusedBy: 'webhook',
              message: 'nobody registers this host',
              symptom: 'it fails',
              help: 'change it',
              docs: 'docs/rules/unknown-host.md',
              resource,
              path: 'spec.egress',
              location: { file: 'shop/a.yaml', startLine: 3, startColumn: 11, endLine: 3, endColumn: 13 },
              related: [
                { message: 'the kind', resource, path: 'kind', location: { file: 'shop/a.yaml', startLine: 1, startColumn: 8, endLine: 1, endColumn: 15 } },
                { message: 'no resource', location: { file: 'shop/a.yaml', startLine: 1, startColumn: 8, endLine: 1, endColumn: 15 } },
              ],
              fixes: [{ title: 'write []', safe: true, edits: [{ file: 'shop/a.yaml', start: 31, end: 33, text: '[]' }] }],
              fingerprint: '0123456789abcdef',
            },
          ],
        },
        undefined,
        2,
      )}\n`,
    );
  });

  test('lists infos where they are asked for, and counts them in any case', () => {
    const findings = [finding({ location: place(source) }), finding({ location: place(source), severity: 'info' })];
    const severities = (showInfos: boolean) =>
      JSON.parse(json(inputOf([source], findings, { showInfos }))).findings.map(({ severity }: typeof full) => severity);
    expect(severities(false)).toEqual(['error']);
    expect(severities(true)).toEqual(['error', 'info']);
    expect(JSON.parse(json(inputOf([source], findings))).summary).toMatchObject({ errors: 1, infos: 1 });
  });

  test('escapes what a terminal would act on, and loses nothing by it', () => {
    const message = '\u001b[2J \u009b31m \u202e \u2028 \u007f é 😀';
    const text = json(inputOf([source], [finding({ location: place(source), message })]));
    expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}|\u2028/u);
    expect(JSON.parse(text).findings[0].message).toBe(message);
  });

  describe('is described by docs/findings.schema.json', () => {
    const text =
      'apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: { name: checkout }\nspec:\n  egress:\n    - hosts: [rates]\n---\nkind: Sidecar\n';

    test.each([
      ['a run without findings', inputOf([source], [])],
      ['a finding with all parts', inputOf([source], [full])],
      ['a finding with few parts', inputOf([source], [finding({ location: place(source) })])],
      ['what the rules find', lintedInput([{ file: 'a.yaml', text }], { showInfos: true })],
    ])('%s', (_, input) => expect(undescribed(JSON.parse(json(input)))).toEqual([]));

    test('which refuses what is wrong', () => {
      const good = JSON.parse(json(inputOf([source], [full])));
      const [first] = good.findings;
      expect(findingsProblems(good)).toEqual([]);
      expect(findingsProblems({ ...good, newer: 1 })).toEqual([]);
      for (const bad of [
        { ...good, version: 2 },
        { ...good, summary: { ...good.summary, infos: undefined } },
        { ...good, findings: [{ ...first, severity: 'fatal' }] },
        { ...good, findings: [{ ...first, location: { ...first.location, startLine: 0 } }] },
        { ...good, findings: [{ ...first, fixes: [{ title: 'x', safe: true }] }] },
      ]) {
        expect(findingsProblems(bad)).not.toEqual([]);
      }
    });
  });
});
