import { describe, expect, test } from 'vitest';
import { plaintextToTls, portLedToTls, readerOf, tlsPortAt } from '../../src/mesh/tls-ports.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const entry = (port: string, more = 'resolution: DNS') => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: shop }
spec: { hosts: [rates.example], ports: [${port}], ${more} }
---`;
const routes = (spec: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: rates, namespace: shop }
spec: { hosts: [rates.example], ${spec} }
---`;
const gateway = (protocol: string) => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: out, namespace: shop }
spec: { selector: { istio: egressgateway }, servers: [{ port: { number: 80, name: p, protocol: ${protocol} }, hosts: [rates.example] }] }
---`;
const service = (port: string) => `
apiVersion: v1
kind: Service
metadata: { name: ledger, namespace: shop }
spec: { selector: { app: ledger }, ports: [{ name: ${port}, port: 80 }] }
---`;
const HTTP = '{ number: 80, name: http, protocol: HTTP }';
const TLS = '{ number: 443, name: tls, protocol: TLS }';

describe('T-4: the port of a host that expects TLS', () => {
  test.each([
    ['by its protocol', entry(`${HTTP}, ${TLS}`), 443, 443],
    ['by the number that servers listen on', entry('{ number: 80, name: http, protocol: HTTP, targetPort: 443 }'), 80, 80],
    ['as the only port, where none is named', entry(TLS), undefined, 443],
    ['not where the port is plaintext', entry(HTTP), 80, undefined],
    ['not where several could be meant', entry(`${HTTP}, ${TLS}`), undefined, undefined],
    ['not within the mesh', entry(TLS, 'resolution: DNS, location: MESH_INTERNAL'), 443, undefined],
    ['not where endpoints have ports of their own', entry(TLS, 'resolution: STATIC, endpoints: [{ address: 203.0.113.7 }]'), 443, undefined],
  ])('%s', (_, text, port, expected) => expect(tlsPortAt(meshOf(text), 'rates.example', port)?.port.number).toBe(expected));
});

describe('an http rule is read by', () => {
  const http = (match: string) => `http: [{ ${match}route: [{ destination: { host: rates.example, port: { number: 443 } } }] }]`;
  test.each([
    ['clients, on a port that is HTTP', entry(HTTP) + routes(http('')), 'client'],
    ['nobody, where the host has TLS only', entry(TLS) + routes(http('')), undefined],
    ['clients, of a Service that is named in short', entry(TLS) + service('http') + routes(http('')).replace('[rates.example]', '[ledger]'), 'client'],
    ['nobody, of one whose port is TCP', entry(TLS) + service('tcp') + routes(http('')).replace('[rates.example]', '[ledger]'), undefined],
    ['clients, where nothing in view registers the host', entry(TLS) + routes(http('')).replace('[rates.example]', '[ledger]'), 'client'],
    ['a gateway that is not in view', entry(TLS) + routes(`gateways: [out], ${http('')}`), 'gateway'],
    ['the gateway, on a server for HTTP', entry(TLS) + gateway('HTTP') + routes(`gateways: [out], ${http('')}`), 'gateway'],
    ['nobody, where the gateway has a server for TCP', entry(TLS) + gateway('TCP') + routes(`gateways: [out], ${http('')}`), undefined],
    [
      'nobody, on a port that the gateway does not have',
      entry(TLS) + gateway('HTTP') + routes(`gateways: [out], ${http('match: [{ port: 8080 }], ')}`),
      undefined,
    ],
  ])('%s', (_, text, expected) => {
    const mesh = meshOf(text);
    expect(readerOf(mesh, only(mesh, 'VirtualService', 'rates'), 0)).toBe(expected);
  });
});

describe('T-4: plain HTTP leads to a port for TLS', () => {
  test.each([
    ['by targetPort', entry('{ number: 80, name: http, protocol: HTTP, targetPort: 443 }'), 80],
    ['not where the port is TLS itself', entry('{ number: 8443, name: tls, protocol: TLS, targetPort: 443 }'), undefined],
    ['not where the number is the same', entry('{ number: 443, name: http, protocol: HTTP }'), undefined],
    ['not where the target is a plaintext port', entry('{ number: 80, name: http, protocol: HTTP, targetPort: 8080 }'), undefined],
  ])('%s', (_, text, expected) => {
    const mesh = meshOf(text);
    expect(portLedToTls(mesh, only(mesh, 'ServiceEntry', 'rates'))?.port.number).toBe(expected);
  });
});

describe('T-4: plain HTTP is sent to a port that expects TLS', () => {
  const http = 'http: [{ route: [{ destination: { host: rates.example, port: { number: 443 } } }] }]';
  const led = entry('{ number: 80, name: http, protocol: HTTP, targetPort: 443 }');
  const rule = (tls: string) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: rates, namespace: bank }
spec: { host: rates.example, trafficPolicy: { tls: { ${tls} } } }
---`;
  const filter = '\napiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: { name: f, namespace: shop }\n---';
  const steering = routes('http: [{ route: [{ destination: { host: istio-egressgateway.istio-system.svc.cluster.local, port: { number: 80 } } }] }]');
  test.each([
    ['by a route', entry(`${HTTP}, ${TLS}`) + routes(http), ['route 443']],
    ['by the target of a port', led, ['target-port 80']],
    ['by a route, which is told of first', led + routes(http.replace('443', '80')), ['route 80']],
    ['not where a rule starts TLS, wherever it stands', led + rule('mode: SIMPLE'), []],
    ['even where a rule turns TLS off', led + rule('mode: DISABLE'), ['target-port 80']],
    ['not where an EnvoyFilter may start it', led + filter, []],
    ['not where sidecars are steered elsewhere', led + steering, []],
  ])('%s', (_, text, expected) => expect(plaintextToTls(meshOf(text)).map(({ by, port }) => `${by} ${port.number}`)).toEqual(expected));
});
