import { expect, test } from 'vitest';
import { RULES } from '../../rules/index.ts';
import { lint, load, Mesh } from '../../src/index.ts';

const DOCUMENT = (name: string, annotations = ''): string =>
  `apiVersion: networking.istio.io/v1beta1\nkind: Sidecar\nmetadata: { name: ${name}, namespace: ${name}${annotations} }\nspec:\n  egress:\n    - hosts: ["./*"]\n`;

function run(text: string, least?: 'warning') {
  const files = load([{ file: 'a.yaml', text }]);
  return lint(files, new Mesh(files), { rules: RULES, ...(least && { least }) });
}

test('what is below the least severity is counted as it would be reported', () => {
  const text = ['a', 'b', 'c'].map((name) => DOCUMENT(name)).join('---\n');
  expect(run(text).findings.map(({ rule, severity }) => [rule, severity])).toEqual(Array(3).fill(['deprecated-api-version', 'info']));
  expect(run(text, 'warning')).toMatchObject({ findings: [], below: { error: 0, warning: 0, info: 3 }, suppressed: 0 });
});

test('a suppression that silences an info is used, whether the info is shown or not', () => {
  const text = DOCUMENT('a', ', annotations: { egress-lint/ignore: "deprecated-api-version: old cluster" }');
  expect(run(text)).toMatchObject({ findings: [], suppressed: 1 });
  expect(run(text, 'warning')).toMatchObject({ findings: [], below: { info: 0 }, suppressed: 1 });
});
