import { describe, expect, test } from 'vitest';
import { gatewayLegs, sectionFor } from '../../src/mesh/gateway-legs.ts';
import { meshOf, only } from '../support/mesh-of.ts';

/** The rules for gateways alone, as `section[rule] gateways port`. */
function legs(spec: string): readonly string[] {
  const mesh = meshOf(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: rates, namespace: shop }
spec: { hosts: [rates.example], ${spec} }`);
  return gatewayLegs(only(mesh, 'VirtualService', 'rates')).map(
    ({ section, rule, matches }) =>
      `${section}[${rule}] ${matches.map(({ gateways, port }) => `${gateways.map(({ namespace, name }) => `${namespace}/${name}`).join('+')} ${port ?? '*'}`).join(', ')}`,
  );
}

const ROUTE = 'route: [{ destination: { host: rates.example } }]';

describe('rules for gateways alone', () => {
  test.each([
    ['none without a list', `http: [{ ${ROUTE} }]`, []],
    ['none where mesh is listed and no match says more', `gateways: [mesh, egress], http: [{ ${ROUTE} }]`, []],
    ['all without mesh', `gateways: [egress], http: [{ ${ROUTE} }]`, ['http[0] shop/egress *']],
    [
      'those whose matches name gateways',
      `gateways: [mesh, edge/out], tls: [{ match: [{ sniHosts: [rates.example], gateways: [edge/out], port: 443 }], ${ROUTE} }]`,
      ['tls[0] edge/out 443'],
    ],
    ['not those with one match for mesh', `gateways: [mesh, egress], http: [{ match: [{ gateways: [egress] }, { gateways: [mesh] }], ${ROUTE} }]`, []],
    ['not those with one match for all', `gateways: [mesh, egress], http: [{ match: [{ gateways: [egress] }, { port: 80 }], ${ROUTE} }]`, []],
    [
      'each match by itself',
      `gateways: [mesh, a, b], http: [{ match: [{ gateways: [a] }, { gateways: [b], port: 81 }], ${ROUTE} }]`,
      ['http[0] shop/a *, shop/b 81'],
    ],
    ['none where template text stands', `gateways: ["{{ .Values.gateway }}"], http: [{ ${ROUTE} }]`, []],
  ])('%s', (_, spec, expected) => expect(legs(spec)).toEqual(expected));
});

describe('the section that a server takes', () => {
  test.each([
    ['HTTP', undefined, 'http'],
    ['GRPC', undefined, 'http'],
    ['HTTPS', 'SIMPLE', 'http'],
    ['HTTPS', 'ISTIO_MUTUAL', 'http'],
    ['HTTPS', 'PASSTHROUGH', 'tls'],
    ['TLS', 'PASSTHROUGH', 'tls'],
    ['TLS', 'ISTIO_MUTUAL', 'tcp'],
    ['TLS', 'AUTO_PASSTHROUGH', undefined],
    ['TLS', undefined, undefined],
    ['TCP', undefined, 'tcp'],
    ['MONGO', undefined, 'tcp'],
    ['UDP', undefined, undefined],
  ])('%s with %s: %s', (protocol, mode, expected) => {
    const tls = mode ? `, tls: { mode: ${mode} }` : '';
    const mesh = meshOf(`
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: egress, namespace: shop }
spec: { selector: { istio: egressgateway }, servers: [{ port: { number: 443, name: p, protocol: ${protocol} }, hosts: [rates.example]${tls} }] }`);
    const [server] = only(mesh, 'Gateway', 'egress').spec.servers;
    expect(server && sectionFor(server)).toBe(expected);
  });
});
