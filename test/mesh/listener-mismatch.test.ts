import { expect, test } from 'vitest';
import { listenerMismatches } from '../../src/mesh/listener-mismatch.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const entry = (ports: string, host = 'rates.example') => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${host.replace(/\W/g, '-')}, namespace: shop }
spec: { hosts: [${host}], ports: [${ports}], resolution: DNS }
---`;
const port = (number: number, protocol: string) => `{ number: ${number}, name: p${number}, protocol: ${protocol} }`;
const TLS = port(443, 'TLS');

function found(text: string, egress: string, namespace = 'shop') {
  const mesh = meshOf(`${text}
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: way, namespace: ${namespace} }
spec: { egress: [${egress}] }
`);
  return listenerMismatches(mesh, only(mesh, 'Sidecar', 'way')).map(
    (each) => `${each.index} ${each.why}${each.why === 'protocol' ? ` ${each.isCertain}` : ''}`,
  );
}
const listener = (ofPort: string, hosts = 'shop/rates.example') => `{ port: ${ofPort}, hosts: [${hosts}] }`;

test.each([
  ['a port that no host has', entry(TLS), listener(port(80, 'HTTP')), ['0 port']],
  ['HTTP, where the host declares TLS', entry(TLS), listener(port(443, 'HTTP')), ['0 protocol true']],
  ['HTTP, beside a listener for all ports', entry(TLS), `{ hosts: [shop/rates.example] }, ${listener(port(443, 'HTTP'))}`, ['1 protocol false']],
  ['TLS, where the host declares HTTP', entry(port(443, 'HTTP')), listener(TLS), ['0 protocol false']],
  ['what the host declares', entry(TLS), listener(TLS), []],
  ['TCP, where the host declares TLS', entry(TLS), listener(port(443, 'TCP')), []],
  ['HTTP_PROXY, which takes every port', entry(TLS), listener(port(3128, 'HTTP_PROXY')), []],
  [
    'HTTP, where one of two hosts declares it',
    entry(TLS) + entry(port(443, 'HTTP'), 'quotes.example'),
    listener(port(443, 'HTTP'), 'shop/rates.example, shop/quotes.example'),
    [],
  ],
  ['any, where a wildcard may bring in the port', entry(TLS), listener(port(80, 'HTTP'), 'shop/rates.example, "*/*.example"'), []],
  ['any, where a host is not in view', entry(TLS), listener(port(80, 'HTTP'), 'shop/rates.example, shop/quotes.example'), []],
  ['any, where ports are template text', entry('"{{ .Values.port }}"'), listener(port(80, 'HTTP')), []],
  [
    'a port that only an excluded host has',
    entry(TLS) + entry(port(80, 'HTTP'), 'quotes.example'),
    listener(port(80, 'HTTP'), 'shop/rates.example, shop/quotes.example, ~shop/quotes.example'),
    ['0 port'],
  ],
])('S-8: a listener speaks %s', (_, text, egress, expected) => expect(found(text, egress)).toEqual(expected));

test('S-1: the hosts of the Sidecar of the whole mesh are not the same everywhere', () => {
  expect(found(entry(TLS), listener(port(80, 'HTTP')), 'istio-system')).toEqual([]);
});
