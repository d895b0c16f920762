import { expect, test } from 'vitest';
import { egressHostsByEntry } from '../../src/mesh/egress-hosts-by-entry.ts';
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
