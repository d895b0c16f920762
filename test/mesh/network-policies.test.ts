import { describe, expect, test } from 'vitest';
import {
  allowsAnywhere,
  allowsEverywhere,
  istiodIn,
  letsPortIn,
  mayBeReached,
  mayLeave,
  mayReach,
  restrictsEgress,
  restrictsIngress,
} from '../../src/mesh/network-policies.ts';
import { servicePortsIn } from '../../src/mesh/network-policy-ports.ts';
import { meshOf } from '../support/mesh-of.ts';

const policy = (spec: string) => `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: p, namespace: shop }
spec: { podSelector: {}, ${spec} }
`;

test.each([
  ['policyTypes: [Egress]', true],
  ['egress: [{ to: [] }]', true],
  ['policyTypes: [Ingress], egress: [{ to: [] }]', false],
  ['ingress: []', false],
])('P-6: %s restricts egress: %s', (spec, expected) => {
  expect(meshOf(policy(spec)).all('NetworkPolicy').map(restrictsEgress)).toEqual([expected]);
});

describe('P-6: whether istiod may be reached', () => {
  const reaches = (egress: string, more = '') => {
    const mesh = meshOf(policy(`egress: [{ ${egress} }]`) + more);
    return mayReach(mesh, mesh.all('NetworkPolicy'), istiodIn('istio-system'), 15_012, 'TCP');
  };
  const named = (name: string) => `to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ${name} } } }]`;
  const labelled = (labels: string) => `
---
apiVersion: v1
kind: Namespace
metadata: { name: istio-system, labels: { ${labels} } }
`;

  test.each([
    ['ports: []', true],
    ['ports: [{ port: 15012 }]', true],
    ['ports: [{ port: 15012, protocol: UDP }]', false],
    ['ports: [{ port: 15000, endPort: 15100 }]', true],
    ['ports: [{ port: 443 }]', false],
    ['ports: [{ port: https-dns }]', true],
    [`${named('istio-system')}, ports: [{ port: 15012 }]`, true],
    [named('kube-system'), false],
    ['to: [{ namespaceSelector: {}, podSelector: { matchLabels: { istio: pilot } } }]', true],
    ['to: [{ namespaceSelector: {}, podSelector: { matchLabels: { team: platform } } }]', true],
    ['to: [{ namespaceSelector: {}, podSelector: { matchLabels: { istio: egressgateway } } }]', false],
    ['to: [{ namespaceSelector: {}, podSelector: { matchLabels: { k8s-app: kube-dns } } }]', false],
    ['to: [{ podSelector: {} }]', false],
    ['to: [{ namespaceSelector: {} }]', true],
    ['to: [{ namespaceSelector: { matchLabels: { istio: system } } }]', true],
    ['to: [{ ipBlock: { cidr: 0.0.0.0/0 } }]', true],
    ['to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [10.0.0.0/8] } }]', false],
    ['to: [{ ipBlock: { cidr: 203.0.113.0/24 } }]', false],
  ])('%s: %s', (egress, expected) => {
    expect(reaches(egress)).toBe(expected);
  });

  test('labels of a Namespace in view decide, unless it has none', () => {
    const rule = 'to: [{ namespaceSelector: { matchLabels: { istio: system } } }]';
    expect(reaches(rule, labelled('istio: system'))).toBe(true);
    expect(reaches(rule, labelled('istio: control'))).toBe(false);
    expect(reaches(rule, labelled(''))).toBe(true);
  });
});

test('a port is open wherever to', () => {
  const all = (egress: string) => allowsAnywhere(meshOf(policy(`egress: [{ ${egress} }]`)).all('NetworkPolicy'), 53, 'UDP');
  expect(all('to: [{ podSelector: {} }], ports: [{ port: 53, protocol: UDP }]')).toBe(true);
  expect(all('ports: [{ port: 53 }]')).toBe(false);
});

