import { describe, expect, test } from 'vitest';
import { entry, routes, service, sidecar, told } from './sidecar-mesh.ts';

const tls = entry('a.bank.example');
const http = entry('b.bank.example', { ports: ['443 HTTP'] });
const tcp = entry('c.bank.example', { ports: ['443 TCP'] });
const to = (host: string, port = 443): string => `route: [{ destination: { host: ${host}, port: { number: ${port} } } }]`;

describe('filter chains of one port', () => {
  test.each([
    ['TLS by server name (L-6)', tls, 'https://a.bank.example:443', '0.0.0.0_443 > a.bank.example|443'],
    ['another server name is unknown', tls, 'https://x.bank.example:443', '0.0.0.0_443 > block'],
    ['plaintext on a TLS port is unknown', tls, 'http://a.bank.example:443', '0.0.0.0_443 > block'],
    ['TLS on an HTTP port is unknown (T-2)', http, 'https://b.bank.example:443', '0.0.0.0_443 > block'],
    ['TCP without an address takes everything (L-7)', tcp, 'https://whatever.example:443', '0.0.0.0_443 > c.bank.example|443'],
    ['TLS beside TCP: the name first', tls + tcp, 'https://a.bank.example:443', '0.0.0.0_443 > a.bank.example|443'],
    ['TLS beside TCP: the rest to TCP', tls + tcp, 'https://x.bank.example:443', '0.0.0.0_443 > c.bank.example|443'],
    ['HTTP beside TCP: requests are read', http + tcp, 'http://b.bank.example:443', '0.0.0.0_443 > b.bank.example:443 > b.bank.example|443'],
    ['HTTP beside TCP: bytes go to TCP', tcp + http, 'tcp://b.bank.example:443', '0.0.0.0_443 > c.bank.example|443'],
    [
      'two TCP: the older takes both (L-9)',
      tcp + entry('d.bank.example', { ports: ['443 TCP'] }),
      'tcp://d.bank.example:443',
      '0.0.0.0_443 > c.bank.example|443',
    ],
    [
      'MySQL shares with nobody (L-10)',
      entry('m.bank.example', { ports: ['443 MYSQL'] }) + tls,
      'https://a.bank.example:443',
      '0.0.0.0_443 > m.bank.example|443',
    ],
    ['UDP has no listener', entry('u.bank.example', { ports: ['443 UDP'] }), 'tcp://u.bank.example:443', 'virtualOutbound > block'],
    ['sniffed: requests', entry('s.bank.example', { ports: ['443 '] }), 'http://s.bank.example:443', '0.0.0.0_443 > s.bank.example:443 > s.bank.example|443'],
    ['sniffed: TLS', entry('s.bank.example', { ports: ['443 '] }), 'https://s.bank.example:443', '0.0.0.0_443 > s.bank.example|443'],
    [
      'a wildcard takes deeper names, not the bare one',
      entry('"*.w.example"', { resolution: 'NONE' }),
      'https://a.b.w.example:443',
      '0.0.0.0_443 > *.w.example|443',
    ],
    ['… not the bare one (N-1)', entry('"*.w.example"', { resolution: 'NONE' }), 'https://w.example:443', '0.0.0.0_443 > block'],
  ])('%s', (_, text, url, expected) => expect(told(text, url)).toBe(expected));
});

