import { describe, expect, test } from 'vitest';
import { locate } from '../../src/yaml/locate.ts';
import { meshOf } from '../support/mesh-of.ts';

function configMap(name: string, mesh: string, namespace = 'istio-system'): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: ${namespace} }\ndata:\n  mesh: |-\n${mesh.replace(/^/gm, '    ')}\n`;
}

const BLOCKING = 'outboundTrafficPolicy: { mode: REGISTRY_ONLY }';

test('without any in view the outbound policy is unknown, the rest is as Istio has it (M-2)', () => {
  expect(meshOf('').config).toEqual({
    outboundPolicy: undefined,
    rootNamespace: 'istio-system',
    clusterDomain: 'cluster.local',
    trustDomain: 'cluster.local',
    autoMtls: true,
    defaultServiceExportTo: ['*'],
    defaultVirtualServiceExportTo: ['*'],
    defaultDestinationRuleExportTo: ['*'],
    dnsCapture: false,
    discoverySelectors: [],
    serviceEntryVisibility: undefined,
    upgradesToHttp2: false,
    sources: [],
    source: undefined,
  });
});

describe('M-1: names of the ConfigMap', () => {
  test.each([
    ['istio', 'istio-system', 'REGISTRY_ONLY'],
    ['istio-1-28-0', 'istio-system', 'REGISTRY_ONLY'],
    ['istio-asm-managed', 'istio-system', 'REGISTRY_ONLY'],
    ['istio-shared-configmap-asm-1-28', 'aks-istio-system', 'REGISTRY_ONLY'],
    ['istiod', 'istio-system', undefined],
    ['my-istio', 'istio-system', undefined],
  ])('%s in %s', (name, namespace, expected) => {
    expect(meshOf(configMap(name, BLOCKING, namespace)).config.outboundPolicy).toBe(expected);
  });

  test('a ConfigMap of Istio without the key is another one', () => {
    const { config } = meshOf('apiVersion: v1\nkind: ConfigMap\nmetadata: { name: istio-ca-root-cert }\ndata: { root-cert.pem: x }\n');
    expect([config.outboundPolicy, config.source]).toEqual([undefined, undefined]);
  });
});

describe('S-12: the outbound policy', () => {
  test.each([
    ['outboundTrafficPolicy: { mode: ALLOW_ANY }', 'ALLOW_ANY'],
    [BLOCKING, 'REGISTRY_ONLY'],
    ['outbound_traffic_policy: { mode: REGISTRY_ONLY }', 'REGISTRY_ONLY'],
    ['outboundTrafficPolicy: { mode: ALLOW_ANY_DYNAMIC_DNS }', 'ALLOW_ANY_DYNAMIC_DNS'],
    ['outboundTrafficPolicy: {}', 'REGISTRY_ONLY'],
    ['outboundTrafficPolicy: { mode: }', 'REGISTRY_ONLY'],
    ['outboundTrafficPolicy:', 'ALLOW_ANY'],
    ['accessLogFile: /dev/stdout', 'ALLOW_ANY'],
    ['# nothing set', 'ALLOW_ANY'],
    // istiod refuses these, and goes on with what it had.
    ['outboundTrafficPolicy: { mode: REGISTRYONLY }', undefined],
    ['outboundTrafficPolicy: { mode: REGISTRY_ONLY', undefined],
    ['- outboundTrafficPolicy', undefined],
    ['just text', undefined],
    ['outboundTrafficPolicy: { mode: "{{ .Values.mode }}" }', undefined],
    ['outboundTrafficPolicy: { mode: $(MODE) }', undefined],
  ])('%s', (mesh, expected) => {
    expect(meshOf(configMap('istio', mesh)).config.outboundPolicy).toBe(expected);
  });
});

describe('several in view', () => {
  test('what they agree on holds', () => {
    const { config } = meshOf({
      'a.yaml': configMap('istio', `${BLOCKING}\nrootNamespace: mesh`),
      'b.yaml': configMap('istio-canary', `${BLOCKING}\nrootNamespace: mesh`),
    });
    expect([config.outboundPolicy, config.rootNamespace, config.source?.name]).toEqual(['REGISTRY_ONLY', 'mesh', 'istio']);
  });

  test('what they disagree on is as unknown as without any', () => {
    const { config } = meshOf({
      'a.yaml': configMap('istio', `${BLOCKING}\nrootNamespace: mesh`),
      'b.yaml': configMap('istio-canary', 'rootNamespace: other'),
    });
    expect([config.outboundPolicy, config.rootNamespace]).toEqual([undefined, 'istio-system']);
  });

  test('one that cannot be read may say anything', () => {
    const { config } = meshOf({ 'a.yaml': configMap('istio', BLOCKING), 'b.yaml': configMap('istio-canary', 'mode: "{{ .Values.mode }}"') });
    expect(config.outboundPolicy).toBeUndefined();
  });
});

test('other settings', () => {
  const { config } = meshOf(
    configMap(
      'istio',
      "rootNamespace: mesh\nenableAutoMtls: false\ndefaultServiceExportTo: ['.']\ndefaultVirtualServiceExportTo: [shop]\ndefaultDestinationRuleExportTo: []",
    ),
  );
  expect(config).toMatchObject({
    rootNamespace: 'mesh',
    autoMtls: false,
    defaultServiceExportTo: ['.'],
    defaultVirtualServiceExportTo: ['shop'],
    defaultDestinationRuleExportTo: ['*'],
  });
});

test('more of them', () => {
  const { config } = meshOf(
    configMap(
      'istio',
      `trustDomain: mesh.example
