import { describe, expect, test } from 'vitest';
import { admittedHost, admittingServers, gatewaysMeant } from '../../src/mesh/bound-gateways.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const gateway = (hosts: string, name = 'egress') => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: edge }
spec: { selector: { istio: egressgateway }, servers: [{ port: { number: 80, name: p, protocol: HTTP }, hosts: [${hosts}] }] }
---`;
const route = (host: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: rates, namespace: shop }
spec: { hosts: ["${host}"], gateways: [edge/egress], http: [{ route: [{ destination: { host: rates.example } }] }] }
---`;

describe('a server admits a VirtualService of namespace shop', () => {
  test.each([
    ['rates.example', 'rates.example', true],
    ['"*"', 'rates.example', true],
    ['"*.example"', 'rates.example', true],
    ['rates.example', '*.example', true],
    ['quotes.example', 'rates.example', false],
    ['shop/rates.example', 'rates.example', true],
    ['"*/rates.example"', 'rates.example', true],
    ['./rates.example', 'rates.example', false],
    ['pay/rates.example', 'rates.example', false],
    ['shop.example', 'shop', false],
  ])('%s for %s: %s', (hosts, host, expected) => {
    const mesh = meshOf(gateway(hosts) + route(host));
    const found = admittingServers([only(mesh, 'Gateway', 'egress')], only(mesh, 'VirtualService', 'rates'), 'cluster.local');
    expect(found.map(({ index }) => index)).toEqual(expected ? [0] : []);
  });
});

test('takes a host apart', () => {
  expect(admittedHost('a.example', 'edge')).toEqual({ namespace: '*', dnsName: 'a.example' });
  expect(admittedHost('./a.example', 'edge')).toEqual({ namespace: 'edge', dnsName: 'a.example' });
  expect(admittedHost('shop/*', 'edge')).toEqual({ namespace: 'shop', dnsName: '*' });
});

describe('the Gateways that are meant', () => {
  const meant = (text: string, ...names: readonly string[]) => {
    const mesh = meshOf(text + route('rates.example'));
    const references = names.map((name) => ({ namespace: 'edge', name }));
    return gatewaysMeant(references, only(mesh, 'VirtualService', 'rates'), mesh)?.map(({ name }) => name);
  };

  test('are found by namespace and name', () => expect(meant(gateway('"*"') + gateway('"*"', 'two'), 'egress', 'two', 'egress')).toEqual(['egress', 'two']));
  test('are unknown where one is not in view', () => expect(meant(gateway('"*"'), 'egress', 'other')).toBeUndefined());
  test('are unknown where one is there twice', () => expect(meant(gateway('"*"') + gateway('a.example'), 'egress')).toBeUndefined());
  test('are unknown where servers hold template text', () => expect(meant(gateway('"{{ .Values.host }}"'), 'egress')).toBeUndefined());
});
