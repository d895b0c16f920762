import { describe, expect, test } from 'vitest';
import { backendsElsewhere, certificatesElsewhere, isGranted } from '../../src/mesh/reference-grants.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const route = (backend: string, parent = 'name: out') => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: r, namespace: shop }
spec: { parentRefs: [{ ${parent} }], rules: [{ backendRefs: [{ name: own, port: 80 }, { ${backend} }] }] }
---`;
const grant = (from: string, to: string, namespace = 'pay') => `
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: { name: shop, namespace: ${namespace} }
spec: { from: [{ group: gateway.networking.k8s.io, ${from} }], to: [{ ${to} }] }
---`;
const OF_SHOP = 'kind: HTTPRoute, namespace: shop';
const SERVICE = 'group: "", kind: Service';

test.each([
  ['a Service of another namespace', 'name: web, namespace: pay, port: 80', undefined, ['pay/web at spec.rules.0.backendRefs.1.namespace']],
  ['not one of its own', 'name: web, namespace: shop, port: 80', undefined, []],
  ['not a host', 'group: networking.istio.io, kind: Hostname, name: rates.example, namespace: pay', undefined, []],
  ['not for sidecars', 'name: web, namespace: pay, port: 80', 'kind: Service, group: "", name: web', []],
  ['not template text', 'name: web, namespace: "{{ .Values.namespace }}", port: 80', undefined, []],
])('A-12: what needs a grant is %s', (_, backend, parent, expected) => {
  const found = backendsElsewhere(only(meshOf(route(backend, parent)), 'HTTPRoute', 'r'));
  expect(found.map(({ to, path }) => `${to.namespace}/${to.name} at ${path.join('.')}`)).toEqual(expected);
});

test.each([
  ['of another namespace', 'name: cert, namespace: pay', ['pay/cert Secret']],
  ['not of its own', 'name: cert, namespace: shop', []],
  ['not without a namespace', 'name: cert', []],
])('A-12: a certificate needs a grant: %s', (_, ref, expected) => {
  const mesh = meshOf(`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: out, namespace: shop }
spec: { gatewayClassName: istio, listeners: [{ name: tls, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ ${ref} }] } }] }
`);
  const found = certificatesElsewhere(only(mesh, 'KubernetesGateway', 'out'));
  expect(found.map(({ to }) => `${to.namespace}/${to.name} ${to.kind}`)).toEqual(expected);
});

describe('A-12: a reference is granted', () => {
  test.each([
    ['to all Services', grant(OF_SHOP, SERVICE), true],
    ['to this one', grant(OF_SHOP, `${SERVICE}, name: web`), true],
    ['once a template is filled in', grant(OF_SHOP, `${SERVICE}, name: "{{ .Values.name }}"`), true],
    ['not to another one', grant(OF_SHOP, `${SERVICE}, name: other`), false],
    ['not to Secrets', grant(OF_SHOP, 'group: "", kind: Secret'), false],
    ['not for another namespace', grant('kind: HTTPRoute, namespace: bank', SERVICE), false],
    ['not for another kind of route', grant('kind: TCPRoute, namespace: shop', SERVICE), false],
    ['not by another namespace', grant(OF_SHOP, SERVICE, 'shop'), false],
    ['not without a grant', '', false],
  ])('%s', (_, text, expected) => {
    const mesh = meshOf(route('name: web, namespace: pay, port: 80') + text);
    expect(backendsElsewhere(only(mesh, 'HTTPRoute', 'r')).map((reference) => isGranted(mesh, reference))).toEqual([expected]);
  });
});