h2UpgradePolicy: UPGRADE
defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: "true" } }
discoverySelectors: [{ matchLabels: { mesh: "on" } }]
serviceEntryVisibility: { defaultVisibility: NAMESPACE }`,
    ),
  );
  expect(config).toMatchObject({
    trustDomain: 'mesh.example',
    dnsCapture: true,
    discoverySelectors: [{ matchLabels: { mesh: 'on' } }],
    serviceEntryVisibility: { defaultVisibility: 'NAMESPACE', policies: [] },
    upgradesToHttp2: true,
  });
});

describe('what istiod decodes', () => {
  test.each([
    ['outboundTrafficPolicy: { mode: 1 }', 'ALLOW_ANY'],
    ['outboundTrafficPolicy: { mode: 3 }', 'ALLOW_ANY_DYNAMIC_DNS'],
    // Nothing of a configuration takes effect if one value does not decode.
    [`${BLOCKING}\nenableAutoMtls: "false"`, undefined],
    [`${BLOCKING}\ndefaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: true } }`, undefined],
    [`${BLOCKING}\ndefaultServiceExportTo: shop`, undefined],
    // Unknown fields are ignored.
    [`${BLOCKING}\nrootNamespaces: mesh`, 'REGISTRY_ONLY'],
  ])('%s', (mesh, expected) => {
    expect(meshOf(configMap('istio', mesh)).config.outboundPolicy).toBe(expected);
  });
});

const CAPTURE = 'defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: "true" } }';
const operator = (spec: string): string =>
  `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: { name: mesh, namespace: istio-system }\nspec: ${spec}\n`;
const sail = (spec: string): string => `apiVersion: sailoperator.io/v1\nkind: Istio\nmetadata: { name: default }\nspec: ${spec}\n`;

describe('M-1: what an installation is made of', () => {
  test.each([
    ['IstioOperator', operator(`{ meshConfig: { ${BLOCKING} } }`), ['spec', 'meshConfig']],
    ["IstioOperator's values", operator(`{ values: { meshConfig: { ${BLOCKING} } } }`), ['spec', 'values', 'meshConfig']],
    ['Istio of the Sail operator', sail(`{ namespace: istio-system, values: { meshConfig: { ${BLOCKING} } } }`), ['spec', 'values', 'meshConfig']],
    ["values of Istio's charts", `global: {}\nmeshConfig: { ${BLOCKING} }\n`, ['meshConfig']],
    ['values without anything else', `meshConfig:\n  ${BLOCKING}\n`, ['meshConfig']],
  ])('%s', (_, text, path) => {
    const { config } = meshOf(text);
    expect(config.outboundPolicy).toBe('REGISTRY_ONLY');
    expect(config.sources.map((source) => source.path)).toEqual([path]);
  });

  test.each([
    ['another product has a meshConfig too', 'meshConfig: { peering: true }\n'],
    ['what is not said there is unknown', operator('{ profile: demo }')],
    ['nor is it what istiod has by itself: files and flags may add to it', operator('{ meshConfig: { accessLogFile: /dev/stdout } }')],
    ["the same for AKS' shared ConfigMap", configMap('istio-shared-configmap-asm-1-28', 'accessLogFile: /dev/stdout', 'aks-istio-system')],
    ['template text', operator('{ meshConfig: { outboundTrafficPolicy: { mode: $(MODE) } } }')],
    ['a mode that istiod does not know', operator('{ meshConfig: { outboundTrafficPolicy: { mode: BLOCK } } }')],
    [
      'a disagreement',
      `${operator(`{ meshConfig: { ${BLOCKING} } }`)}---\n${sail('{ values: { meshConfig: { outboundTrafficPolicy: { mode: ALLOW_ANY } } } }')}`,
    ],
  ])('%s', (_, text) => expect(meshOf(text).config.outboundPolicy).toBeUndefined());

  test('a part that says nothing of a setting leaves it to the others', () => {
    const { config } = meshOf(`${operator('{ meshConfig: { accessLogFile: /dev/stdout } }')}---\n${configMap('istio', `${BLOCKING}\n${CAPTURE}`)}`);
    expect([config.outboundPolicy, config.dnsCapture]).toEqual(['REGISTRY_ONLY', true]);
  });

  test('template text beside a setting leaves it known', () => {
    expect(meshOf(operator(`{ meshConfig: { ${BLOCKING}, trustDomain: "\${DOMAIN}" } }`)).config.outboundPolicy).toBe('REGISTRY_ONLY');
  });

  test.each([
    [operator('{ values: { global: { istioNamespace: mesh } }, meshConfig: { accessLogFile: a } }'), 'mesh'],
    [sail('{ namespace: mesh, values: { meshConfig: { accessLogFile: a } } }'), 'mesh'],
    [sail('{ namespace: mesh, values: { meshConfig: { rootNamespace: other } } }'), 'other'],
    ['global: { istioNamespace: mesh }\nmeshConfig: { accessLogFile: a }\n', 'mesh'],
    [configMap('istio-shared-configmap-asm-1-28', 'accessLogFile: a', 'aks-istio-system'), 'aks-istio-system'],
    [configMap('istio', 'accessLogFile: a', 'mesh'), 'istio-system'],
  ])('N-11: the root namespace is where istiod is installed (%#)', (text, expected) => expect(meshOf(text).config.rootNamespace).toBe(expected));
});

describe('DNS capture', () => {
  test.each([
    ['on', configMap('istio', CAPTURE), true],
    ['off', configMap('istio', 'defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: "false" } }'), false],
    ['nothing said', operator('{ meshConfig: { defaultConfig: { holdApplicationUntilProxyStarts: true } } }'), false],
    ['on in one revision', `${configMap('istio', CAPTURE)}---\n${configMap('istio-canary', 'rootNamespace: mesh')}`, undefined],
    ['template text', configMap('istio', 'defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: "$(CAPTURE)" } }'), undefined],
  ])('%s', (_, text, expected) => expect(meshOf(text).config.dnsCapture).toBe(expected));
});

describe('what is wrong with it, with its place', () => {
  test.each([
    ['a ConfigMap', configMap('istio', 'rootNamespace: mesh\noutboundTrafficPolcy:\n  mode: REGISTRY_ONLY')],
    ['a ConfigMap in quotes', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: istio }\ndata: { mesh: "rootNamespace: mesh\\noutboundTrafficPolcy: {}" }\n'],
    ['an IstioOperator', operator('{ meshConfig: { outboundTrafficPolcy: {} } }')],
    ['values', 'pilot: {}\nmeshConfig:\n  outboundTrafficPolcy: {}\n'],
  ])('%s', (_, text) => {
    const [source] = meshOf(text).config.sources;
    const [problem] = source?.problems ?? [];
    if (!source || !problem) throw new Error('no problem');
    const { file, document } = source.resource.source;
    const { span, exact } = locate(file.text, document, [...source.path, ...problem.path], 'key');
    expect([problem.type, exact, file.text.slice(span.start, span.end)]).toEqual(['unknown-field', true, 'outboundTrafficPolcy']);
  });
});
