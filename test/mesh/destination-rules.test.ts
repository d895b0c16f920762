import { describe, expect, test } from 'vitest';
import { meshOf } from '../support/mesh-of.ts';

const HOST = 'gw.edge.svc.cluster.local';

interface RuleText {
  readonly name: string;
  readonly namespace: string;
  readonly host?: string;
  readonly created?: string;
  /** The rest of the spec, as flow YAML without its braces. */
  readonly spec?: string;
}

/** A rule that is told by its `sni`: its name. */
function rule({ name, namespace, host = HOST, created, spec = `trafficPolicy: { tls: { mode: ISTIO_MUTUAL, sni: ${name} } }` }: RuleText): string {
  const age = created === undefined ? '' : `, creationTimestamp: "${created}"`;
  return `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: ${name}, namespace: ${namespace}${age} }\nspec: { host: "${host}", ${spec} }\n`;
}

interface Asked {
  readonly client?: string;
  readonly port?: number;
  readonly subset?: string;
  readonly mesh?: string;
}

/** What counts for clients of a namespace: the `sni` or mode of the settings, with `?` where it is not certain. */
function inEffect(rules: readonly RuleText[], { client = 'shop', port = 443, subset, mesh = '' }: Asked = {}): string {
  const config = mesh === '' ? [] : [`apiVersion: v1\nkind: ConfigMap\nmetadata: { name: istio, namespace: istio-system }\ndata: { mesh: "${mesh}" }\n`];
  const { destinationRules } = meshOf([...rules.map(rule), ...config].join('---\n'));
  const { decision, isCertain } = destinationRules.tlsInEffect({ host: HOST, serviceNamespace: 'edge', clientNamespace: client, port, subset });
  return `${decision ? (decision.tls.sni ?? decision.tls.mode) : 'none'}${isCertain ? '' : '?'}`;
}

const inClient = { name: 'client', namespace: 'shop' };
const inService = { name: 'service', namespace: 'edge' };
const inRoot = { name: 'root', namespace: 'istio-system' };
const inThird = { name: 'third', namespace: 'lab' };
const PRIVATE = (name: string): string => `exportTo: ["."], trafficPolicy: { tls: { mode: SIMPLE, sni: ${name} } }`;

describe('D-2: the first namespace that has any rule wins', () => {
  test.each<[what: string, rules: readonly RuleText[], expected: string]>([
    ["the client's before the service's and the root's", [inRoot, inService, inClient], 'client'],
    ["the service's before the root's", [inRoot, inService], 'service'],
    ["the root's last", [inRoot], 'root'],
    ['never one of a third namespace', [inThird], 'none'],
    ["a wildcard of the client's before the service's exact rule", [inService, { ...inClient, host: '*.local' }], 'client'],
    [
      "without a word from the others: the client's rule has no TLS",
      [inService, { ...inClient, spec: 'trafficPolicy: { loadBalancer: { simple: RANDOM } }' }],
      'none',
    ],
    ['in one namespace the exact rule', [{ ...inService, name: 'wide', host: '*' }, inService, { ...inService, name: 'any', host: '*.local' }], 'service'],
    [
      'in one namespace the longer wildcard',
      [
        { ...inService, name: 'wide', host: '*' },
        { ...inService, name: 'local', host: '*.edge.svc.cluster.local' },
      ],
      'local',
    ],
  ])('%s', (_, rules, expected) => {
    expect(inEffect(rules)).toBe(expected);
  });

  test('a short name is one of the namespace of its rule (N-6), and svc.namespace is none (N-7)', () => {
    expect(inEffect([{ ...inService, host: 'gw' }])).toBe('service');
    expect(inEffect([{ ...inClient, host: 'gw' }])).toBe('none');
    expect(inEffect([{ ...inClient, host: 'gw.edge' }])).toBe('none');
  });
});

