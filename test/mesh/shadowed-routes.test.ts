import { expect, test } from 'vitest';
import { shadowedRoutes } from '../../src/mesh/shadowed-routes.ts';
import { meshOf } from '../support/mesh-of.ts';

const OUT = 'route: [{ destination: { host: backend.example } }]';
const routes = (name: string, { hosts = 'rates.example', http = `{ ${OUT} }`, more = '', namespace = 'shop' } = {}) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: ${namespace} }
spec: { hosts: [${hosts}], http: [${http}]${more} }
---`;
const on = (port: number) => ({ http: `{ match: [{ port: ${port} }], ${OUT} }` });
const entry = (protocol: string) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: shop }
spec: { hosts: [rates.example], ports: [{ number: 443, name: p, protocol: ${protocol} }], resolution: DNS }
---`;
const a = routes('a');

function found(texts: string | Readonly<Record<string, string>>): readonly string[] {
  return shadowedRoutes(meshOf(texts)).map(
    ({ claim, other, areBothUsed }) => `${claim.virtualService.name} by ${other.virtualService.name}${areBothUsed ? '' : ', perhaps'}`,
  );
}

test.each([
  ['by one for the same host', a + routes('b'), ['b by a']],
  ['by one for one of its hosts', a + routes('b', { hosts: 'quotes.example, rates.example' }), ['b by a']],
  ['by one that names the host in short', routes('a', { hosts: 'rates' }) + routes('b', { hosts: 'rates.shop.svc.cluster.local' }), ['b by a']],
  ['on a port that both are for', routes('a', on(80)) + routes('b', on(80)), ['b by a']],
  ['told of once', a + routes('b', { hosts: 'rates.example, rates.example' }), ['b by a']],
  ['not on another port', routes('a', on(80)) + routes('b', on(8080)), []],
  ['not for another host', a + routes('b', { hosts: 'quotes.example' }), []],
  ['not by one for a gateway', a + routes('b', { more: ', gateways: [out]' }), []],
  ['not by one for some clients only', a + routes('b', { http: `{ match: [{ sourceLabels: { app: till } }], ${OUT} }` }), []],
  ['not by one that others see', a + routes('b', { more: ', exportTo: ["."]' }), []],
  ['not where the host is no HTTP', entry('TLS') + a + routes('b'), []],
  ['where the host is HTTP', entry('HTTP') + a + routes('b'), ['b by a']],
  ['not where hosts are template text', a + routes('b', { hosts: 'rates.example, "{{ .Values.host }}"' }), []],
])('R-7: http rules are shadowed %s', (_, text, expected) => expect(found(text)).toEqual(expected));

test('R-7: of two files nobody may have both, unless they are deployed together', () => {
  expect(found({ 'one/a.yaml': a, 'two/b.yaml': routes('b') })).toEqual(['b by a, perhaps']);
  expect(found({ 'one/a.yaml': a, 'one/b.yaml': routes('b') })).toEqual(['b by a']);
  expect(found({ 'one/a.yaml': a, 'one/b.yaml': routes('b'), 'one/c.yaml': routes('c') })).toEqual(['b by a, perhaps', 'c by a, perhaps']);
});
