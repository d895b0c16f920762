import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { RULES } from '../../rules/index.ts';
import { configSchema } from '../../src/config/json-schema.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { list, object, string } from '../../src/resources/field.ts';
import { defineRule } from '../../src/rule-api.ts';

const shipped: object = JSON.parse(readFileSync(new URL('../../docs/egress-lint.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(shipped);

/** What editors, which read YAML 1.2, and what the program say of a text. */
function verdicts(text: string) {
  return { editor: validate(parse(text) ?? {}), program: readConfig({ file: 'egress-lint.yaml', text }, RULES).problems.length === 0 };
}

describe('the JSON Schema of egress-lint.yaml', () => {
  test('is made of the descriptions that the file is checked by (node src/scripts/rule-index.mjs)', () => {
    expect(shipped).toEqual(JSON.parse(JSON.stringify(configSchema(RULES))));
  });

  test.each([
    'extends: strict',
    'plugins: []',
    'extends: [recommended, ./base.yaml, "@acme/lint"]',
    'rules: { unknown-field: off, EL104: [info] }',
    'rules:\nignore:\nextends:\n',
    'overrides: [{ kinds: [Gateway], rules: { EL103: warning } }]',
    'assume: { gateways: [{ name: istio-egressgateway, tlsMode: istio }], dnsCapture: true }',
    'assume: { services: [{ name: a, namespace: b, ports: [{ port: 80, targetPort: 8080, name: http }], labels: { app: a } }] }',
    'meshConfig: { outboundTrafficPolicy: { mode: REGISTRY_ONLY }, defaultConfig: { proxyMetadata: { A: "1" } } }',
    'meshes: { prod: [envs/prod/], dev: [envs/dev/] }',
    'closedWorld: true\nfailOn: warning\nmaxWarnings: 10\nignore: [vendor/]\nnamespace: shop\nmeshConfigFile: mesh.yaml',
  ])('takes what the program takes: %s', (text) => {
    expect(verdicts(text)).toEqual({ editor: true, program: true });
  });

  test.each([
    'rulez: {}',
    'extends: 3',
    'rules: { unknown-feild: off }',
    'rules: { unknown-field: warn }',
    'rules: { unknown-field: [error, {}] }',
    'overrides: [{ kinds: [Gateway] }]',
    'assume: { gateways: [{ name: a, tlsMode: ISTIO }] }',
    'assume: { services: [{ name: a, namespace: b }] }',
    'assume: { services: [{ name: a, namespace: b, ports: [] }] }',
    'assume: { services: [{ name: a, namespace: b, ports: [{ port: 70000 }] }] }',
    'assume: { namespaces: [{ name: a }] }',
    'meshConfig: { outboundTraffic: {} }',
    'meshConfig: { outboundTrafficPolicy: { mode: ANY } }',
    'meshes: { prod: envs/prod }',
    'closedWorld: "true"',
    'failOn: warn',
    'maxWarnings: -1',
    'ignore: vendor',
  ])('refuses what the program refuses: %s', (text) => {
    expect(verdicts(text)).toEqual({ editor: false, program: false });
  });

  test('knows that rules of plugins, and of files that are extended, have names of their own', () => {
    const rules = 'rules: { unowned-entry: error }\noverrides: [{ kinds: [Gateway], rules: { ACME001: off } }]\n';
    const isValid = (text: string) => validate(parse(text));
    expect(isValid(`plugins: [./x.mjs]\n${rules}`)).toBe(true);
    expect(isValid(`extends: ./base.yaml\n${rules}`)).toBe(true);
    for (const start of ['', 'plugins: []\n', 'plugins:\n', 'extends: strict\n', 'extends: [recommended, strict]\n'])
      expect(isValid(start + rules), start).toBe(false);
    expect(isValid('plugins: ./x.mjs')).toBe(false);
    expect(isValid('plugins: [./x.mjs]\nrules: { unowned-entry: [error, {}, {}] }')).toBe(false);
  });

  test('describes the options of a rule', () => {
    const options = object('options', { hosts: list(string(), { description: 'Hosts.' }) });
    const rule = defineRule({
      meta: { name: 'some-rule', code: 'EL999', family: 'linter', severity: 'error', summary: 'Some.', options },
      messages: {},
      create: () => ({}),
    });
    const check = new Ajv({ allowUnionTypes: true, strictTuples: false }).compile(configSchema([rule]));
    expect(check({ rules: { 'some-rule': ['error', { hosts: ['a.example'] }] } })).toBe(true);
    expect(check({ rules: { 'some-rule': ['error', { host: ['a.example'] }] } })).toBe(false);
  });

  test('explains every key', () => {
    const { properties } = shipped as { readonly properties: Readonly<Record<string, { readonly description?: string }>> };
    expect(Object.entries(properties).flatMap(([name, { description }]) => (description ? [] : [name]))).toEqual([]);
  });
});
