import { describe, expect, test } from 'vitest';
import { holdsForAllClients, holdsForSomeClients, hopsWithTls, mismatchOf, tlsOfHop, unansweredName } from '../../src/mesh/hop-tls.ts';
import { meshOf } from '../support/mesh-of.ts';

const GATEWAY = 'istio-egressgateway.istio-system.svc.cluster.local';
const way = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: out, namespace: shop }
spec: { selector: { istio: egressgateway }, servers: [{ port: { number: 443, name: tls, protocol: TLS }, hosts: [rates.example], tls: { mode: PASSTHROUGH } }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: rates, namespace: shop }
spec:
  hosts: [rates.example]
  gateways: [mesh, out]
  tls: [{ match: [{ gateways: [mesh], sniHosts: [rates.example] }], route: [{ destination: { host: ${GATEWAY}, port: { number: 443 } } }] }]
---`;
const rule = (namespace: string, policy: string, host = GATEWAY) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: out, namespace: ${namespace} }
spec: { host: ${host}, trafficPolicy: { ${policy} } }
---`;

/** The way with a server like this instead. */
const served = (server: string, host = 'rates.example') =>
  way.replace(/servers: \[.*\] \}\n/, `servers: [{ port: { number: 443, name: p, ${server} }] }\n`).replaceAll('rates.example', host);