describe('addresses', () => {
  const withAddress = entry('a.bank.example', { more: 'addresses: [192.0.2.7]' });
  const withBlock = entry('a.bank.example', { ports: ['443 TCP'], resolution: 'NONE', more: 'addresses: [192.0.2.0/24]' });
  const dns = { dnsCapture: true } as const;
  test.each([
    ['an address of its own takes every byte (L-6)', withAddress, '192.0.2.7', '192.0.2.7_443 > a.bank.example|443'],
    ['another address is unknown', withAddress, '192.0.2.8', 'virtualOutbound > block'],
    ['a block is a condition', withBlock, '192.0.2.99', '0.0.0.0_443 > a.bank.example|443'],
    ['outside of the block', withBlock, '198.51.100.1', '0.0.0.0_443 > block'],
  ])('%s', (_, text, ip, expected) => expect(told(text, 'https://other.example:443', { ip })).toBe(expected));

  test('the longest block wins (L-2)', () => {
    const text = withBlock + entry('n.bank.example', { ports: ['443 TCP'], resolution: 'NONE', more: 'addresses: [192.0.2.64/26]' });
    expect(told(text, 'tcp://x.example:443', { ip: '192.0.2.65' })).toBe('0.0.0.0_443 > n.bank.example|443');
  });

  test('automatic ones count with DNS capture only (L-14)', () => {
    const [, name] = /name: (o\d+)/.exec(tcp) ?? [];
    const ip = `vip:shop/${name}/c.bank.example`;
    expect(told(tcp, 'tcp://c.bank.example:443', { ip, options: dns })).toBe('vip_443 > c.bank.example|443');
    expect(told(tcp, 'tcp://c.bank.example:443', { options: dns })).toBe('virtualOutbound > block');
    expect(told(tcp, 'tcp://c.bank.example:443', { ip })).toBe('0.0.0.0_443 > c.bank.example|443');
  });

  test('each Pod of a headless Service has a listener for what is not HTTP (L-11)', () => {
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: { name: db-0, namespace: shop, labels: { app: db } }\nspec: {}\nstatus: { podIP: 192.0.2.31 }\n';
    const text = pod + service('db', 'clusterIP: None, selector: { app: db }, ports: [{ name: tcp, port: 5000 }, { name: http, port: 80 }]');
    expect(told(text, 'tcp://db:5000', { ip: '192.0.2.31' })).toBe('192.0.2.31_5000 > db.shop.svc.cluster.local|5000');
    expect(told(text, 'tcp://db:5000')).toBe('virtualOutbound > block');
    expect(told(text, 'http://db-0.db:80', { ip: '192.0.2.31' })).toBe('0.0.0.0_80 > db.shop.svc.cluster.local:80 > db.shop.svc.cluster.local|80');
  });

  test('an entry that goes where the client dials keeps no chain beside one of the same host with endpoints (L-11)', () => {
    const none = entry('a.bank.example', { resolution: 'NONE' });
    expect(told(none, 'https://a.bank.example:443')).toBe('0.0.0.0_443 > a.bank.example|443');
    const pair =
      none + entry('a.bank.example', { resolution: 'STATIC', ports: ['443 TLS'], more: 'addresses: [192.0.2.7], endpoints: [{ address: 192.0.2.8 }]' });
    expect(told(pair, 'https://a.bank.example:443')).toBe('virtualOutbound > block');
    expect(told(pair, 'https://a.bank.example:443', { ip: '192.0.2.8' })).toBe('192.0.2.8_443 > a.bank.example|443');
  });
});

describe('routes of TLS and TCP ports', () => {
  const steered = routes(`hosts: [a.bank.example], tls: [{ match: [{ sniHosts: [a.bank.example] }], ${to('exit.example')} }]`);
  test.each([
    ['a match replaces the chain of the host (R-4)', tls + steered, 'https://a.bank.example:443', '0.0.0.0_443 > exit.example|443'],
    [
      'names that it does not list are lost',
      entry('a.bank.example, z.bank.example') +
        routes(`hosts: [a.bank.example, z.bank.example], tls: [{ match: [{ sniHosts: [a.bank.example] }], ${to('exit.example')} }]`),
      'https://z.bank.example:443',
      '0.0.0.0_443 > block',
    ],
    [
      'a match for another port leaves the host alone',
      tls + routes(`hosts: [a.bank.example], tls: [{ match: [{ sniHosts: [a.bank.example], port: 8443 }], ${to('exit.example')} }]`),
      'https://a.bank.example:443',
      '0.0.0.0_443 > a.bank.example|443',
    ],
    [
      'names that overlap make Envoy refuse the listener',
      entry('a.bank.example, z.bank.example') +
        routes(
          `hosts: [a.bank.example, z.bank.example], tls: [{ match: [{ sniHosts: [a.bank.example, z.bank.example] }], ${to('exit.example')} }, { match: [{ sniHosts: [z.bank.example] }], ${to('exit.example')} }]`,
        ),
      'https://a.bank.example:443',
      '0.0.0.0_443 > reject',
    ],
    [
      'tcp rules do not count for TLS ports (R-1)',
      tls + routes(`hosts: [a.bank.example], tcp: [{ ${to('exit.example')} }]`),
      'https://a.bank.example:443',
      '0.0.0.0_443 > a.bank.example|443',
    ],
    [
      'tcp rules count for TCP ports (R-5)',
      tcp + routes(`hosts: [c.bank.example], tcp: [{ ${to('exit.example')} }]`),
      'tcp://c.bank.example:443',
      '0.0.0.0_443 > exit.example|443',
    ],
    [
      'weights (R-9)',
      tcp +
        routes(
          'hosts: [c.bank.example], tcp: [{ route: [{ destination: { host: c.bank.example }, weight: 25 }, { destination: { host: d.example, subset: new }, weight: 75 }] }]',
        ),
      'tcp://c.bank.example:443',
      '0.0.0.0_443 > c.bank.example|443 25%, d.example|443|new 75%',
    ],
  ])('%s', (_, text, url, expected) => expect(told(text, url)).toBe(expected));

  test('labels and namespaces of the client are asked for', () => {
    const text = tls + routes(`hosts: [a.bank.example], tls: [{ match: [{ sniHosts: [a.bank.example], sourceLabels: { app: web } }], ${to('exit.example')} }]`);
    expect(told(text, 'https://a.bank.example:443', { labels: { app: 'web', more: 'x' } })).toBe('0.0.0.0_443 > exit.example|443');
    expect(told(text, 'https://a.bank.example:443', { labels: { app: 'job' } })).toBe('0.0.0.0_443 > a.bank.example|443');
  });
});

