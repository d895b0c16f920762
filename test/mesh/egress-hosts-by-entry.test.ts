import { expect, test } from 'vitest';
import { egressHostsByEntry, sidecarMeant } from '../../src/mesh/egress-hosts-by-entry.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const entry = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: shop }
spec: { hosts: [rates.example], ports: [{ number: 443, name: tls, protocol: TLS }], resolution: DNS }
---`;
const sidecar = (name: string, namespace: string, hosts: string) => `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: ${name}, namespace: ${namespace} }
spec: { egress: [{ hosts: [${hosts}] }] }
---`;

function placesIn(text: string): readonly string[] {
  const mesh = meshOf(entry + text);
  return (egressHostsByEntry(mesh).get(only(mesh, 'ServiceEntry', 'rates')) ?? []).map(({ resource, path }) => `${resource.name}: ${path.join('.')}`);
}

test.each([
  ['by namespace and name', sidecar('a', 'bank', 'istio-system/*, shop/rates.example'), ['a: spec.egress.0.hosts.1']],
  ["without a namespace part, in the Sidecar's own", sidecar('a', 'shop', 'rates.example'), ['a: spec.egress.0.hosts.0']],
  [
    'once for each Sidecar',
    sidecar('a', 'shop', './rates.example, "*/rates.example"') + sidecar('b', 'bank', '"*/rates.example"'),
    ['a: spec.egress.0.hosts.0', 'b: spec.egress.0.hosts.0'],
  ],
  ['not by a wildcard', sidecar('a', 'shop', './*, "*/*.example"'), []],
  ['not from another namespace', sidecar('a', 'bank', './rates.example'), []],
])('S-4: a ServiceEntry is imported %s', (_, text, expected) => expect(placesIn(text)).toEqual(expected));

const importing = sidecar('a', 'shop', './rates.example');

test.each([
  ['the only Sidecar that imports the entry', importing, ['spec', 'outboundTrafficPolicy'], 'a'],
  ['none of two', importing + sidecar('b', 'bank', 'shop/rates.example'), ['spec', 'outboundTrafficPolicy'], undefined],
  ['none where no Sidecar has such a field', importing, ['spec', 'subsets'], undefined],
  ['none for a field deeper in the entry', importing, ['spec', 'ports', 0, 'outboundTrafficPolicy'], undefined],
  [
    'none where the Sidecar sets it',
    importing.replace('spec: {', 'spec: { outboundTrafficPolicy: { mode: ALLOW_ANY },'),
    ['spec', 'outboundTrafficPolicy'],
    undefined,
  ],
  ['none where no Sidecar imports the entry', sidecar('a', 'shop', './*'), ['spec', 'outboundTrafficPolicy'], undefined],
])('a field that a ServiceEntry does not have is meant for %s', (_, text, path, expected) => {
  const mesh = meshOf(entry + text);
  expect(sidecarMeant(path, egressHostsByEntry(mesh).get(only(mesh, 'ServiceEntry', 'rates')) ?? [])?.name).toBe(expected);
});