describe('D-1, D-2: exportTo', () => {
  test.each<[what: string, rules: readonly RuleText[], asked: Asked, expected: string]>([
    ["a private rule of the service's namespace is for its own clients", [{ ...inService, spec: PRIVATE('own') }], { client: 'edge' }, 'own'],
    ['and for no others', [{ ...inService, spec: PRIVATE('own') }], {}, 'none'],
    ['by name as well', [{ ...inService, spec: 'exportTo: [edge], trafficPolicy: { tls: { mode: SIMPLE } }' }], {}, 'none'],
    ['exported to the client', [{ ...inService, spec: 'exportTo: [shop], trafficPolicy: { tls: { mode: SIMPLE } }' }], {}, 'SIMPLE'],
    ["exported to others only: not even its own namespace's", [{ ...inClient, spec: 'exportTo: [pay], trafficPolicy: { tls: { mode: SIMPLE } }' }], {}, 'none'],
    [
      'the host is chosen first: a hidden exact rule shadows a visible wildcard',
      [
        { ...inService, spec: 'exportTo: [pay, edge], trafficPolicy: { tls: { mode: SIMPLE } }' },
        { ...inService, name: 'wide', host: '*' },
      ],
      {},
      'none',
    ],
    [
      "but a private one doesn't",
      [
        { ...inService, spec: PRIVATE('own') },
        { ...inService, name: 'wide', host: '*' },
      ],
      {},
      'wide',
    ],
    [
      'nor one that is private by name',
      [
        { ...inService, spec: 'exportTo: [edge], trafficPolicy: { tls: { mode: SIMPLE } }' },
        { ...inService, name: 'wide', host: '*' },
      ],
      {},
      'wide',
    ],
    ['hidden there, the root namespace is asked', [{ ...inService, spec: 'exportTo: [pay], trafficPolicy: { tls: { mode: SIMPLE } }' }, inRoot], {}, 'root'],
    ["the mesh's default can make rules private", [inService], { mesh: "defaultDestinationRuleExportTo: ['.']" }, 'none'],
    ["which its namespace's own clients do not feel", [inService], { mesh: "defaultDestinationRuleExportTo: ['.']", client: 'edge' }, 'service'],
    ["no other word of the mesh's default counts", [inService], { mesh: 'defaultDestinationRuleExportTo: [pay]' }, 'service'],
  ])('%s', (_, rules, asked, expected) => {
    expect(inEffect(rules, asked)).toBe(expected);
  });
});

describe('D-2: clients of the root namespace', () => {
  test.each<[what: string, rules: readonly RuleText[], expected: string]>([
    ["get the service's rules before the root's public ones", [inRoot, inService], 'service'],
    ["but the root's private ones first of all", [{ ...inRoot, spec: PRIVATE('own') }, inService], 'own'],
    ["and the root's public ones last", [inRoot], 'root'],
  ])('%s', (_, rules, expected) => {
    expect(inEffect(rules, { client: 'istio-system' })).toBe(expected);
  });

  test('the root namespace is the one that the mesh configuration names (N-11)', () => {
    expect(inEffect([inThird], { mesh: 'rootNamespace: lab' })).toBe('third');
    expect(inEffect([inRoot], { mesh: 'rootNamespace: lab' })).toBe('none');
  });
});