describe('listeners of a Sidecar', () => {
  const world = entry('a.bank.example', { ports: ['80 HTTP', '443 TLS'] });
  const onPort = (protocol: string): string => sidecar(`egress: [{ port: { number: 443, protocol: ${protocol}, name: x }, hosts: ["*/*"] }]`);
  test.each([
    ['only the listed ports exist (S-9)', world + onPort('TLS'), 'http://a.bank.example:80', 'virtualOutbound > block'],
    ['its protocol holds (S-8)', world + onPort('TCP'), 'https://x.example:443', '0.0.0.0_443 > a.bank.example|443'],
    ['HTTP for a TLS port: no virtual host', world + onPort('HTTP'), 'http://a.bank.example:443', '0.0.0.0_443 > block_all > block'],
    [
      'a port of its own is locked (S-10)',
      world + entry('b.bank.example') + sidecar('egress: [{ port: { number: 443, protocol: TLS, name: x }, hosts: ["*/a.bank.example"] }, { hosts: ["*/*"] }]'),
      'https://b.bank.example:443',
      '0.0.0.0_443 > block',
    ],
    [
      'no Service with the port: no listener',
      world + sidecar('egress: [{ port: { number: 8443, protocol: TLS, name: x }, hosts: ["*/*"] }]'),
      'https://a.bank.example:8443',
      'virtualOutbound > block',
    ],
    [
      'one that really binds takes nothing that is captured (S-11)',
      world + sidecar('egress: [{ captureMode: NONE, hosts: ["*/*"] }]'),
      'https://a.bank.example:443',
      'virtualOutbound > block',
    ],
  ])('%s', (_, text, url, expected) => expect(told(text, url)).toBe(expected));
});

describe('what is unknown (L-5)', () => {
  const one = entry('b.bank.example', { ports: ['80 HTTP'] });
  test.each([
    ['ALLOW_ANY', 'http://x.example:80', '0.0.0.0_80 > allow_any > passthrough'],
    ['ALLOW_ANY', 'https://x.example:80', '0.0.0.0_80 > passthrough'],
    ['ALLOW_ANY', 'http://x.example:81', 'virtualOutbound > passthrough'],
    ['REGISTRY_ONLY', 'http://x.example:80', '0.0.0.0_80 > block_all > block'],
    ['REGISTRY_ONLY', 'http://x.example:81', 'virtualOutbound > block'],
    ['ALLOW_ANY_DYNAMIC_DNS', 'http://x.example:80', '0.0.0.0_80 > allow_any_dynamic_dns > resolve'],
    ['ALLOW_ANY_DYNAMIC_DNS', 'http://x.example:81', 'virtualOutbound > allow_any_dynamic_dns > resolve'],
    ['ALLOW_ANY_DYNAMIC_DNS', 'https://x.example:81', 'virtualOutbound > passthrough'],
  ] as const)('%s: %s', (outboundPolicy, url, expected) => expect(told(one, url, { options: { outboundPolicy } })).toBe(expected));

  test.each([
    ['outboundTrafficPolicy: { mode: ALLOW_ANY }', 'virtualOutbound > passthrough'],
    ['outboundTrafficPolicy: {}', 'virtualOutbound > block'],
    ['outboundTrafficPolicy: { mode: ALLOW_ANY, egressProxy: { host: exit.example, port: { number: 15443 } } }', 'virtualOutbound > exit.example|15443'],
  ])("a Sidecar's own policy beats the mesh's: %s (S-12)", (spec, expected) => {
    const outboundPolicy = spec.includes('ALLOW_ANY') ? 'REGISTRY_ONLY' : 'ALLOW_ANY';
    expect(told(sidecar(spec), 'https://x.example:443', { options: { outboundPolicy } })).toBe(expected);
  });

  test('nothing goes back to the port that takes all connections', () => {
    expect(told('', 'tcp://x.example:15001', { options: { outboundPolicy: 'ALLOW_ANY' } })).toBe('virtualOutbound > block');
  });
});
