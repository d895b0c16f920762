import { describe, expect, test } from 'vitest';
import { json } from '../../src/report/json.ts';
import { pretty } from '../../src/report/pretty.ts';
import { sarif } from '../../src/report/sarif.ts';
import { lintedInput } from '../report/support.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const secret = (rest: string): string => `apiVersion: v1\nkind: Secret\nmetadata: { name: client, namespace: shop }\n${rest}`;

test('of a Secret the type and the names of its keys are kept', () => {
  const { spec } = only(
    meshOf(secret('type: kubernetes.io/tls\ndata: { tls.crt: cGxhaW4=, tls.key: }\nstringData: { ca.crt: "$(CA)" }\n')),
    'Secret',
    'client',
  );
  expect(spec).toEqual({ type: 'kubernetes.io/tls', data: { 'tls.crt': true, 'tls.key': true }, stringData: { 'ca.crt': true } });
});

describe('a value is never shown', () => {
  test.each([
    ['a broken line', secret('stringData:\n  password: "hunter2\n')],
    ['a broken line in a list', `apiVersion: v1\nkind: List\nitems:\n- kind: Secret\n  stringData:\n    password: "hunter2\n`],
    ['a broken document on one line', '{"kind": "Secret", "stringData": {"password": "hunter2}}\n'],
    ['an alias that has no anchor', secret('stringData:\n  password: *hunter2\n')],
    ['a key twice', secret('stringData:\n  password: hunter2\n  password: hunter2\n')],
    ['text for the data', secret('data: hunter2\n')],
    ['other types', secret('stringData: { a: [hunter2], b: { hunter2: 1 } }\n')],
    ['template lines', secret('stringData:\n  password: hunter2 {{ .Values.more }}\n  {{- if .Values.x }}\n  a: b\n  {{- end }}\n')],
    ['template text', secret('stringData:\n  password: hunter2-$(MORE)\n')],
    ['another Secret of the name', `${secret('stringData: { a: hunter2 }\n')}---\n${secret('stringData: { a: hunter2 }\n')}`],
  ])('%s', (_, text) => {
    const input = lintedInput([{ file: 'secret.yaml', text, named: true }], { showInfos: true });
    for (const report of [pretty, json, sarif]) expect(report(input)).not.toContain('hunter2');
  });
});

test('a broken Secret is told at its kind, with the line to look at', () => {
  const input = lintedInput([{ file: 'secret.yaml', text: secret('stringData:\n  password: "hunter2\n'), named: true }]);
  expect(input.findings.map(({ rule, location, message }) => [rule, location.startLine, message])).toEqual([
    ['unparsable-yaml', 2, expect.stringContaining('look at line 5')],
  ]);
});
