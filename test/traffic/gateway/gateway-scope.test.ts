import { describe, expect, test } from 'vitest';
import type { Connection, TlsLayer } from '../../../src/traffic/terms/connection.ts';
import type { Decision } from '../../../src/traffic/terms/decision.ts';
import { TrafficModel } from '../../../src/traffic/traffic-model.ts';
import { meshOf } from '../../support/mesh-of.ts';

const SERVICE = `apiVersion: v1
kind: Service
metadata: { name: exits, namespace: edge }
spec:
  selector: { app: exits }
  ports: [{ name: http, port: 80, targetPort: 8080 }, { name: https, port: 443, targetPort: 8443 }, { name: db, port: 5000 }]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: shop }
spec:
  hosts: [rates.bank.example, news.bank.example]
  ports: [{ number: 80, name: web, protocol: HTTP }, { number: 443, name: tls, protocol: TLS }]
  resolution: DNS
`;

interface ServerText {
  readonly port?: number;
  readonly protocol?: string;
  readonly hosts?: string;
  readonly tls?: string;
  readonly bind?: string;
}

const server = ({ port = 80, protocol = 'HTTP', hosts = '["*"]', tls, bind }: ServerText, index = 0): string =>
  `{ port: { number: ${port}, name: p${index}, protocol: ${protocol} }, hosts: ${hosts}${tls ? `, tls: ${tls}` : ''}${bind ? `, bind: ${bind}` : ''} }`;

const gateway = (servers: readonly ServerText[], name = 'exits', namespace = 'edge'): string => `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: ${namespace} }
spec: { selector: { app: exits }, servers: [${servers.map(server).join(', ')}] }
`;

