import { describe, expect, test } from 'vitest';
import { registeredAt } from '../../src/mesh/registry.ts';
import { meshOf } from '../support/mesh-of.ts';

const mesh = meshOf(`
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: egress }
spec:
  hosts: [rates.bank.example, "*.quotes.example"]
  ports:
  - { number: 443, name: tls, protocol: TLS }
  - { number: 80, name: http, protocol: http }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: shop }
spec:
  hosts: [rates.bank.example]
  location: MESH_INTERNAL
  exportTo: ["."]
---
apiVersion: v1
kind: Service
metadata:
  name: ledger
  namespace: shop
  annotations: { networking.istio.io/exportTo: "pay, ." }
spec:
  ports: [{ port: 8080, name: grpc-api }]
---
apiVersion: v1
kind: Service
metadata: { name: alias, namespace: shop }
spec: { type: ExternalName, externalName: rates.bank.example }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: open, namespace: lab }
spec:
  hosts: ["{{ .Values.host }}", open.example]
  exportTo: ["{{ .Values.namespace }}"]
  ports: [{ number: "{{ .Values.port }}", name: tls, protocol: TLS }]
`);
const { registry } = mesh;

function namesOf(hosts: readonly { readonly namespace: string; readonly host: string }[]): readonly string[] {
  return hosts.map(({ namespace, host }) => `${namespace}/${host}`);
}

test('each host of an entry is a registration of its own, with its place', () => {
  const [quotes] = registry.named('*.quotes.example');
  expect(quotes).toMatchObject({ namespace: 'egress', index: 1, external: true, exportTo: [] });
  expect(quotes?.ports).toEqual([
    { number: 443, name: 'tls', protocol: 'TLS', index: 0 },
    { number: 80, name: 'http', protocol: 'HTTP', index: 1 },
  ]);
});

test('N-10, N-13: a Service registers its full name, with the protocols that its ports are named for', () => {
  const [ledger] = registry.named('ledger.shop.svc.cluster.local');
  expect(ledger).toMatchObject({ namespace: 'shop', external: false, exportTo: ['pay', '.'] });
  expect(ledger?.ports).toEqual([{ number: 8080, name: 'grpc-api', protocol: 'GRPC', index: 0 }]);
});

test('N-15: an ExternalName Service lies outside of the mesh, as an entry does unless it says MESH_INTERNAL', () => {
  expect(registry.named('alias.shop.svc.cluster.local')[0]?.external).toBe(true);
  expect(registry.named('rates.bank.example').map(({ external }) => external)).toEqual([true, false]);
});

test('S-4: a pattern takes in what lies within it, not what covers it', () => {
  expect(namesOf(registry.within('rates.bank.example'))).toEqual(['egress/rates.bank.example', 'shop/rates.bank.example']);
  expect(namesOf(registry.within('eu.quotes.example'))).toEqual([]);
  expect(namesOf(registry.within('*.example')).toSorted()).toEqual([
    'egress/*.quotes.example',
    'egress/rates.bank.example',
    'lab/open.example',
    'shop/rates.bank.example',
  ]);
});

test('a name is covered by its wildcard', () => {
  expect(namesOf(registry.covering('eu.quotes.example'))).toEqual(['egress/*.quotes.example']);
  expect(registry.covering('quotes.example')).toEqual([]);
});

test('what one namespace registers', () => {
  expect(namesOf(registry.ofNamespace('shop').within('*'))).not.toContain('egress/rates.bank.example');
  expect(namesOf(registry.ofNamespace('shop').named('rates.bank.example'))).toEqual(['shop/rates.bank.example']);
  expect(registry.ofNamespace('nowhere').within('*')).toEqual([]);
  expect(registry.externalHostsOf('egress')).toEqual(['rates.bank.example', '*.quotes.example']);
  expect(registry.externalHostsOf('shop')).toEqual(['rates.bank.example']);
});

describe('V-2', () => {
  test.each([
    ['rates.bank.example', 0, 'pay', true],
    ['rates.bank.example', 1, 'shop', true],
    ['rates.bank.example', 1, 'pay', false],
    ['ledger.shop.svc.cluster.local', 0, 'pay', true],
    ['ledger.shop.svc.cluster.local', 0, 'lab', false],
  ])('registration of %s no. %i is visible to %s: %s', (host, i, namespace, expected) => {
    const registered = registry.named(host)[i];
    expect(registered && registry.isVisible(registered, namespace)).toBe(expected);
  });

  test("the mesh's default holds for what says nothing itself", () => {
    const own = meshOf(`
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: "defaultServiceExportTo: ['.']" }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: egress }
spec: { hosts: [rates.bank.example] }
`).registry;
    const [registered] = own.hosts;
    expect(registered && ['egress', 'shop'].map((namespace) => own.isVisible(registered, namespace))).toEqual([true, false]);
  });
});

test('template text hides nothing and settles nothing', () => {
  const [open] = registry.named('open.example');
  expect(open && registry.isVisible(open, 'shop')).toBe(true);
  expect(open?.hasUnknownPorts).toBe(true);
  expect(open?.index).toBe(1);
  expect([registry.hasUnknownHosts('lab'), registry.hasUnknownHosts('shop'), registry.hasUnknownHosts(undefined)]).toEqual([true, false, true]);
});

test.each([
  ['*.quotes.example', 'ServiceEntry', 'spec.hosts.1'],
  ['ledger.shop.svc.cluster.local', 'Service', 'metadata.name'],
])('%s is registered by a %s at %s', (host, kind, path) => {
  const [registered] = mesh.registry.named(host);
  const at = registered && registeredAt(registered);
  expect([at?.resource.kind, at?.path.join('.')]).toEqual([kind, path]);
});
