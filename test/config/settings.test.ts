import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RULES } from '../../rules/index.ts';
import { assumptionsOf, configuredMeshes, ignoredFiles, lintSettings } from '../../src/config/apply.ts';
import { withExtended } from '../../src/config/extends.ts';
import { flagSettings } from '../../src/config/flag-settings.ts';
import { settingsOf } from '../../src/config/layer.ts';
import { presetSettings } from '../../src/config/presets.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { type Held, NO_SETTINGS, over, type Settings } from '../../src/config/settings.ts';
import { defineRule, type Severity } from '../../src/rule-api.ts';

function fileOf(text: string, rules = RULES) {
  const reading = readConfig({ file: 'egress-lint.yaml', text }, rules);
  if (!('file' in reading)) throw new Error(JSON.stringify(reading.problems));
  return reading.file;
}

const settings = (text: string, base = ''): Settings => settingsOf(fileOf(text), base);

describe('laying settings over others', () => {
  const held = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Held<T>> => value.map((each) => ({ value: each, from: { by: 'test' } }));
  const severity = fc.constantFrom<Severity | 'off'>('off', 'info', 'warning', 'error');
  const rule = fc.record({ severity, options: fc.option(fc.integer(), { nil: undefined }) });
  const anyRules = fc.dictionary(fc.constantFrom('a', 'b', 'c'), held(rule)).map((each) => new Map(Object.entries(each)));
  const anySettings: fc.Arbitrary<Settings> = fc
    .record({
      closedWorld: fc.option(held(fc.boolean()), { nil: undefined }),
      maxWarnings: fc.option(held(fc.nat()), { nil: undefined }),
      rules: anyRules,
      ignore: fc.array(held(fc.record({ pattern: fc.string(), base: fc.string() }))),
      meshConfigs: fc.array(held(fc.dictionary(fc.string(), fc.integer()))),
    })
    .map(({ closedWorld, maxWarnings, ...rest }) => ({ ...NO_SETTINGS, ...rest, ...(closedWorld && { closedWorld }), ...(maxWarnings && { maxWarnings }) }));

  test('is associative, and nothing changes nothing', () => {
    fc.assert(
      fc.property(anySettings, anySettings, anySettings, (a, b, c) => {
        expect(over(over(a, b), c)).toEqual(over(a, over(b, c)));
        expect(over(NO_SETTINGS, a)).toEqual(a);
        expect(over(a, NO_SETTINGS)).toEqual(a);
      }),
    );
  });

  test('single values and names replace, lists follow', () => {
    const below = settings('{ namespace: a, failOn: error, ignore: [one], meshes: { dev: [d], prod: [p] } }');
    const merged = over(below, settings('{ namespace: b, ignore: [two], meshes: { prod: [q] } }'));
    expect(merged.namespace?.value).toBe('b');
    expect(merged.failOn?.value).toBe('error');
    expect(merged.ignore.map(({ value }) => value.pattern)).toEqual(['one', 'two']);
    expect(configuredMeshes(merged).map(({ name, paths }) => [name, paths])).toEqual([
      ['dev', ['d']],
      ['prod', ['q']],
    ]);
  });

  test('MeshConfigs are merged by their fields', () => {
    const below = settings('meshConfig: { rootNamespace: a, defaultConfig: { proxyMetadata: { A: "1", B: "1" } } }');
    const merged = over(below, settings('meshConfig: { defaultConfig: { proxyMetadata: { B: "2" } } }'));
    expect(assumptionsOf(merged).meshConfig?.settings).toEqual({ rootNamespace: 'a', defaultConfig: { proxyMetadata: { A: '1', B: '2' } } });
  });
});

describe('presets', () => {
  const rule = (name: string, meta: object) =>
    defineRule({
      meta: { name, code: `EL${name}`, family: 'linter' as const, severity: 'info' as const, summary: '', ...meta },
      messages: {},
      create: () => ({}),
    });
  const rules = [
    rule('plain', {}),
    rule('stricter', { strict: 'warning' }),
    rule('opinion', { isOptIn: true, strict: 'error' }),
    rule('other', { isOptIn: true }),
  ];
  const severities = (name: 'recommended' | 'strict' | 'all') => Object.fromEntries(lintSettings(presetSettings(name, rules)).severities);

  test('recommended leaves rules as they are', () => expect(severities('recommended')).toEqual({}));
  test('strict takes the severities that rules have for it', () => expect(severities('strict')).toEqual({ stricter: 'warning', opinion: 'error' }));
  test('all turns on every rule', () => expect(severities('all')).toEqual({ stricter: 'warning', opinion: 'error', other: 'info' }));

  test('are laid under the file that names them, in their order', () => {
    const file = fileOf('extends: [strict, ./base.yaml]\nrules: { opinion: off }', rules);
    const base = { settings: settingsOf(fileOf('rules: { opinion: info, stricter: error }', rules), ''), files: [] };
    const loaded = withExtended(file, '', rules, () => base);
    expect(Object.fromEntries(lintSettings(loaded.settings).severities)).toEqual({ stricter: 'error', opinion: 'off' });
  });
});