const routes = (name: string, spec: string, namespace = 'edge'): string => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: ${namespace} }
spec: { ${spec} }
`;

const to = (host: string, port = 80): string => `route: [{ destination: { host: ${host}, port: { number: ${port} } } }]`;

const layer = (sni: string, certificate: TlsLayer['certificate'] = undefined): TlsLayer => ({
  by: 'sidecar',
  sni,
  alpn: certificate === 'mesh' ? ['istio-peer-exchange', 'istio'] : [],
  certificate,
  verifies: certificate === 'mesh' ? 'mesh' : 'other',
});

function decide(text: string, port: number, { host = 'rates.bank.example', path = '/', tls = [] as readonly TlsLayer[], raw = false } = {}): Decision {
  const model = new TrafficModel(meshOf(SERVICE + text));
  const scope = model.scopeOf({ kind: 'gateway', namespace: 'edge', name: undefined, labels: { app: 'exits' }, serviceAccount: 'exits' });
  const http = { method: 'GET', path, authority: host, headers: {}, version: 'HTTP/1.1' } as const;
  const connection: Connection = { ip: '10.1.1.1', host, port, tls, http: raw ? undefined : http };
  return scope.decide(connection);
}

/** What is done, in one text: the cluster, or the action. */
function done({ action }: Decision): string {
  return action.do === 'forward' ? action.to.map(({ cluster }) => `${cluster.port}|${cluster.subset}|${cluster.host}`).join(' ') : action.do;
}

const HTTP = routes('rates', `hosts: [rates.bank.example], gateways: [exits], http: [{ ${to('rates.bank.example')} }]`);
const TLS = routes(
  'rates',
  `hosts: [rates.bank.example], gateways: [exits], tls: [{ match: [{ sniHosts: [rates.bank.example] }], ${to('rates.bank.example', 443)} }]`,
);
const TCP = routes('rates', `hosts: [rates.bank.example], gateways: [exits], tcp: [{ ${to('rates.bank.example', 443)} }]`);

describe('which servers listen, and what they do with what reaches them (G-5, G-8)', () => {
  const sni = { tls: [layer('rates.bank.example')] };
  const mesh = { tls: [layer('rates.bank.example', 'mesh')] };
  test.each<[string, readonly ServerText[], string, number, Parameters<typeof decide>[2], string]>([
    ['plaintext HTTP', [{}], HTTP, 8080, {}, '80||rates.bank.example'],
    ['TLS into plaintext HTTP', [{}], HTTP, 8080, sni, 'protocol-error'],
    [
      'plaintext HTTP, beside TCP that is left out',
      [{}, { protocol: 'TCP' }],
      HTTP + TCP.replace('name: rates', 'name: bytes'),
      8080,
      {},
      '80||rates.bank.example',
    ],
    [
      'bytes into TCP, beside HTTP that is left out',
      [{ protocol: 'TCP' }, {}],
      HTTP + TCP.replace('name: rates', 'name: bytes'),
      8080,
      {},
      '443||rates.bank.example',
    ],
    ['bytes into plaintext HTTP', [{}], HTTP, 8080, { raw: true }, 'protocol-error'],
    ['plaintext HTTP without a route', [{}], '', 8080, {}, 'no-route'],
    ['the number, where the Service translates it', [{}], HTTP, 80, {}, 'refuse'],
    ['a number that the Service does not have', [{ port: 9000 }], HTTP, 9000, {}, '80||rates.bank.example'],
    ['passed through', [{ port: 443, protocol: 'TLS', tls: '{ mode: PASSTHROUGH }' }], TLS, 8443, sni, '443||rates.bank.example'],
    ['passed through, another name', [{ port: 443, protocol: 'TLS', tls: '{ mode: PASSTHROUGH }' }], TLS, 8443, { tls: [layer('other.example')] }, 'close'],
    ['passed through, plaintext', [{ port: 443, protocol: 'TLS', tls: '{ mode: PASSTHROUGH }' }], TLS, 8443, {}, 'close'],
    ['passed through, with http rules', [{ port: 443, protocol: 'TLS', tls: '{ mode: PASSTHROUGH }' }], HTTP, 8443, sni, 'refuse'],
    ['no mode means PASSTHROUGH', [{ port: 443, protocol: 'TLS', tls: '{ credentialName: c }' }], TLS, 8443, sni, '443||rates.bank.example'],
    ['HTTPS of the mesh', [{ port: 443, protocol: 'HTTPS', tls: '{ mode: ISTIO_MUTUAL }' }], HTTP, 8443, mesh, '80||rates.bank.example'],
    ['HTTPS of the mesh, plaintext', [{ port: 443, protocol: 'HTTPS', tls: '{ mode: ISTIO_MUTUAL }' }], HTTP, 8443, {}, 'plaintext-to-tls'],
    ['HTTPS of the mesh, no certificate', [{ port: 443, protocol: 'HTTPS', tls: '{ mode: ISTIO_MUTUAL }' }], HTTP, 8443, sni, 'handshake-failed'],
    ['HTTPS with a Secret, mesh client', [{ port: 443, protocol: 'HTTPS', tls: '{ mode: SIMPLE, credentialName: c }' }], HTTP, 8443, mesh, 'handshake-failed'],
    ['HTTPS with a Secret', [{ port: 443, protocol: 'HTTPS', tls: '{ mode: SIMPLE, credentialName: c }' }], HTTP, 8443, sni, '80||rates.bank.example'],
    ['HTTPS without http rules', [{ port: 443, protocol: 'HTTPS', tls: '{ mode: ISTIO_MUTUAL }' }], TCP, 8443, mesh, 'no-route'],
    ['TLS terminated', [{ port: 443, protocol: 'TLS', tls: '{ mode: ISTIO_MUTUAL }' }], TCP, 8443, mesh, '443||rates.bank.example'],
    ['TLS terminated, with tls rules', [{ port: 443, protocol: 'TLS', tls: '{ mode: ISTIO_MUTUAL }' }], TLS, 8443, mesh, 'refuse'],
    ['TCP', [{ port: 5000, protocol: 'TCP' }], TCP, 5000, { raw: true }, '443||rates.bank.example'],
    ['TCP with http rules', [{ port: 5000, protocol: 'TCP' }], HTTP, 5000, { raw: true }, 'refuse'],
    ['an address that is not the Pod', [{ bind: '10.9.9.9' }], HTTP, 8080, {}, 'refuse'],
    ['the address of the Pod', [{ bind: '10.1.1.1' }], HTTP, 8080, {}, '80||rates.bank.example'],
    ['httpsRedirect', [{ tls: '{ httpsRedirect: true }' }], HTTP, 8080, {}, 'answer'],
  ])('%s', (_, servers, text, port, options, expected) => {
    expect(done(decide(gateway(servers) + text, port, options))).toBe(expected);
  });

  test('mTLS whose SNI names the cluster misses a server for one host, and not one for all (G-9)', () => {
    const tls = [layer('outbound_.443_._.exits.edge.svc.cluster.local', 'mesh')];
    const with_ = (hosts: string): string =>
      done(decide(gateway([{ port: 443, protocol: 'HTTPS', tls: '{ mode: ISTIO_MUTUAL }', hosts }]) + HTTP, 8443, { tls }));
    expect(with_('[rates.bank.example]')).toBe('close');
    expect(with_('["*"]')).toBe('80||rates.bank.example');
  });

  test('names what decided', () => {
    const { listener, virtualHost, route, reasons } = decide(gateway([{}]) + HTTP, 8080);
    expect({ listener, virtualHost, route: route?.name }).toEqual({ listener: '0.0.0.0_8080', virtualHost: 'rates.bank.example:80', route: 'rates.edge' });
    expect(reasons.map(({ at }) => `${at.resource.kind} ${at.path.join('.')}`)).toEqual(['Gateway spec.servers.0', 'VirtualService spec.http.0']);
  });

  test('names the server that stays without rules, and the one that is left out', () => {
    const refused = decide(gateway([{ port: 443, protocol: 'TLS', tls: '{ mode: PASSTHROUGH }' }]), 8443);
    expect(refused.reasons.map(({ at }) => at.path.join('.'))).toEqual(['spec.servers.0']);
  });
});

test('of the server names that fit, an exact one has the connection, then the longest wildcard (G-8)', () => {
  const taken = (...hosts: readonly string[]): string => {
    const servers = hosts.map((host): ServerText => ({ port: 443, protocol: 'HTTPS', tls: '{ mode: SIMPLE, credentialName: c }', hosts: `['${host}']` }));
    return decide(gateway(servers) + HTTP, 8443, { tls: [layer('rates.bank.example')] }).match;
  };
  expect(taken('*.bank.example', 'rates.bank.example')).toBe('sni=rates.bank.example');
  expect(taken('*.example', '*.bank.example')).toBe('sni=*.bank.example');
  expect(taken('*', '*.example')).toBe('sni=*.example');
  expect(taken('*', 'bank.example')).toBe('');
});

describe('several servers on one port (G-11)', () => {
  const simple = '{ mode: SIMPLE, credentialName: c }';
  const sni = (name: string) => ({ tls: [layer(name)], host: name });
  const both = routes('both', `hosts: [rates.bank.example, news.bank.example], gateways: [exits, late], http: [{ ${to('rates.bank.example')} }]`);

  test('the first plaintext server keeps TLS off the port', () => {
    const text = gateway([{ port: 443 }, { port: 443, protocol: 'HTTPS', tls: simple }]) + both;
    expect(done(decide(text, 8443, sni('rates.bank.example')))).toBe('protocol-error');
  });

  test('after TLS, a plaintext server takes what is not TLS', () => {
    const text = gateway([{ port: 443, protocol: 'HTTPS', tls: simple, hosts: '[rates.bank.example]' }, { port: 443 }]) + both;
    expect(done(decide(text, 8443))).toBe('80||rates.bank.example');
    expect(done(decide(text, 8443, sni('rates.bank.example')))).toBe('80||rates.bank.example');
  });

  test('a TLS server that repeats a host of an older Gateway is left out', () => {
    const repeating = gateway([{ port: 443, protocol: 'HTTPS', tls: '{ mode: ISTIO_MUTUAL }', hosts: '[rates.bank.example, news.bank.example]' }], 'late');
    const text = gateway([{ port: 443, protocol: 'HTTPS', tls: simple, hosts: '[rates.bank.example]' }]) + repeating + both;
    expect(done(decide(text, 8443, sni('news.bank.example')))).toBe('close');
    expect(decide(text, 8443, sni('rates.bank.example')).terminates).toBe('SIMPLE');
  });

  test('one host in two spellings makes Envoy refuse the listener', () => {
    const spelt = (hosts: string): ServerText => ({ port: 443, protocol: 'HTTPS', tls: simple, hosts });
    const text = gateway([spelt('[rates.bank.example]'), spelt('[./rates.bank.example]')]) + both;
    expect(done(decide(text, 8443, sni('rates.bank.example')))).toBe('reject');
  });

  test('a Gateway that selects other Pods does not count', () => {
    const other = gateway([{ port: 443 }]).replace('app: exits', 'app: other');
    expect(done(decide(other + HTTP, 8443))).toBe('refuse');
  });
});

describe('routes at gateways (G-4, G-6, G-7, V-10)', () => {
  const two = (first: string, second: string): string =>
    routes('a', `hosts: [rates.bank.example], gateways: [exits], http: [${first}]`) +
    routes('b', `hosts: [rates.bank.example], gateways: [exits], http: [${second}]`);

  test('those of several VirtualServices are put together, what takes everything last', () => {
    const text = gateway([{}]) + two(`{ ${to('rates.bank.example', 443)} }`, `{ match: [{ uri: { prefix: /new } }], ${to('news.bank.example')} }`);
    expect(done(decide(text, 8080, { path: '/new/1' }))).toBe('80||news.bank.example');
    expect(done(decide(text, 8080))).toBe('443||rates.bank.example');
  });

  test.each([
    ['the number of the server', '{ port: 80 }', '80||rates.bank.example'],
    ['the port of the Pods', '{ port: 8080 }', 'no-route'],
    ['the Gateway', '{ gateways: [edge/exits] }', '80||rates.bank.example'],
    ['sidecars', '{ gateways: [mesh] }', 'no-route'],
    ['labels of clients', '{ sourceLabels: { app: web } }', 'no-route'],
    ["labels of the gateway's own", '{ sourceLabels: { app: exits } }', '80||rates.bank.example'],
    ['a Gateway and labels of clients', '{ gateways: [exits], sourceLabels: { app: web } }', '80||rates.bank.example'],
  ])('a match for %s', (_, match, expected) => {
    const text =
      gateway([{}]) + routes('a', `hosts: [rates.bank.example], gateways: [exits, mesh], http: [{ match: [${match}], ${to('rates.bank.example')} }]`);
    expect(done(decide(text, 8080))).toBe(expected);
  });

  test.each([
    ['"*"', 'shop', '80||rates.bank.example'],
    ['./*.bank.example', 'shop', 'no-route'],
    ['./*.bank.example', 'edge', '80||rates.bank.example'],
    ['shop/rates.bank.example', 'shop', '80||rates.bank.example'],
    ['other.example', 'edge', 'no-route'],
  ])('a server for %s and a VirtualService of %s', (host, namespace, expected) => {
    const bound = routes('a', `hosts: [rates.bank.example], gateways: [edge/exits], http: [{ ${to('rates.bank.example')} }]`, namespace);
    expect(done(decide(gateway([{ hosts: `[${host}]` }]) + bound, 8080))).toBe(expected);
  });

  test("a VirtualService that the Pods' namespace does not see is not there, wherever the Gateway stands", () => {
    const bound = routes('a', `hosts: [rates.bank.example], gateways: [exits], exportTo: ['.'], http: [{ ${to('rates.bank.example')} }]`, 'shop');
    expect(done(decide(gateway([{}], 'exits', 'shop') + bound, 8080))).toBe('no-route');
  });

  test('hosts with the same routes are one virtual host, called after the most specific', () => {
    const text = gateway([{}]) + routes('a', `hosts: [bank.example, rates.bank.example], gateways: [exits], http: [{ ${to('rates.bank.example')} }]`);
    expect(decide(text, 8080, { host: 'bank.example' }).virtualHost).toBe('rates.bank.example:80');
  });

  test('a destination without a port has that of a Service with one, else the number of the server', () => {
    const bare = (host: string): string =>
      routes('a', `hosts: [rates.bank.example], gateways: [exits], http: [{ route: [{ destination: { host: ${host} } }] }]`);
    const single = SERVICE.replace(/name: exits/g, 'name: only')
      .replace(/ports: .*\n/, 'ports: [{ port: 7000 }]\n')
      .split('---')[0];
    expect(done(decide(`---\n${single}${gateway([{}])}${bare('only')}`, 8080))).toBe('7000||only.edge.svc.cluster.local');
    expect(done(decide(gateway([{}]) + bare('rates.bank.example'), 8080))).toBe('80||rates.bank.example');
  });

  test('an entry that is not exported to the Pods has no cluster', () => {
    const model = (exportTo: string) => new TrafficModel(meshOf(SERVICE.replace('resolution: DNS', `resolution: DNS\n  exportTo: ${exportTo}`)));
    const node = { kind: 'gateway', namespace: 'edge', name: undefined, labels: { app: 'exits' }, serviceAccount: 'exits' } as const;
    expect(model('["."]').scopeOf(node).serviceOf('rates.bank.example')).toBeUndefined();
    expect(model('[edge]').scopeOf(node).serviceOf('rates.bank.example')?.ports).toHaveLength(2);
  });

  test('weights split connections, those of weight 0 get none', () => {
    const split =
      '[{ destination: { host: a.example, port: { number: 1 } }, weight: 75 }, { destination: { host: b.example, port: { number: 2 } }, weight: 25 }, { destination: { host: c.example }, weight: 0 }]';
    const { action } = decide(gateway([{ port: 5000, protocol: 'TCP' }]) + routes('a', `hosts: ['*'], gateways: [exits], tcp: [{ route: ${split} }]`), 5000, {
      raw: true,
    });
    expect(action.do === 'forward' && action.to.map(({ share, cluster }) => [cluster.host, share])).toEqual([
      ['a.example', 75],
      ['b.example', 25],
    ]);
  });
});
