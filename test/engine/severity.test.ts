import { describe, expect, test } from 'vitest';
import { isOff, type SeveritySettings, severityOf } from '../../src/engine/severity.ts';
import { load } from '../../src/index.ts';
import { defineRule, type Severity } from '../../src/rule-api.ts';

const TEXT = 'apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: { name: a, namespace: shop }\nspec: {}\n';
const [file] = load([{ file: 'k8s/a.yaml', text: TEXT }]);
const [resource] = file?.resources ?? [];
if (!resource) throw new Error('no resource');

const rule = (meta: { severity?: Severity; isOptIn?: true } = {}) =>
  defineRule({
    meta: { name: 'some-rule', code: 'EL999', family: 'linter', severity: 'error', summary: '', ...meta },
    messages: { here: { text: 'here' } },
    create: () => ({}),
  });

const severities = (value: Severity | 'off') => new Map([['some-rule', value]]);
const at = { resource, path: [] };

describe('the severity of a finding', () => {
  test.each<[string, Severity | 'off', Parameters<typeof severityOf>[0]['details'], SeveritySettings]>([
    ["is the rule's own", 'error', {}, {}],
    ['is no error where the rule is not certain', 'warning', { confidence: 'likely' }, {}],
    ['is what a configuration says', 'error', { confidence: 'likely' }, { severities: severities('error') }],
    ['may be set by code', 'info', {}, { severities: new Map([['EL999', 'info']]) }],
    ['stays an info where the rule says so', 'info', { severity: 'info' }, { severities: severities('error') }],
    ['is off even then', 'off', { severity: 'info' }, { severities: severities('off') }],
    ['is what the last fitting override says', 'warning', {}, { overrides: [anywhere('info'), anywhere('warning'), nowhere('off')] }],
    ['follows overrides before anything else', 'off', {}, { severities: severities('error'), overrides: [anywhere('off')] }],
  ])('%s', (_, expected, details, settings) => {
    expect(severityOf({ rule: rule(), at, details }, settings)).toBe(expected);
  });

  test('overrides see file, namespace and kind; of a Namespace, its own name', () => {
    const seen: unknown[] = [];
    const look = { severities: severities('info'), fits: (target: unknown) => seen.push(target) > 0 };
    severityOf({ rule: rule(), at, details: {} }, { overrides: [look] });
    severityOf({ rule: rule(), at: { file: { file: 'b.yaml', text: '' }, span: { start: 0, end: 0 } }, details: {} }, { overrides: [look] });
    expect(seen).toEqual([{ file: 'k8s/a.yaml', namespace: 'shop', kind: 'Sidecar' }, { file: 'b.yaml' }]);
  });
});

test('a rule runs where anything turns it on', () => {
  expect(isOff(rule().meta, {})).toBe(false);
  expect(isOff(rule().meta, { severities: severities('off') })).toBe(true);
  expect(isOff(rule().meta, { severities: severities('off'), overrides: [nowhere('warning')] })).toBe(false);
  expect(isOff(rule({ isOptIn: true }).meta, {})).toBe(true);
  expect(isOff(rule({ isOptIn: true }).meta, { severities: severities('warning') })).toBe(false);
});

function anywhere(value: Severity | 'off') {
  return { fits: () => true, severities: severities(value) };
}

function nowhere(value: Severity | 'off') {
  return { fits: () => false, severities: severities(value) };
}
