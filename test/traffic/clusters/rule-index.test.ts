import { describe, expect, test } from 'vitest';
import { modelOf } from '../support.ts';

interface Rule {
  readonly name: string;
  readonly namespace: string;
  readonly host?: string;
  readonly exportTo?: readonly string[];
  readonly selector?: Readonly<Record<string, string>>;
  readonly created?: string;
  readonly subsets?: readonly string[];
  readonly hasPolicy?: boolean;
}

function yamlOf({ name, namespace, host = 'a.example', exportTo, selector, created, subsets = [], hasPolicy = false }: Rule): string {
  const metadata = { name, namespace, ...(created && { creationTimestamp: created }) };
  const spec = {
    host,
    ...(exportTo && { exportTo }),
    ...(selector && { workloadSelector: { matchLabels: selector } }),
    ...(subsets.length > 0 && { subsets: subsets.map((subset) => ({ name: subset })) }),
    ...(hasPolicy && { trafficPolicy: { tls: { mode: 'SIMPLE', sni: `${name}.example` } } }),
  };
  return JSON.stringify({ apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata, spec });
}

/** The rule that counts for a client, and the subsets that it gives, out of `one` and `two`. */
function found(rules: readonly Rule[], client = 'app', labels: Readonly<Record<string, string>> = {}, defaults = '') {
  const mesh = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n  mesh: |\n    rootNamespace: istio-system\n${defaults}`;
  const model = modelOf([mesh, ...rules.map(yamlOf)].join('\n---\n'));
  const rule = model.rules.ruleFor({ host: 'a.example', namespace: 'shop' }, { namespace: client, labels });
  return rule && { name: rule.at.resource.name, subsets: ['one', 'two'].filter((name) => rule.subset(name)), policy: rule.policy?.at.resource.name };
}

const nameOf = (...args: Parameters<typeof found>) => found(...args)?.name;
const inApp: Rule = { name: 'app', namespace: 'app' };
const inShop: Rule = { name: 'shop', namespace: 'shop' };
const inRoot: Rule = { name: 'root', namespace: 'istio-system' };

describe('D-2: the first namespace that has any rule for the host', () => {
  test.each([
    ["the client's own comes first", [inRoot, inShop, inApp], 'app', 'app'],
    ["then the host's", [inRoot, inShop, { ...inApp, namespace: 'third' }], 'app', 'shop'],
    ['then the root namespace', [inRoot], 'app', 'root'],
    ['a third namespace never', [{ ...inApp, namespace: 'third' }], 'app', undefined],
    ["a wildcard of the client's beats an exact rule of the host's", [{ ...inApp, host: '*.example' }, inShop], 'app', 'app'],
    ['exact before wildcard', [{ ...inApp, name: 'wide', host: '*.example' }, inApp], 'app', 'app'],
    [
      'a longer wildcard before a shorter one',
      [
        { ...inApp, name: 'all', host: '*' },
        { ...inApp, name: 'wide', host: '*.example' },
      ],
      'app',
      'wide',
    ],
    ['a rule that is exported to others only is not for its own namespace', [{ ...inApp, exportTo: ['other'] }], 'app', undefined],
    ['a private rule stays at home', [{ ...inShop, exportTo: ['.'] }], 'app', undefined],
    ['its own namespace by name is private too', [{ ...inShop, exportTo: ['shop'] }], 'app', undefined],
    ['a rule for this client counts', [{ ...inShop, exportTo: ['app', 'other'] }], 'app', 'shop'],
    [
      'a hidden exact rule shadows a visible wildcard',
      [
        { ...inShop, exportTo: ['other'] },
        { ...inShop, name: 'wide', host: '*.example' },
      ],
      'app',
      undefined,
    ],
    ["in the root namespace its public rules come after the host's", [inRoot, inShop], 'istio-system', 'shop'],
    ['and its private ones before', [{ ...inRoot, exportTo: ['.'] }, inShop], 'istio-system', 'root'],
  ] satisfies readonly (readonly [string, readonly Rule[], string, string | undefined])[])('%s', (_, rules, client, expected) => {
    expect(nameOf(rules, client)).toBe(expected);
  });

  test("D-1: the mesh's default makes rules private only by `.`", () => {
    expect(nameOf([inShop], 'app', {}, "    defaultDestinationRuleExportTo: ['.']\n")).toBe(undefined);
    expect(nameOf([inShop], 'app', {}, "    defaultDestinationRuleExportTo: ['other']\n")).toBe('shop');
  });
});

describe('D-3: several rules for one host and namespace', () => {
  const first: Rule = { name: 'first', namespace: 'app', subsets: ['one'] };
  const second: Rule = { name: 'second', namespace: 'app', subsets: ['two'], hasPolicy: true };

  test.each([
    ['exported alike: subsets of both, the first policy', [first, second], { name: 'first', subsets: ['one', 'two'], policy: 'second' }],
    [
      'exported differently: the younger alone',
      [
        { ...first, exportTo: ['app', 'x'] },
        { ...second, exportTo: ['app', 'y'] },
      ],
      { name: 'second', subsets: ['two'], policy: 'second' },
    ],
    [
      'the second exported further: merged into the first',
      [
        { ...first, exportTo: ['.'] },
        { ...second, exportTo: ['.', 'x'] },
      ],
      { name: 'first', subsets: ['one', 'two'], policy: 'second' },
    ],
    [
      'a timestamp beats the order of documents',
      [
        { ...first, created: '2026-02-02T00:00:00Z', exportTo: ['app', 'x'] },
        { ...second, created: '2025-01-01T00:00:00Z', exportTo: ['app', 'y'] },
      ],
      { name: 'first', subsets: ['one'], policy: undefined },
    ],
  ] satisfies readonly (readonly [string, readonly Rule[], object])[])('%s', (_, rules, expected) => expect(found(rules)).toEqual(expected));

  test('D-1: one that is exported to others as well is another rule for them', () => {
    expect(
      found([
        { ...first, namespace: 'shop', exportTo: ['app'] },
        { ...second, namespace: 'shop', exportTo: ['*'] },
      ]),
    ).toEqual({ name: 'second', subsets: ['two'], policy: 'second' });
  });
});

describe('D-4: rules for some Pods', () => {
  const forSome: Rule = { name: 'some', namespace: 'app', selector: { app: 'a' }, subsets: ['one'] };
  const forAll: Rule = { name: 'all', namespace: 'app', subsets: ['two'] };

  test.each([
    ['they win as a whole for Pods with the labels', [forAll, forSome], { app: 'a', version: 'v1' }, { name: 'some', subsets: ['one'], policy: undefined }],
    ['and not for others', [forAll, forSome], { app: 'b' }, { name: 'all', subsets: ['two'], policy: undefined }],
    ['alone they end the search for others', [forSome, inShop], { app: 'b' }, undefined],
    ['a rule exported to `.` vanishes in them', [{ ...forAll, exportTo: ['.'] }, forSome], { app: 'b' }, undefined],
    ['and gives them its subsets', [{ ...forAll, exportTo: ['.'] }, forSome], { app: 'a' }, { name: 'some', subsets: ['one', 'two'], policy: undefined }],
    [
      'those with other labels stay apart',
      [forSome, { ...forSome, name: 'other', selector: { app: 'b' }, subsets: ['two'] }],
      { app: 'b' },
      { name: 'other', subsets: ['two'], policy: undefined },
    ],
  ] satisfies readonly (readonly [string, readonly Rule[], Record<string, string>, object | undefined])[])('%s', (_, rules, labels, expected) => {
    expect(found(rules, 'app', labels)).toEqual(expected);
  });

  test('in another namespace they count for nobody', () => expect(nameOf([{ ...forSome, namespace: 'shop' }], 'app', { app: 'a' })).toBe(undefined));
});
