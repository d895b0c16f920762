import { describe, expect, test } from 'vitest';
import type { RegisteredHost } from '../../src/mesh/registry.ts';
import { haveSamePorts, mergeObstacle, portLostTo, twiceRegistered } from '../../src/mesh/twice-registered.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const entry = (name: string, namespace: string, { port = 443, spec = 'resolution: DNS', labels = '' } = {}) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${name}, namespace: ${namespace}, labels: { ${labels} } }
spec: { hosts: [rates.example], ports: [{ number: ${port}, name: p, protocol: TLS }], ${spec} }
---`;

/** The registrations of two texts in one mesh. */
function both(first: string, second: string) {
  const mesh = meshOf(first + second);
  const [a, b] = mesh.registry.named('rates.example');
  if (!a || !b) throw new Error('not registered twice');
  return { mesh, a, b };
}

describe('V-8: two entries of one namespace are not merged', () => {
  const obstacle = (second: Parameters<typeof entry>[2]) => {
    const { mesh } = both(entry('a', 'shop'), entry('b', 'shop', second));
    const found = mergeObstacle(only(mesh, 'ServiceEntry', 'a'), only(mesh, 'ServiceEntry', 'b'));
    return found && [found.text, found.path?.join('.')];
  };
  test.each([
    ['for their resolution', { spec: 'resolution: NONE' }, ['resolution NONE instead of DNS', 'spec.resolution']],
    ['for their exportTo', { spec: 'resolution: DNS, exportTo: ["."]' }, ['another exportTo', 'spec.exportTo']],
    ['for their selectors', { spec: 'resolution: DNS, workloadSelector: { labels: { app: a } }' }, ['another workloadSelector', 'spec.workloadSelector']],
    ['for their labels', { labels: 'team: bank' }, ['other labels', 'metadata.labels']],
    ['but for ports alone they are', { port: 80 }, undefined],
  ])('%s', (_, second, expected) => expect(obstacle(second)).toEqual(expected));
});

test.each([
  [443, true],
  [80, false],
])('registrations with ports 443 and %s have the same ports: %j', (port, expected) => {
  const { a, b } = both(entry('a', 'shop'), entry('b', 'shop', { port }));
  expect(haveSamePorts(a, b)).toBe(expected);
});

describe('V-9: clients of a namespace lose the ports of an entry elsewhere', () => {
  const lost = (second: Parameters<typeof entry>[2], isEarlier = true) => {
    const { mesh, a, b } = both(entry('a', 'shop'), entry('b', 'bank', second));
    const own = (namespace: string): RegisteredHost => (a.namespace === namespace ? a : b);
    return portLostTo(mesh, own('shop'), own('bank'), isEarlier);
  };
  test('that has none of their own', () => expect(lost({ port: 80 })).toBe(80));
  test('not where they have one in common', () => expect(lost({ port: 443 })).toBeUndefined());
  test('not where they do not see it', () => expect(lost({ port: 80, spec: 'resolution: DNS, exportTo: ["."]' })).toBeUndefined());
  test('is told once where both lose', () => expect(lost({ port: 80 }, false)).toBeUndefined());
});

describe('V-8, V-9: a host that is registered twice', () => {
  const HOST = 'rates.shop.svc.cluster.local';
  const service = (selector = '{ app: rates }', port = 443) => `
apiVersion: v1
kind: Service
metadata: { name: rates, namespace: shop }
spec: { selector: ${selector}, ports: [{ port: ${port}, name: tls }] }
---`;
  const ofService = (spec: string) => entry('b', 'shop', { spec }).replace('rates.example', HOST);
  const STATIC = 'resolution: STATIC, endpoints: [{ address: 203.0.113.7 }]';
  const found = (text: string, name = 'b') => {
    const mesh = meshOf(text);
    const twice = twiceRegistered(mesh, only(mesh, 'ServiceEntry', name));
    return twice && `${twice.why} ${twice.other.resource.kind}`;
  };
  const first = entry('a', 'shop');
  test.each([
    ['with other settings', first + entry('b', 'shop', { spec: 'resolution: NONE' }), 'settings ServiceEntry'],
    ['with other settings and ports', first + entry('b', 'shop', { spec: 'resolution: NONE', port: 80 }), 'ports ServiceEntry'],
    ['with another protocol for the port', first + entry('b', 'shop').replace('protocol: TLS', 'protocol: HTTP'), 'protocol ServiceEntry'],
    ['in another namespace, with another port', first + entry('b', 'bank', { port: 80 }), 'namespaces ServiceEntry'],
    ['as a Service', service() + ofService('resolution: DNS'), 'service Service'],
    ['as a Service without its port', service('{ app: rates }', 80) + ofService(STATIC), 'service Service'],
    ['as a Service with Pods of its own', service() + ofService(STATIC), 'mixed Service'],
    ['as a Service that it completes', service('{}') + ofService(STATIC), undefined],
    ['as a Service, with more of the same', service() + ofService('resolution: STATIC, workloadSelector: { labels: { app: rates } }'), undefined],
    ['with other ports, which are merged', first + entry('b', 'shop', { port: 80 }), undefined],
    ['with template text', first + entry('b', 'shop', { spec: 'resolution: NONE, addresses: ["{{ .Values.ip }}"]' }), undefined],
    ['once', entry('b', 'shop'), undefined],
  ])('%s', (_, text, expected) => expect(found(text)).toBe(expected));

  test('is told of at the later entry', () => {
    expect(found(first + entry('b', 'shop', { spec: 'resolution: NONE' }), 'a')).toBeUndefined();
  });
});
