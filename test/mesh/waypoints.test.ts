import { describe, expect, test } from 'vitest';
import { hasWaypoint, isServedByOthers, isWaypoint, objectsWithWaypoint, refusalOf, showsZtunnel, waypointReference } from '../../src/mesh/waypoints.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const entry = (labels: string) => `
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: shop, labels: { ${labels} } }
spec: { hosts: [rates.example] }
`;
const namespace = (labels: string) => `
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { ${labels} } }
`;
const gateway = (labels: string, allowedRoutes: string) => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: way-out, namespace: egress, labels: { ${labels} } }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE, allowedRoutes: { ${allowedRoutes} } }] }
`;

describe('A-6: the label of an object', () => {
  const reference = (labels: string) => waypointReference(only(meshOf(entry(labels)), 'ServiceEntry', 'rates'));

  test('means a Gateway of its own namespace, unless it names another', () => {
    expect(reference('istio.io/use-waypoint: way-out')).toMatchObject({ namespace: 'shop', name: 'way-out', isNamespaceWritten: false });
    expect(reference('istio.io/use-waypoint: way-out, istio.io/use-waypoint-namespace: egress')).toMatchObject({
      namespace: 'egress',
      isNamespaceWritten: true,
    });
  });

  test('may opt out, and may be unknown', () => {
    expect(reference('istio.io/use-waypoint: none')).toBe('none');
    expect(reference('istio.io/use-waypoint: "$(WAYPOINT)"')).toBeUndefined();
    expect(reference('team: sales')).toBeUndefined();
  });

  test('of a Namespace means a Gateway in it', () => {
    expect(objectsWithWaypoint(meshOf(namespace('istio.io/use-waypoint: way-out')))).toMatchObject([{ namespace: 'shop', name: 'way-out' }]);
  });
});

test.each([
  ['its own label', 'istio.io/use-waypoint: way-out', '', 'yes'],
  ["its Namespace's", 'team: sales', 'istio.io/use-waypoint: way-out', 'yes'],
  ['none of either', 'team: sales', 'team: sales', 'no'],
  ['its own that opts out', 'istio.io/use-waypoint: none', 'istio.io/use-waypoint: way-out', 'no'],
])('an entry with %s', (_, own, around, expected) => {
  const mesh = meshOf(entry(own) + namespace(around));
  expect(hasWaypoint(mesh, only(mesh, 'ServiceEntry', 'rates'))).toBe(expected);
});

test('without its Namespace in view nobody knows', () => {
  const mesh = meshOf(entry('team: sales'));
  expect(hasWaypoint(mesh, only(mesh, 'ServiceEntry', 'rates'))).toBe('unknown');
});

test.each([
  ['', '', 'shop', { why: 'namespace', listener: 0 }],
  ['', 'namespaces: { from: Same }', 'shop', { why: 'namespace', listener: 0 }],
  ['', 'namespaces: { from: All }', 'shop', undefined],
  ['', 'namespaces: { from: Selector }', 'shop', undefined],
  ['', '', 'egress', undefined],
  ['istio.io/waypoint-for: workload', 'namespaces: { from: All }', 'shop', { why: 'traffic', value: 'workload' }],
  ['istio.io/waypoint-for: all', 'namespaces: { from: All }', 'shop', undefined],
])('A-6: a waypoint labelled { %s } with { %s } and an entry of %s', (labels, allowedRoutes, from, expected) => {
  const mesh = meshOf(gateway(labels, allowedRoutes));
  const waypoint = only(mesh, 'KubernetesGateway', 'way-out');
  expect(isWaypoint(waypoint)).toBe(true);
  expect(refusalOf(mesh, waypoint, from)).toEqual(expected);
});

test.each([
  ['team: sales', undefined],
  ['team: stores', { why: 'labels', listener: 0 }],
  ['', { why: 'labels', listener: 0 }],
])('A-6: a waypoint for namespaces of team sales and one labelled { %s }', (labels, expected) => {
  const mesh = meshOf(gateway('', 'namespaces: { from: Selector, selector: { matchLabels: { team: sales } } }') + namespace(labels));
  expect(refusalOf(mesh, only(mesh, 'KubernetesGateway', 'way-out'), 'shop')).toEqual(expected);
});

test.each([
  ['a Namespace in ambient mode', namespace('istio.io/dataplane-mode: ambient'), true],
  ['a waypoint', gateway('', ''), true],
  ['an entry that is bound to one', entry('istio.io/use-waypoint: way-out'), true],
  ['no longer by an entry that opts out', entry('istio.io/use-waypoint: none'), false],
  ['nothing', entry('team: sales') + namespace('istio-injection: enabled'), false],
])('ztunnel shows by %s', (_, text, expected) => expect(showsZtunnel(meshOf(text))).toBe(expected));

test.each([
  [
    'of another class',
    gateway('', '').replace('istio-waypoint', 'vendor-waypoint') + entry('istio.io/use-waypoint: way-out, istio.io/use-waypoint-namespace: egress'),
    true,
  ],
  [
    'that its Namespace names',
    gateway('', '').replace('istio-waypoint', 'vendor-waypoint') +
      entry('a: b') +
      namespace('istio.io/use-waypoint: way-out, istio.io/use-waypoint-namespace: egress'),
    true,
  ],
  ["of Istio's class", gateway('', '') + entry('istio.io/use-waypoint: way-out, istio.io/use-waypoint-namespace: egress'), false],
  ['that is not in view', entry('istio.io/use-waypoint: way-out, istio.io/use-waypoint-namespace: egress'), false],
  ['that it opts out of', gateway('', '').replace('istio-waypoint', 'vendor-waypoint') + entry('istio.io/use-waypoint: none'), false],
])('a waypoint %s serves by other rules', (_, text, expected) => {
  const mesh = meshOf(text);
  expect(isServedByOthers(mesh, only(mesh, 'ServiceEntry', 'rates'))).toBe(expected);
});
