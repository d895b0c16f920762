import { describe, expect, test } from 'vitest';
import { meshOf, only } from '../support/mesh-of.ts';

const route = (name: string, host: string, gateways: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: shop }
spec: { hosts: ["${host}"]${gateways === '' ? '' : `, gateways: [${gateways}]`}, http: [{ route: [{ destination: { host: rates.example, port: { number: 80 } } }] }] }
---`;
const MESH = meshOf(`
${route('sidecars', 'rates.example', '')}
${route('both', '*.example', 'mesh, egress')}
${route('legacy', 'rates.example', 'egress.shop.svc.cluster.local')}
${route('other', 'quotes.example', 'egress')}
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: egress, namespace: shop }
spec: { selector: { istio: egressgateway }, servers: [{ port: { number: 80, name: p, protocol: HTTP }, hosts: ["*"] }] }`);
const GATEWAY = only(MESH, 'Gateway', 'egress');
const names = (found: readonly { readonly name: string }[]) => found.map(({ name }) => name).sort();

describe('VirtualServices', () => {
  test('that are bound to a Gateway', () => expect(names(MESH.gatewayBindings.to(GATEWAY))).toEqual(['both', 'legacy', 'other']));
  test('for a host', () => expect(names(MESH.gatewayBindings.forHost(GATEWAY, 'rates.example'))).toEqual(['both', 'legacy']));
  test('for sidecars', () => expect(names(MESH.gatewayBindings.forSidecars('rates.example'))).toEqual(['both', 'sidecars']));
  test('for nobody', () => expect(MESH.gatewayBindings.forHost(GATEWAY, 'rates.test')).toEqual([]));
});

describe('routes by destination', () => {
  const count = (text: string, port: number) => meshOf(text).routes.to('rates.example', port).length;

  test('to a port', () => expect([count(route('a', 'x.example', ''), 80), count(route('a', 'x.example', ''), 443)]).toEqual([1, 0]));
  test('to a host without saying the port', () => expect(count(route('a', 'x.example', '').replace(', port: { number: 80 }', ''), 443)).toBe(1));
  test('not those of weight 0 beside others', () => {
    const split = route('a', 'x.example', '')
      .replace('route: [', 'route: [{ destination: { host: other.example }, weight: 100 }, ')
      .replace('80 } } }]', '80 } }, weight: 0 }]');
    expect(count(split, 80)).toBe(0);
  });
});