describe('D-3: rules of one host and namespace', () => {
  const subset = (name: string, sni = name): string => `subsets: [{ name: ${name}, trafficPolicy: { tls: { mode: SIMPLE, sni: ${sni} } } }]`;
  const plain = 'trafficPolicy: { loadBalancer: { simple: RANDOM } }';
  const old = '2026-01-01T00:00:00Z';
  const young = '2026-06-01T00:00:00Z';

  test('their subsets are put together', () => {
    const rules = [
      { ...inService, spec: subset('a') },
      { ...inService, name: 'second', spec: subset('b') },
    ];
    expect([inEffect(rules, { subset: 'a' }), inEffect(rules, { subset: 'b' }), inEffect(rules, { subset: 'c' }), inEffect(rules)]).toEqual([
      'a',
      'b',
      'none',
      'none',
    ]);
  });

  test('the first policy counts as a whole; which one is first, files without timestamps do not tell', () => {
    expect(
      inEffect([
        { ...inService, spec: plain },
        { ...inService, name: 'second' },
      ]),
    ).toBe('none?');
    expect(inEffect([inService, { ...inService, name: 'second', spec: plain }])).toBe('service?');
  });

  test('where they say the same, the order does not matter', () => {
    expect(inEffect([inService, { ...inService, name: 'second' }])).toBe('service');
  });

  test('timestamps tell, whatever the order of files (N-17)', () => {
    const rules = [
      { ...inService, name: 'young', created: young },
      { ...inService, name: 'old', created: old, spec: plain },
    ];
    expect(inEffect(rules)).toBe('none');
    expect(
      inEffect([
        { ...inService, name: 'b', created: old, spec: plain },
        { ...inService, name: 'a', created: old },
      ]),
    ).toBe('a');
  });

  test('a subset of one rule keeps the policy of another beneath it (D-6)', () => {
    const rules = [inService, { ...inService, name: 'second', spec: 'subsets: [{ name: a }]' }];
    expect(inEffect(rules, { subset: 'a' })).toBe('service');
  });

  test('rules that are exported differently are not merged: the youngest counts', () => {
    const rules = [
      { ...inService, created: old },
      { ...inService, name: 'listed', created: young, spec: 'exportTo: [shop, pay], trafficPolicy: { tls: { mode: SIMPLE } }' },
    ];
    expect(inEffect(rules)).toBe('SIMPLE');
    expect(inEffect(rules.map(({ created: _, ...each }) => each))).toBe('SIMPLE?');
  });
});

describe('D-4: a rule with a workloadSelector', () => {
  const selecting = { name: 'some', namespace: 'shop', spec: 'workloadSelector: { matchLabels: { app: web } }, trafficPolicy: { tls: { mode: SIMPLE } }' };

  test('is for some clients: for the others it leaves none', () => {
    expect(inEffect([selecting, inService])).toBe('none?');
  });

  test('makes uncertain what clients without its labels get', () => {
    expect(inEffect([selecting, inClient])).toBe('client?');
  });

  test('is private, whatever it says', () => {
    expect(inEffect([{ ...selecting, namespace: 'edge', spec: `exportTo: ["*"], ${selecting.spec}` }])).toBe('none');
  });
});

