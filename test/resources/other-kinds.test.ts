import { describe, expect, test } from 'vitest';
import { load } from '../../src/mesh/load.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const object = (apiVersion: string, kind: string, spec: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: rates, namespace: shop }\nspec: ${spec}\n`;

describe('what makes Secrets', () => {
  test('SealedSecret', () => {
    const text = object('bitnami.com/v1alpha1', 'SealedSecret', '{ encryptedData: { tls.crt: AgB, tls.key: AgC }, template: { type: kubernetes.io/tls } }');
    expect(only(meshOf(text), 'SealedSecret', 'rates').spec).toEqual({
      encryptedData: { 'tls.crt': true, 'tls.key': true },
      template: { type: 'kubernetes.io/tls', data: {} },
    });
  });

  test('ExternalSecret', () => {
    const text = object(
      'external-secrets.io/v1',
      'ExternalSecret',
      '{ refreshInterval: 1h, target: { name: client }, data: [{ secretKey: tls.crt, remoteRef: { key: a } }] }',
    );
    expect(only(meshOf(text), 'ExternalSecret', 'rates').spec).toMatchObject({ target: { name: 'client' }, data: [{ secretKey: 'tls.crt' }], dataFrom: [] });
  });

  test('ClusterExternalSecret, which has no namespace', () => {
    const text = object(
      'external-secrets.io/v1',
      'ClusterExternalSecret',
      '{ externalSecretName: client, externalSecretSpec: { target: { name: client } }, namespaces: [shop] }',
    );
    const found = only(meshOf(text), 'ClusterExternalSecret', 'rates');
    expect([found.namespace, found.spec.externalSecretSpec?.target?.name, found.spec.namespaces]).toEqual(['', 'client', ['shop']]);
  });

  test('Certificate', () => {
    const text = object('cert-manager.io/v1', 'Certificate', '{ secretName: client, dnsNames: [rates.example], issuerRef: { name: ca } }');
    expect(only(meshOf(text), 'Certificate', 'rates').spec).toMatchObject({ secretName: 'client', dnsNames: ['rates.example'] });
  });

  test('a Certificate of another maker is another kind', () => {
    expect(meshOf(object('networking.internal.knative.dev/v1alpha1', 'Certificate', '{ secretName: client }')).resources).toEqual([]);
  });
});

test('NetworkPolicy: what is empty and what is not written are two things', () => {
  const spec =
    '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ namespaceSelector: {} }, { ipBlock: { cidr: 192.0.2.0/24 } }], ports: [{ port: https, protocol: TCP }] }, {}] }';
  const policy = only(meshOf(object('networking.k8s.io/v1', 'NetworkPolicy', spec)), 'NetworkPolicy', 'rates');
  const [rule, all] = policy.spec.egress;
  expect(rule?.to.map(({ podSelector, namespaceSelector, ipBlock }) => [podSelector !== undefined, namespaceSelector !== undefined, ipBlock?.cidr])).toEqual([
    [false, true, undefined],
    [false, false, '192.0.2.0/24'],
  ]);
  expect([rule?.ports[0]?.port, all?.to, policy.isSet(['spec', 'egress']), policy.isSet(['spec', 'ingress'])]).toEqual(['https', [], true, false]);
});

test('the Gateways of Istio and of the Gateway API are two kinds', () => {
  const mesh = meshOf(
    `${object('networking.istio.io/v1', 'Gateway', '{ servers: [] }')}---\n${object('gateway.networking.k8s.io/v1', 'Gateway', '{ gatewayClassName: istio, listeners: [] }')}`,
  );
  expect([mesh.all('Gateway').length, only(mesh, 'KubernetesGateway', 'rates').spec.gatewayClassName]).toEqual([1, 'istio']);
});

test('what a Gateway API leaves out has no value, but for what the API server fills in', () => {
  const mesh = meshOf(object('gateway.networking.k8s.io/v1', 'HTTPRoute', '{ rules: [{ matches: [{ path: { value: /a } }, {}] }] }'));
  const [rule] = only(mesh, 'HTTPRoute', 'rates').spec.rules;
  expect(rule?.matches).toEqual([
    { path: { type: 'PathPrefix', value: '/a' }, headers: [], queryParams: [] },
    { headers: [], queryParams: [] },
  ]);
});

test('a policy of ASM is recognized, and not judged', () => {
  const text = object('istio.alibabacloud.com/v1beta1', 'ASMEgressTrafficPolicy', '{ byEgressGateway: { name: egress }, egressRules: [{ any: thing }] }');
  const policy = only(meshOf(text), 'ASMEgressTrafficPolicy', 'rates');
  expect([policy.spec.byEgressGateway?.name, policy.problems]).toEqual(['egress', []]);
});

describe("documents that say no kind: values of Istio's charts", () => {
  const VALUES = 'global:\n  istioNamespace: mesh\nmeshConfig:\n  outboundTrafficPolicy:\n    mode: REGISTRY_ONLY\n';
  const read = (text: string) => load([{ file: 'charts/istiod/values.yaml', text }])[0];

  test('are read, and named by their file', () => {
    const [values] = read(VALUES)?.resources ?? [];
    expect([values?.kind, values?.name, values?.apiVersion, values?.problems]).toEqual(['HelmValues', 'charts/istiod/values.yaml', '', []]);
  });

  test.each([
    ['a typing error', 'pilot: {}\nmeshConfig: { outboundTrafficPolcy: {} }\n', 1],
    ['JSON', '{"meshConfig": {"rootNamespace": "mesh"}}', 1],
    ['in quotes', '"meshConfig": { rootNamespace: mesh }\n', 1],
    ['the values of another chart', 'replicas: 2\nimage: { tag: "1" }\n', 0],
    ['of another product', 'meshConfig: { peering: { enabled: true } }\n', 0],
    ['deeper', 'istiod:\n  meshConfig: { rootNamespace: mesh }\n', 0],
    ['no mapping', 'meshConfig: none\n', 0],
    ['a kind after all', 'kind: Other\nmeshConfig: { rootNamespace: mesh }\n', 0],
    ['an API after all', 'apiVersion: v1\nmeshConfig: { rootNamespace: mesh }\n', 0],
  ])('%s', (_, text, count) => expect(read(text)?.resources.length).toBe(count));

  test('profiles that a chart brings along are not in effect', () => {
    expect(load([{ file: 'charts/istiod/files/profile-preview.yaml', text: VALUES }])[0]?.resources).toEqual([]);
  });

  test('other charts are not even parsed, and broken ones not reported', () => {
    const contents = read('image: [\n---\nreplicas: 2\n---\nmeshConfig: [\n')?.contents;
    expect([contents?.documents, contents?.problems, contents?.count]).toEqual([[], [], 3]);
  });

  test.each([
    ['indented as a whole', '  apiVersion: v1\n  kind: Namespace\n  metadata: { name: shop }\n'],
    ['by a merge key', '<<: { kind: Namespace }\napiVersion: v1\nmetadata: { name: shop }\n'],
    ['in escapes', '"\\u006bind": Namespace\napiVersion: v1\nmetadata: { name: shop }\n'],
    ['behind an anchor', '&a\nkind: Namespace\napiVersion: v1\nmetadata: { name: shop }\n'],
  ])('but a kind is found %s', (_, text) => expect(read(text)?.resources.map(({ kind }) => kind)).toEqual(['Namespace']));
});
