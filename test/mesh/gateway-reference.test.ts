import { expect, test } from 'vitest';
import { isBoundToMesh, referenceTo, resolveGateway } from '../../src/mesh/gateway-reference.ts';

test.each([
  ['egress', 'shop/egress'],
  ['./egress', 'shop/egress'],
  ['istio-system/egress', 'istio-system/egress'],
  ['istio-system/a.b', 'istio-system/a.b'],
  ['egress.istio-system', 'istio-system/egress'],
  ['egress.istio-system.svc.cluster.local', 'istio-system/egress'],
  ['mesh', undefined],
  // Only the bare word is reserved.
  ['shop/mesh', 'shop/mesh'],
])('N-9: %s of a VirtualService in shop means %s', (entry, expected) => {
  const reference = resolveGateway(entry, 'shop');
  expect(reference && `${reference.namespace}/${reference.name}`).toBe(expected);
});

test.each([
  [[], true],
  [['mesh'], true],
  [['egress', 'mesh'], true],
  [['egress'], false],
  [['./mesh'], false],
])('N-9: gateways %j are for sidecars: %s', (gateways, expected) => {
  expect(isBoundToMesh(gateways)).toBe(expected);
});

test.each([
  ['shop', 'egress'],
  ['bank', 'shop/egress'],
])('N-9: an object of %s names Gateway shop/egress by %s', (from, expected) => {
  expect(referenceTo({ namespace: 'shop', name: 'egress' }, from)).toBe(expected);
});