describe('D-5, D-6: ports and subsets', () => {
  const TLS = (sni: string): string => `tls: { mode: SIMPLE, sni: ${sni} }`;
  const PORT = (number: number, rest: string): string => `portLevelSettings: [{ port: { number: ${number} }, ${rest} }]`;
  const BALANCED = 'loadBalancer: { simple: RANDOM }';

  test.each<[what: string, spec: string, asked: Asked, expected: string]>([
    ['the policy of the host, for every port', `trafficPolicy: { ${TLS('host')} }`, { port: 80 }, 'host'],
    ["a port's entry instead of it", `trafficPolicy: { ${TLS('host')}, ${PORT(443, TLS('port'))} }`, {}, 'port'],
    ['for that port only', `trafficPolicy: { ${TLS('host')}, ${PORT(443, TLS('port'))} }`, { port: 80 }, 'host'],
    ["a port's entry without TLS means none", `trafficPolicy: { ${TLS('host')}, ${PORT(443, BALANCED)} }`, {}, 'none'],
    ["a subset's policy before the host's", `trafficPolicy: { ${TLS('host')} }, subsets: [{ name: a, trafficPolicy: { ${TLS('a')} } }]`, { subset: 'a' }, 'a'],
    ['where it says something of TLS', `trafficPolicy: { ${TLS('host')} }, subsets: [{ name: a, trafficPolicy: { ${BALANCED} } }]`, { subset: 'a' }, 'host'],
    [
      "even the host's entry for the port",
      `trafficPolicy: { ${PORT(443, TLS('port'))} }, subsets: [{ name: a, trafficPolicy: { ${TLS('a')} } }]`,
      { subset: 'a' },
      'a',
    ],
    [
      "a subset's entry for the port clears what the host says",
      `trafficPolicy: { ${TLS('host')} }, subsets: [{ name: a, trafficPolicy: { ${TLS('a')}, ${PORT(443, BALANCED)} } }]`,
      { subset: 'a' },
      'none',
    ],
    ['and only for its port', `trafficPolicy: { ${TLS('host')} }, subsets: [{ name: a, trafficPolicy: { ${PORT(80, BALANCED)} } }]`, { subset: 'a' }, 'host'],
    ['a subset that the rule does not have', `trafficPolicy: { ${TLS('host')} }, subsets: [{ name: a }]`, { subset: 'b' }, 'host'],
    ['DISABLE is a decision', 'trafficPolicy: { tls: { mode: DISABLE } }', {}, 'DISABLE'],
    ['D-11: a block without a mode means DISABLE', 'trafficPolicy: { tls: { caCertificates: /a } }', {}, 'DISABLE'],
  ])('%s', (_, spec, asked, expected) => {
    expect(inEffect([{ ...inService, spec }], asked)).toBe(expected);
  });

  test('the path leads to the settings that decided', () => {
    const { destinationRules } = meshOf(rule({ ...inService, spec: `subsets: [{ name: z }, { name: a, trafficPolicy: { ${PORT(443, TLS('x'))} } }]` }));
    const query = { host: HOST, serviceNamespace: 'edge', clientNamespace: 'shop', port: 443, subset: 'a' };
    expect(destinationRules.tlsInEffect(query).decision?.path).toEqual(['spec', 'subsets', 1, 'trafficPolicy', 'portLevelSettings', 0, 'tls']);
  });
});

describe('what a template may still say', () => {
  const templated = { ...inService, spec: 'trafficPolicy: { tls: { mode: "{{ .Values.mode }}" } }' };

  test('settings that hold template text are not certain', () => {
    expect(inEffect([templated])).toBe('DISABLE?');
  });

  test('rules that are left out are as if they were not there', () => {
    const { destinationRules } = meshOf([rule(inClient), rule(inService)].join('---\n'));
    const query = { host: HOST, serviceNamespace: 'edge', clientNamespace: 'shop', port: 443, subset: undefined };
    expect(destinationRules.tlsInEffect(query, ({ name }) => name !== 'client').decision?.rule.name).toBe('service');
  });

  test.each<[what: string, rules: readonly RuleText[], port: number, subset: string | undefined, expected: boolean]>([
    ['a rule of a third namespace', [inThird], 443, undefined, true],
    [
      'for another port',
      [{ ...inThird, spec: 'trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: SIMPLE } }] }' }],
      443,
      undefined,
      false,
    ],
    ['DISABLE', [{ ...inThird, spec: 'trafficPolicy: { tls: { mode: DISABLE } }' }], 443, undefined, false],
    ['another subset', [{ ...inThird, spec: 'subsets: [{ name: a, trafficPolicy: { tls: { mode: SIMPLE } } }]' }], 443, 'b', false],
    ['the subset', [{ ...inThird, spec: 'subsets: [{ name: a, trafficPolicy: { tls: { mode: SIMPLE } } }]' }], 443, 'a', true],
    [
      'a subset that turns it off',
      [{ ...inThird, spec: 'trafficPolicy: { tls: { mode: SIMPLE } }, subsets: [{ name: a, trafficPolicy: { tls: { mode: DISABLE } } }]' }],
      443,
      'a',
      false,
    ],
    ['a templated mode', [templated], 443, undefined, true],
    ['a templated host', [{ ...inThird, host: '{{ .Values.host }}' }], 443, undefined, true],
    ['another host', [{ ...inThird, host: 'other.example' }], 443, undefined, false],
  ])('some rule may originate TLS: %s', (_, rules, port, subset, expected) => {
    expect(meshOf(rules.map(rule).join('---\n')).destinationRules.mayOriginateTls(HOST, port, subset)).toBe(expected);
  });
});
