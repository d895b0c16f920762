import { expect, test } from 'vitest';
import { detachmentOf, groupMeant, parentGateway, parentOf, unattachedParents } from '../../src/mesh/gateway-api-routes.ts';
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
  return route && ref ? detachmentOf(mesh, route, ref, only(mesh, 'KubernetesGateway', 'g')) : 'no route';
};
const HTTP = '{ name: http, port: 80, protocol: HTTP }';
const TLS = '{ name: tls, port: 443, protocol: TLS, tls: { mode: Passthrough } }';

test.each([
  ['', HTTP, {}, undefined],
  ['sectionName: http, port: 80', HTTP, {}, undefined],
  ['sectionName: https', HTTP, {}, { why: 'section', has: ["'http' (HTTP on 80)"] }],
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
  ['', '{ name: x, port: 80, protocol: HTTP, hostname: b.example }', { hostnames: 'a.example' }, { why: 'hostname', has: ['b.example'] }],
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

const parent = (namespace: string, api = 'gateway.networking.k8s.io/v1', listeners = HTTP) =>
  api.startsWith('gateway')
    ? `
apiVersion: ${api}
kind: Gateway
metadata: { name: g, namespace: ${namespace} }
spec: { gatewayClassName: istio, listeners: [${listeners}] }
---`
    : `
apiVersion: ${api}
kind: Gateway
metadata: { name: g, namespace: ${namespace} }
spec: { selector: { app: out }, servers: [${listeners}] }
---`;

test.each([
  ['in the namespace of the route', '{ name: g }', parent('shop'), 'found shop'],
  ['in the namespace that is named', '{ name: g, namespace: edge }', parent('edge') + parent('shop'), 'found edge'],
  ["of Istio's own API", '{ name: g }', parent('shop', 'networking.istio.io/v1', ''), 'istio shop'],
  ['in another namespace', '{ name: g }', parent('edge'), 'elsewhere edge'],
  ['unknown where its namespace has others', '{ name: g }', parent('edge') + parent('shop').replace('name: g', 'name: other'), undefined],
  ['unknown where two have the name', '{ name: g }', parent('shop') + parent('shop'), undefined],
  ['unknown where its listeners are template text', '{ name: g }', parent('shop', undefined, '"{{ .Values.listener }}"'), undefined],
  ['unknown where none is in view', '{ name: g }', '', undefined],
  ['none for a Service', '{ name: g, kind: Service, group: "" }', parent('shop'), undefined],
])('A-10: the Gateway of a parent is %s', (_, ref, gateways, expected) => {
  const mesh = meshOf(`${gateways}
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: r, namespace: shop }
spec: { parentRefs: [${ref}] }
`);
  const route = only(mesh, 'HTTPRoute', 'r');
  const [written] = route.spec.parentRefs;
  const gateway = written && parentGateway(mesh, route, parentOf(written, route));
  expect(gateway && `${gateway.state} ${gateway.gateway.namespace}`).toBe(expected);
});

test.each([
  ['{ name: g, kind: Service }', parent('shop'), 'group', 'spec.parentRefs.0.kind'],
  ['{ name: g }', parent('shop', 'networking.istio.io/v1', ''), 'istio', 'spec.parentRefs.0.name'],
  ['{ name: g }', parent('edge'), 'elsewhere', 'spec.parentRefs.0.name'],
  ['{ name: g, sectionName: https }', parent('shop'), 'section', 'spec.parentRefs.0.sectionName'],
  ['{ name: g, port: 8443 }', parent('shop'), 'port', 'spec.parentRefs.0.port'],
  ['{ name: g }', parent('shop', undefined, TLS), 'kind', 'kind'],
  ['{ name: g }', parent('shop', undefined, '{ name: x, port: 80, protocol: HTTP, hostname: b.example }'), 'hostname', 'spec.hostnames'],
  ['{ name: g, namespace: edge }', parent('edge'), 'namespace', 'spec.parentRefs.0'],
  ['{ name: g }, { name: g, port: 8443 }', parent('shop'), 'port', 'spec.parentRefs.1.port'],
])('A-10, A-13: parents [%s] of what %j declares keep the route out: %s, at %s', (refs, gateways, why, field) => {
  const mesh = meshOf(`${gateways}
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: r, namespace: shop }
spec: { parentRefs: [${refs}], hostnames: [a.example] }
`);
  const found = unattachedParents(mesh, only(mesh, 'HTTPRoute', 'r'));
  expect(found.map((each) => [each.why, each.field.join('.')])).toEqual([[why, field]]);
});

test.each([
  ['that takes it', '{ name: g }', parent('shop')],
  ['that is template text', '{ name: "{{ .Values.gateway }}", kind: Service }', parent('edge')],
  ['that nothing in view declares', '{ name: g }', ''],
])('A-10: a parent %s is none of those that keep it out', (_, ref, gateways) => {
  const mesh = meshOf(`${gateways}
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: r, namespace: shop }
spec: { parentRefs: [${ref}] }
`);
  expect(unattachedParents(mesh, only(mesh, 'HTTPRoute', 'r'))).toEqual([]);
});
