import { describe, expect, test } from 'vitest';
import { outsideHostOf } from '../../src/mesh/policies-for-clients.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const entry = (location = 'MESH_EXTERNAL') => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: shop }
spec: { hosts: [rates.example], ports: [{ number: 443, name: tls, protocol: TLS }], resolution: DNS, location: ${location} }
---`;
const DENY = 'action: DENY, ';
const TO_RATES = 'rules: [{ to: [{ operation: { hosts: ["rates.example:443"] } }] }]';

function found(spec: string, more = entry(), namespace = 'shop') {
  const mesh = meshOf(`${more}
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: out, namespace: ${namespace} }
spec: { ${spec} }
`);
  const host = outsideHostOf(mesh, only(mesh, 'AuthorizationPolicy', 'out'));
  return host && `${host.host} ${host.path.join('.')} ${host.entry.name}`;
}

describe('P-1: a policy of clients is about a host outside of the mesh', () => {
  test.each([
    ['by the host of an operation', DENY + TO_RATES, 'rates.example:443 spec.rules.0.to.0.operation.hosts rates'],
    ['by the server name', `${DENY}rules: [{ when: [{ key: connection.sni, values: [rates.example] }] }]`, 'rates.example spec.rules.0.when.0.values rates'],
    [
      'by the server name, beside an operation without hosts',
      `${DENY}rules: [{ to: [{ operation: { ports: ["443"] } }], when: [{ key: connection.sni, values: [rates.example] }] }]`,
      'rates.example spec.rules.0.when.0.values rates',
    ],
    ['by a wildcard', TO_RATES.replace('rates.example:443', '*.example'), '*.example spec.rules.0.to.0.operation.hosts rates'],
    [
      'of workloads that it selects',
      `selector: { matchLabels: { app: till } }, ${DENY}${TO_RATES}`,
      'rates.example:443 spec.rules.0.to.0.operation.hosts rates',
    ],
  ])('%s', (_, spec, expected) => expect(found(spec)).toBe(expected));
});

describe('P-1: a policy may be meant for those who see the host, or for something else', () => {
  const gateway = '\napiVersion: v1\nkind: Service\nmetadata: { name: out, namespace: shop }\nspec: { selector: { istio: egressgateway } }\n---';
  test.each([
    ['a gateway that it selects', `selector: { matchLabels: { istio: egressgateway } }, ${DENY}${TO_RATES}`, entry(), 'shop'],
    ['a gateway of its namespace', DENY + TO_RATES, entry() + gateway, 'shop'],
    ['the whole mesh', DENY + TO_RATES, entry(), 'istio-system'],
    ['what it targets', `targetRefs: [{ kind: ServiceEntry, group: networking.istio.io, name: rates }], ${DENY}${TO_RATES}`, entry(), 'shop'],
    ['a host within the mesh', DENY + TO_RATES, entry('MESH_INTERNAL'), 'shop'],
    ['a host that nothing registers', DENY + TO_RATES, '', 'shop'],
    ['other hosts as well', `${DENY}rules: [{ to: [{ operation: { hosts: [rates.example, till.example] } }] }]`, entry(), 'shop'],
    ['whatever comes in, by a rule for all', `${DENY}rules: [{ to: [{ operation: { hosts: [rates.example] } }] }, {}]`, entry(), 'shop'],
    ['logs only', `action: AUDIT, ${TO_RATES}`, entry(), 'shop'],
    ['a name that a template fills in', `${DENY}rules: [{ to: [{ operation: { hosts: ["{{ .Values.host }}"] } }] }]`, entry(), 'shop'],
  ])('%s', (_, spec, more, namespace) => expect(found(spec, more, namespace)).toBeUndefined());
});