const entry = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: shop }
spec: { hosts: [rates.example], location: MESH_EXTERNAL, ports: [{ number: 443, name: tls, protocol: TLS }], resolution: DNS }
---`;
const MTLS = rule('shop', 'tls: { mode: ISTIO_MUTUAL }');

function modeFor(namespace: string, rules: string): string | undefined {
  const mesh = meshOf(way + rules);
  const [hop] = mesh.gatewayHops;
  return hop && tlsOfHop(mesh, hop, namespace).decision?.tls.mode;
}

test.each([
  ['those of the namespace by its own rule', 'shop', rule('shop', 'tls: { mode: SIMPLE }') + rule('istio-system', 'tls: { mode: DISABLE }'), 'SIMPLE'],
  ['others by the rule of the gateway', 'bank', rule('shop', 'tls: { mode: SIMPLE }') + rule('istio-system', 'tls: { mode: DISABLE }'), 'DISABLE'],
  ['those of any namespace by the rule of the gateway', '', rule('shop', 'tls: { mode: SIMPLE }') + rule('istio-system', 'tls: { mode: DISABLE }'), 'DISABLE'],
  [
    'by the settings of the port',
    'shop',
    rule('shop', 'tls: { mode: SIMPLE }, portLevelSettings: [{ port: { number: 443 }, tls: { mode: ISTIO_MUTUAL } }]'),
    'ISTIO_MUTUAL',
  ],
  ['not by a rule for another host', 'shop', rule('shop', 'tls: { mode: SIMPLE }', 'rates.example'), undefined],
])('D-2: clients start TLS to the gateway, %s', (_, namespace, rules, expected) => expect(modeFor(namespace, rules)).toBe(expected));

describe('G-10: the TLS of sidecars, and of the server', () => {
  test.each([
    ['files', served('protocol: TLS }, hosts: [rates.example], tls: { mode: MUTUAL, caCertificates: /ca }') + MTLS],
    ['passthrough', way + entry + MTLS],
    ['plain-server', served('protocol: HTTP }, hosts: [rates.example]') + MTLS],
    ['plain-server', served('protocol: HTTP }, hosts: [rates.example]') + rule('shop', 'tls: { mode: SIMPLE }')],
  ])('do not fit: %s', (expected, text) => {
    const mesh = meshOf(text);
    expect(hopsWithTls(mesh).map((step) => mismatchOf(mesh, step))).toEqual([expected]);
  });

  test.each([
    ['mesh mTLS on both sides', served('protocol: TLS }, hosts: [rates.example], tls: { mode: ISTIO_MUTUAL }') + MTLS],
    ['a Secret that only gateways read', served('protocol: HTTP }, hosts: [rates.example]') + rule('shop', 'tls: { mode: SIMPLE, credentialName: c }')],
    ['no TLS on both sides', served('protocol: HTTP }, hosts: [rates.example]') + rule('shop', 'tls: { mode: DISABLE }')],
    ['a plain server for bytes', served('protocol: TCP }, hosts: [rates.example]') + MTLS],
    ['mesh mTLS to a host that nothing registers', way + MTLS],
    ['mesh mTLS to a host within the mesh', way + entry.replace('MESH_EXTERNAL', 'MESH_INTERNAL') + MTLS],
  ])('fit, or may: %s', (_, text) => {
    const mesh = meshOf(text);
    expect(hopsWithTls(mesh).map((step) => mismatchOf(mesh, step))).toEqual([undefined]);
  });

  test('do not fit a plain server, unless one with TLS shares its port', () => {
    const beside = served('protocol: TLS }, hosts: [rates.example], tls: { mode: ISTIO_MUTUAL }')
      .replace(/---[\s\S]*/, '---')
      .replace('name: out', 'name: beside');
    const mesh = meshOf(served('protocol: HTTP }, hosts: [rates.example]') + beside + MTLS);
    const steps = hopsWithTls(mesh).filter(({ hop }) => hop.gateway.name === 'out');
    expect(steps.map((step) => mismatchOf(mesh, step))).toEqual([undefined]);
  });
});

describe('G-8: the server name that sidecars send to a gateway', () => {
  const ENDING = 'protocol: TLS }, hosts: [HOST], tls: { mode: ISTIO_MUTUAL }';
  const found = (host: string, tls: string) => {
    const mesh = meshOf(served(ENDING.replace('HOST', host)) + rule('shop', `tls: { ${tls} }`));
    return hopsWithTls(mesh).map((step) => unansweredName(mesh, step));
  };
  test.each([
    ['of mesh mTLS', 'rates.example', 'mode: ISTIO_MUTUAL', { sent: `outbound_.443_._.${GATEWAY}`, isWritten: false, hosts: ['rates.example'] }],
    [
      'that is written',
      '"shop/rates.example"',
      'mode: ISTIO_MUTUAL, sni: quotes.example',
      { sent: 'quotes.example', isWritten: true, hosts: ['rates.example'] },
    ],
    ['beside a wildcard', '"*.example"', 'mode: SIMPLE, sni: rates.other', { sent: 'rates.other', isWritten: true, hosts: ['*.example'] }],
  ])('is not answered: %s', (_, host, tls, expected) => expect(found(host, tls)).toEqual([expected]));

  test.each([
    ['the host of the server', 'rates.example', 'mode: ISTIO_MUTUAL, sni: Rates.example'],
    ['a name below its wildcard', '"*.example"', 'mode: ISTIO_MUTUAL, sni: rates.example'],
    ['any, to a server for all', '"*"', 'mode: ISTIO_MUTUAL'],
    ['none', 'rates.example', 'mode: SIMPLE'],
    ['none, without TLS', 'rates.example', 'mode: DISABLE, sni: quotes.example'],
    ['template text', 'rates.example', 'mode: ISTIO_MUTUAL, sni: "{{ .Values.sni }}"'],
  ])('is answered, or may be: %s', (_, host, tls) => expect(found(host, tls)).toEqual([undefined]));
});

test.each([
  ['all, by a rule of the gateway', rule('istio-system', 'tls: { mode: SIMPLE }'), '', [true, true]],
  ['none for sure, by a rule of its own namespace', rule('shop', 'tls: { mode: SIMPLE }'), '', [false, false]],
  ['some, where Pods are known', rule('shop', 'tls: { mode: SIMPLE }'), '\napiVersion: v1\nkind: Pod\nmetadata: { name: a, namespace: shop }\n', [false, true]],
])('D-2: TLS to a gateway is started by the clients of %s', (_, rules, pods, expected) => {
  const mesh = meshOf(way + rules + pods);
  expect(hopsWithTls(mesh).map((step) => [holdsForAllClients(mesh, step), holdsForSomeClients(mesh, step)])).toEqual([expected]);
});