describe('overrides', () => {
  const fits = (text: string, target: { file: string; namespace?: string; kind?: string }) =>
    lintSettings(settings(text, 'team')).overrides.map((each) => each.fits(target));

  test('fit by patterns from the directory of their file, by namespace and by kind', () => {
    const text = 'overrides: [{ files: [legacy/], namespaces: [shop, pay], kinds: [Gateway], rules: {} }]';
    expect(fits(text, { file: 'team/legacy/a.yaml', namespace: 'pay', kind: 'Gateway' })).toEqual([true]);
    expect(fits(text, { file: 'legacy/a.yaml', namespace: 'pay', kind: 'Gateway' })).toEqual([false]);
    expect(fits(text, { file: 'team/legacy/a.yaml', namespace: 'other', kind: 'Gateway' })).toEqual([false]);
    expect(fits(text, { file: 'team/legacy/a.yaml', kind: 'Gateway' })).toEqual([false]);
    expect(fits(text, { file: 'team/legacy/a.yaml', namespace: 'pay', kind: 'Sidecar' })).toEqual([false]);
  });

  test('yield to the command line', () => {
    const file = settings('overrides: [{ kinds: [Gateway], rules: { EL103: off } }]');
    const flags = flagSettings({}, new Map([['unknown-field', 'warning' as const]]));
    const { overrides } = lintSettings(over(file, flags));
    expect(overrides.map((each) => each.severities.get('unknown-field'))).toEqual(['off', 'warning']);
    expect(overrides.at(-1)?.fits({ file: 'a.yaml' })).toBe(true);
  });
});

describe('patterns', () => {
  test.each<[string, string, string, boolean]>([
    ['vendor/', '', 'a/vendor/b.yaml', true],
    ['/vendor/', '', 'a/vendor/b.yaml', false],
    ['*.gen.yaml', '', 'a/b.gen.yaml', true],
    ['charts/**/templates/', '', 'charts/a/b/templates/x.yaml', true],
    ['charts/', 'team', 'team/charts/x.yaml', true],
    ['charts/', 'team', 'charts/x.yaml', false],
    ['x.yaml', '', '../x.yaml', false],
  ])('%s from %j takes in %s: %s', (pattern, base, file, expected) => {
    expect(ignoredFiles(settings(`ignore: ["${pattern}"]`, base))(file)).toBe(expected);
  });

  test('a later file may take out what an earlier one takes in', () => {
    const merged = over(settings('ignore: [vendor/**]'), settings('ignore: ["!ours.yaml"]', 'vendor'));
    expect(['vendor/a.yaml', 'vendor/ours.yaml'].map(ignoredFiles(merged))).toEqual([true, false]);
  });
});

test('what is assumed reaches the mesh with its defaults', () => {
  const text = `closedWorld: true
assume:
  dnsCapture: true
  gateways: [{ name: istio-egressgateway, tlsMode: istio }, { name: way-out, namespace: edge, labels: { app: x }, ports: [{ port: 443, targetPort: 8443 }] }]
  services: [{ name: rates, namespace: shop, ports: [{ port: 80 }] }]
  namespaces: [{ name: shop, injected: true }]
  secrets: [{ name: bank, namespace: edge }]
`;
  expect(assumptionsOf(settings(text))).toMatchObject({
    closedWorld: true,
    dnsCapture: true,
    gateways: [
      { name: 'istio-egressgateway', namespace: 'istio-system', labels: { app: 'istio-egressgateway', istio: 'egressgateway' }, tlsMode: 'istio' },
      { name: 'way-out', namespace: 'edge', labels: { app: 'x' }, ports: [{ port: 443, targetPort: 8443 }] },
    ],
    services: [{ name: 'rates', namespace: 'shop', ports: [{ port: 80 }] }],
    namespaces: [{ name: 'shop', injected: true }],
    secrets: [{ name: 'bank', namespace: 'edge' }],
  });
});
