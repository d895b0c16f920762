import { expect, test } from 'vitest';
import { detachmentOf, groupMeant, parentOf } from '../../src/mesh/gateway-api-routes.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const found = (parent: string, listeners: string, { kind = 'HTTPRoute', hostnames = '', namespace = 'shop' } = {}) => {
  const mesh = meshOf(`
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: { name: r, namespace: ${namespace} }
spec: { parentRefs: [{ name: g, ${parent} }], hostnames: [${hostnames}] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: g, namespace: shop }
spec: { gatewayClassName: istio, listeners: [${listeners}] }
`);
  const [route] = [...mesh.all('HTTPRoute'), ...mesh.all('TLSRoute'), ...mesh.all('TCPRoute')];
  const ref = route?.spec.parentRefs[0];
  return route && ref ? detachmentOf(route, ref, only(mesh, 'KubernetesGateway', 'g')) : 'no route';
};
const HTTP = '{ name: http, port: 80, protocol: HTTP }';
const TLS = '{ name: tls, port: 443, protocol: TLS, tls: { mode: Passthrough } }';

test.each([
  ['', HTTP, {}, undefined],
  ['sectionName: http, port: 80', HTTP, {}, undefined],
  ['sectionName: https', HTTP, {}, { why: 'section' }],
  ['port: 443', HTTP, {}, { why: 'port' }],
  ['', TLS, {}, { why: 'kind' }],
  ['', `${TLS}, ${HTTP}`, {}, undefined],
  ['', TLS, { kind: 'TLSRoute', hostnames: 'a.example' }, undefined],
  ['', HTTP, { kind: 'TCPRoute' }, { why: 'kind' }],
  ['', '{ name: x, port: 80, protocol: example.com/other }', {}, undefined],
  ['', '{ name: x, port: 80, protocol: HTTP, allowedRoutes: { kinds: [{ kind: GRPCRoute }] } }', {}, { why: 'kind' }],
  ['namespace: shop', HTTP, { namespace: 'bank' }, { why: 'namespace', listener: 0 }],
  ['namespace: shop', `${TLS}, ${HTTP}`, { namespace: 'bank' }, { why: 'namespace', listener: 1 }],
  ['namespace: shop', '{ name: x, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: All } } }', { namespace: 'bank' }, undefined],
  ['', '{ name: x, port: 80, protocol: HTTP, hostname: "*.example" }', { hostnames: 'a.example' }, undefined],
  ['', '{ name: x, port: 80, protocol: HTTP, hostname: b.example }', { hostnames: 'a.example' }, { why: 'hostname' }],
  ['', '{ name: x, port: 80, protocol: HTTP, hostname: b.example }', {}, undefined],
])('A-13: { %s } at [%s] with %j: %j', (parent, listeners, options, expected) => {
  const detachment = found(parent, listeners, options);
  if (expected === undefined) expect(detachment).toBeUndefined();
  else expect(detachment).toMatchObject(expected);
});

test.each([
  ['kind: ServiceEntry', 'networking.istio.io'],
  ['kind: ServiceEntry, group: networking.istio.io', undefined],
  ['kind: Service', ''],
  ['kind: Service, group: ""', undefined],
  ['group: networking.istio.io', 'gateway.networking.k8s.io'],
  ['kind: Gateway', undefined],
  ['kind: Something', undefined],
])('A-10: a parent with { %s } needs the group %j', (parent, expected) => {
  const mesh = meshOf(`
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: r, namespace: shop }
spec: { parentRefs: [{ name: g, ${parent} }] }
`);
  const route = only(mesh, 'HTTPRoute', 'r');
  expect(route.spec.parentRefs.map((ref) => groupMeant(parentOf(ref, route)))).toEqual([expected]);
});