test.each([
  ['{ port: 443, targetPort: 8443 }', 443, [[443, 8443]]],
  ['{ port: 443, targetPort: 8443 }', 8443, []],
  ['{ port: 443 }', 443, []],
  ['{ port: 443, targetPort: https }', 443, []],
  ['{ port: 443, targetPort: 8443 }, { port: 444, targetPort: 443 }', 443, []],
])('P-6: of a Service with %s the port %i is meant for %j', (ports, port, expected) => {
  const mesh = meshOf(
    `${policy(`egress: [{ to: [{ namespaceSelector: {}, podSelector: { matchLabels: { istio: way-out } } }], ports: [{ port: ${port} }] }]`)}
---
apiVersion: v1
kind: Service
metadata: { name: way-out, namespace: egress }
spec: { selector: { istio: way-out }, ports: [${ports}] }
`,
  );
  const found = mesh.all('NetworkPolicy').flatMap((each) => servicePortsIn(mesh, each, mesh.all('Service')));
  expect(found.map((each) => [each.port, each.targetPort])).toEqual(expected);
});

test.each([
  ['policyTypes: [Egress]', false],
  ['policyTypes: [Ingress]', true],
  ['egress: [{ to: [] }]', true],
])('P-6: %s restricts ingress: %s', (spec, expected) => {
  expect(meshOf(policy(spec)).all('NetworkPolicy').map(restrictsIngress)).toEqual([expected]);
});

test.each([
  ['[{}]', true],
  ['[{ ports: [{ port: 443 }] }]', true],
  ['[{ ports: [{ port: 80 }] }]', false],
  ['[{ to: [{ ipBlock: { cidr: 203.0.113.0/24 } }] }]', true],
  ['[{ to: [{ ipBlock: { cidr: 198.51.100.0/24 } }] }]', false],
  ['[{ to: [{ podSelector: {} }] }]', false],
  ['[{ to: [{ podSelector: {} }] }, { ports: [{ port: 443 }] }]', true],
  ['[]', false],
])('P-6: egress %s lets out to 203.0.113.0/24 on 443: %s', (egress, expected) => {
  expect(mayLeave(meshOf(policy(`egress: ${egress}`)).all('NetworkPolicy'), 443, (cidr) => cidr === '203.0.113.0/24')).toBe(expected);
});

test.each([
  ['[{}]', true, true],
  ['[{ ports: [{ port: 8443 }] }]', true, true],
  ['[{ ports: [{ port: 443 }] }]', false, false],
  ['[{ from: [{ podSelector: { matchLabels: { app: till } } }] }]', true, true],
  ['[{ from: [{ podSelector: { matchLabels: { app: web } } }] }]', false, true],
  ['[{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: bank } } }] }]', false, true],
  ['[]', false, false],
])('P-6: ingress %s lets Pod shop/till in on 8443: %s, and somebody: %s', (ingress, expected, anybody) => {
  const mesh = meshOf(policy(`ingress: ${ingress}`));
  const policies = mesh.all('NetworkPolicy');
  expect(mayBeReached(mesh, policies, { namespace: 'shop', labels: { app: 'till' } }, 8443)).toBe(expected);
  expect(letsPortIn(policies, 8443)).toBe(anybody);
});

test.each([
  ['[{}]', ['spec.egress.0']],
  ['[{ ports: [{ port: 443 }] }]', ['spec.egress.0']],
  ['[{ ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }] }]', []],
  ['[{ to: [{ podSelector: {} }, { ipBlock: { cidr: 0.0.0.0/0 } }] }]', ['spec.egress.0.to.1.ipBlock.cidr']],
  ['[{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }]', []],
  ['[{ to: [{ podSelector: {} }] }, {}]', ['spec.egress.1']],
])('P-6: egress %s lets out to everywhere by %j', (egress, expected) => {
  const [found] = meshOf(policy(`egress: ${egress}`))
    .all('NetworkPolicy')
    .map(allowsEverywhere);
  expect(found?.map((path) => path.join('.'))).toEqual(expected);
});
