import { describe, expect, test } from 'vitest';
import { importedBy, isExcluded, isMeshWide, outboundPolicyOf, parseSidecarHost, unimportedSymptom } from '../../src/mesh/sidecar-imports.ts';
import { meshOf, only } from '../support/mesh-of.ts';

test.each([
  ['./rates.example', { namespacePart: '.', namespace: 'shop', dnsName: 'rates.example' }],
  ['*/rates.example', { namespacePart: '*', namespace: undefined, dnsName: 'rates.example' }],
  ['egress/*.example', { namespacePart: 'egress', namespace: 'egress', dnsName: '*.example' }],
  ['*/*', { namespacePart: '*', namespace: undefined, dnsName: '*' }],
  ['~/*', undefined],
  ['~egress/rates.example', undefined],
  ['rates.example', undefined],
  ['/rates.example', undefined],
  ['egress/', undefined],
  ['a/b/c', undefined],
  ['', undefined],
])('S-3: %s of a Sidecar in shop', (host, expected) => {
  expect(parseSidecarHost(host, 'shop')).toEqual(expected);
});

const mesh = meshOf(`
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: egress }
spec: { hosts: [rates.example, "*.wild.example"], ports: [{ number: 443, name: tls, protocol: TLS }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: shop }
spec: { hosts: [rates.example], ports: [{ number: 80, name: http, protocol: HTTP }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: lab }
spec: { hosts: [secret.example], exportTo: ["."] }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: shop, namespace: shop }
spec:
  egress:
  - hosts: ["*/*", ~egress/rates.example, "~/*.wild.example", ~./rates.example]
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: pay, namespace: pay }
spec: { egress: [{ hosts: ["*/*"] }] }
`);

function imports(sidecar: string, text: string): readonly string[] {
  const own = only(mesh, 'Sidecar', sidecar);
  const host = parseSidecarHost(text, own.namespace);
  return host ? importedBy(own, host, mesh.registry).map((each) => `${each.namespace}/${each.host}`) : [];
}

describe('S-4', () => {
  test.each([
    ['shop', 'egress/rates.example', ['egress/rates.example']],
    ['shop', './rates.example', ['shop/rates.example']],
    ['pay', './rates.example', []],
    // V-9: the client's own namespace comes before all others.
    ['shop', '*/rates.example', ['shop/rates.example']],
    ['pay', '*/rates.example', ['egress/rates.example', 'shop/rates.example']],
    ['shop', 'egress/a.wild.example', []],
    ['shop', 'egress/*.wild.example', ['egress/*.wild.example']],
    ['shop', 'egress/*.a.wild.example', []],
    ['shop', 'egress/*.example', ['egress/rates.example', 'egress/*.wild.example']],
    ['shop', 'lab/secret.example', []],
    ['shop', '*/secret.example', []],
  ])('Sidecar of %s, %s', (sidecar, host, expected) => {
    expect(imports(sidecar, host).toSorted()).toEqual(expected.toSorted());
  });
});

test('S-3: exclusions speak of one namespace, or of any', () => {
  const sidecar = only(mesh, 'Sidecar', 'shop');
  const [listener] = sidecar.spec.egress;
  const excluded = mesh.registry.hosts.filter((each) => listener && isExcluded(each, listener, sidecar.namespace));
  expect(excluded.map(({ namespace, host }) => `${namespace}/${host}`)).toEqual(['egress/rates.example', 'egress/*.wild.example', 'shop/rates.example']);
});

describe('S-5: VirtualServices are imported by the namespace that they stand in', () => {
  const { virtualServices } = meshOf(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: open, namespace: routes }
spec: { hosts: ["*.bank.example", rates] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: hidden, namespace: routes }
spec: { hosts: [quotes.example], exportTo: ["."], gateways: [mesh, egress] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: at-gateway, namespace: routes }
spec: { hosts: [rates.bank.example], gateways: [egress] }
`);

  test.each([
    ['routes', 'rates.bank.example', 'shop', ['open']],
    ['routes', '*.example', 'shop', ['open']],
    ['routes', '*.example', 'routes', ['hidden', 'open']],
    ['routes', 'bank.example', 'shop', []],
    ['routes', 'rates.routes.svc.cluster.local', 'shop', ['open']],
    ['shop', 'rates.bank.example', 'shop', []],
  ])('%s/%s for clients of %s', (namespace, host, client, expected) => {
    const found = virtualServices.importedBy(namespace, host, client).map(({ name }) => name);
    expect([...new Set(found)].toSorted()).toEqual(expected);
  });
});

describe('S-1: the default of the whole mesh', () => {
  test.each([
    ['istio-system', '', true],
    ['istio-system', 'workloadSelector: { labels: { app: shop } }', false],
    ['istio-system', 'workloadSelector: {}', false],
    ['shop', '', false],
  ])('in %s with %s: %s', (namespace, selector, expected) => {
    const own = meshOf(`
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: ${namespace} }
spec:
  ${selector}
  egress: [{ hosts: ["./*"] }]
`);
    expect(isMeshWide(only(own, 'Sidecar', 'default'), own.config)).toBe(expected);
  });
});

describe('S-12', () => {
  const policyOf = (policy: string, mode?: string) => {
    const own = meshOf(`
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec:
  ${policy}
  egress: [{ hosts: ["./*"] }]
${mode === undefined ? '' : `---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: istio, namespace: istio-system }\ndata: { mesh: "outboundTrafficPolicy: { mode: ${mode} }" }\n`}`);
    const sidecar = only(own, 'Sidecar', 'default');
    return { policy: outboundPolicyOf(sidecar, own.config), symptom: unimportedSymptom(sidecar, own.config) };
  };

  test.each([
    ["the mesh's, where it has none", '', 'REGISTRY_ONLY', 'REGISTRY_ONLY'],
    ['its own', 'outboundTrafficPolicy: { mode: ALLOW_ANY }', 'REGISTRY_ONLY', 'ALLOW_ANY'],
    ['the zero value, where it says no mode', 'outboundTrafficPolicy: {}', 'ALLOW_ANY', 'REGISTRY_ONLY'],
    ['unknown, where nothing says', '', undefined, undefined],
    ['unknown, where a template says', 'outboundTrafficPolicy: { mode: "{{ .Values.mode }}" }', 'ALLOW_ANY', undefined],
  ])('%s', (_, own, mode, expected) => {
    expect(policyOf(own, mode).policy).toBe(expected);
  });

  test('both stories are told where the policy is unknown', () => {
    expect(policyOf('').symptom).toMatch(/ALLOW_ANY.*PassthroughCluster.*REGISTRY_ONLY.*BlackHoleCluster/);
    expect(policyOf('', 'REGISTRY_ONLY').symptom).not.toContain('PassthroughCluster');
    expect(policyOf('', 'ALLOW_ANY').symptom).not.toContain('BlackHoleCluster');
  });
});
