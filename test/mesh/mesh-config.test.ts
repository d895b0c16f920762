import { describe, expect, test } from 'vitest';
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
    autoMtls: true,
    defaultServiceExportTo: ['*'],
    defaultVirtualServiceExportTo: ['*'],
    defaultDestinationRuleExportTo: ['*'],
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
