import { describe, expect, test } from 'vitest';
import { Services } from '../../../src/traffic/services/services.ts';
import { Ages } from '../../../src/traffic/terms/age.ts';
import { TrafficModel } from '../../../src/traffic/traffic-model.ts';
import { meshOf } from '../../support/mesh-of.ts';
import { decided, entry, routes, service, sidecar, told } from './sidecar-mesh.ts';

const SEEN = '0.0.0.0_443 > a.bank.example|443';
const UNKNOWN = 'virtualOutbound > block';
const a = entry('a.bank.example', { namespace: 'pay' });
const call = 'https://a.bank.example:443';
const to = (host: string, port = 443): string => `route: [{ destination: { host: ${host}, port: { number: ${port} } } }]`;

describe('what a Sidecar imports', () => {
  test.each([
    ['"*/*"', SEEN],
    ['pay/*', SEEN],
    ['pay/a.bank.example', SEEN],
    ['"*/a.bank.example"', SEEN],
    ['"*/*.bank.example"', SEEN],
    ['"./*"', UNKNOWN],
    ['shop/a.bank.example', UNKNOWN],
    ['pay/b.bank.example', UNKNOWN],
    ['"~/*"', UNKNOWN],
    ['"*/*", "~/a.bank.example"', UNKNOWN],
    ['"*/*", "~pay/*"', UNKNOWN],
    ['"*/*", "~shop/*"', SEEN],
  ])('%s (S-3, S-4)', (hosts, expected) => expect(told(a + sidecar(`egress: [{ hosts: [${hosts}] }]`), call)).toBe(expected));

  test('a wildcard entry is not imported by a name that it covers (S-4)', () => {
    const wide = entry('"*.bank.example"', { namespace: 'pay', resolution: 'NONE' });
    expect(told(wide + sidecar('egress: [{ hosts: [pay/a.bank.example] }]'), call)).toBe(UNKNOWN);
    expect(told(wide + sidecar('egress: [{ hosts: ["pay/*.bank.example"] }]'), call)).toBe('0.0.0.0_443 > *.bank.example|443');
  });

  test('routes come with their own namespace, by any of their hosts (S-5)', () => {
    const steered = routes(`hosts: [a.bank.example, other.example], tls: [{ match: [{ sniHosts: [a.bank.example] }], ${to('exit.example')} }]`, 'ops');
    expect(told(a + steered + sidecar('egress: [{ hosts: [pay/*] }]'), call)).toBe(SEEN);
    expect(told(a + steered + sidecar('egress: [{ hosts: [pay/*, ops/*] }]'), call)).toBe('0.0.0.0_443 > exit.example|443');
    expect(told(a + steered + sidecar('egress: [{ hosts: [pay/*, ops/other.example] }]'), call)).toBe('0.0.0.0_443 > exit.example|443');
  });

  test.each([
    ['no egress imports everything (S-2)', sidecar('outboundTrafficPolicy: { mode: REGISTRY_ONLY }'), {}, SEEN],
    ['the root namespace has the one for all (S-1)', sidecar('egress: [{ hosts: ["./*"] }]', 'istio-system'), {}, UNKNOWN],
    ["… worked out for the client's namespace", sidecar('egress: [{ hosts: ["./*"] }]', 'istio-system'), { namespace: 'pay' }, SEEN],
    ["the namespace's own before it", sidecar('egress: [{ hosts: ["./*"] }]', 'istio-system') + sidecar('egress: [{ hosts: ["*/*"] }]'), {}, SEEN],
    [
      'one with a selector before one without',
      sidecar('egress: [{ hosts: ["./*"] }]') + sidecar('workloadSelector: { labels: { app: web } }, egress: [{ hosts: ["*/*"] }]'),
      { labels: { app: 'web' } },
      SEEN,
    ],
    [
      '… for those that it selects',
      sidecar('egress: [{ hosts: ["./*"] }]') + sidecar('workloadSelector: { labels: { app: web } }, egress: [{ hosts: ["*/*"] }]'),
      { labels: { app: 'job' } },
      UNKNOWN,
    ],
    ['the oldest of two', sidecar('egress: [{ hosts: ["./*"] }]') + sidecar('egress: [{ hosts: ["*/*"] }]'), {}, UNKNOWN],
    ['… by its timestamp (N-17)', sidecar('egress: [{ hosts: ["./*"] }]') + sidecar('egress: [{ hosts: ["*/*"] }]', 'shop', '2020-01-01T00:00:00Z'), {}, SEEN],
  ])('%s', (_, text, client, expected) => expect(told(a + text, call, client)).toBe(expected));

  test('destinations of routes get clusters, for the ports that are named, and no listeners (S-6)', () => {
    const two = entry('exit.example', { namespace: 'edge', ports: ['443 TLS', '80 HTTP'] });
    const steered = routes(`hosts: [a.bank.example], tls: [{ match: [{ sniHosts: [a.bank.example] }], ${to('exit.example')} }]`, 'pay');
    const text = a + two + steered + sidecar('egress: [{ hosts: [pay/*] }]');
    const scope = new TrafficModel(meshOf(text)).scopeOf({ kind: 'sidecar', namespace: 'shop', name: undefined, labels: {}, serviceAccount: 'default' });
    expect(scope.serviceOf('exit.example')?.ports.map(({ number }) => number)).toEqual([443]);
    expect(scope.serviceOf('a.bank.example')).toBeDefined();
    expect(told(text, 'https://exit.example:443')).toBe('0.0.0.0_443 > block');
  });
});

describe('who sees what', () => {
  test.each([
    ['exportTo: ["."]', UNKNOWN],
    ['exportTo: [shop]', SEEN],
    ['exportTo: [other]', UNKNOWN],
    ['exportTo: ["~"]', UNKNOWN],
    ['exportTo: ["*"]', SEEN],
  ])('%s (V-1, V-2)', (more, expected) => expect(told(entry('a.bank.example', { namespace: 'pay', more }), call)).toBe(expected));

  test("of a host in several namespaces the client's own counts, else the oldest (V-9)", () => {
    const text = entry('a.bank.example', { namespace: 'pay' }) + entry('a.bank.example', { namespace: 'shop', ports: ['8443 TLS'] });
    expect(told(text, call, { namespace: 'third' })).toBe(SEEN);
    expect(told(text, call)).toBe(UNKNOWN);
    expect(told(text, 'https://a.bank.example:8443')).toBe('0.0.0.0_8443 > a.bank.example|8443');
  });

  test('copies in one namespace that cannot be merged keep their listeners, and lose their clusters (V-8)', () => {
    const text = entry('a.bank.example') + entry('a.bank.example', { ports: ['8443 TLS'], resolution: 'STATIC' });
    const scope = new TrafficModel(meshOf(text)).scopeOf({ kind: 'sidecar', namespace: 'shop', name: undefined, labels: {}, serviceAccount: 'default' });
    expect(told(text, 'https://a.bank.example:8443')).toBe('0.0.0.0_8443 > a.bank.example|8443');
    expect(scope.serviceOf('a.bank.example')?.ports.map(({ number }) => number)).toEqual([443]);
  });

  test('what is shared among namespaces is not shared with one for which it differs', () => {
    const text = a + entry('b.bank.example', { namespace: 'pay', more: 'exportTo: [shop]' });
    const model = new TrafficModel(meshOf(text), { outboundPolicy: 'REGISTRY_ONLY' });
    const known = (namespace: string): boolean =>
      model.scopeOf({ kind: 'sidecar', namespace, name: undefined, labels: {}, serviceAccount: 'default' }).serviceOf('b.bank.example') !== undefined;
    expect(['third', 'shop', 'fourth'].map(known)).toEqual([false, true, false]);
  });
});

describe('services', () => {
  const servicesOf = (text: string, assumesStockGateways = false): Services => {
    const mesh = meshOf(text);
    return new Services(mesh, new Ages(mesh), { assumesStockGateways });
  };

  test('one for each host and address (L-15)', () => {
    const { all } = servicesOf(entry('a.example, b.example', { more: 'addresses: [192.0.2.1, 192.0.2.0/24]' }));
    expect(all.map(({ host, address }) => `${host} ${address}`)).toEqual([
      'a.example 192.0.2.1',
      'a.example 192.0.2.0/24',
      'b.example 192.0.2.1',
      'b.example 192.0.2.0/24',
    ]);
  });

  test('the oldest first, then by name (V-4, N-17)', () => {
    const created = '2020-01-01T00:00:00Z';
    const { all } = servicesOf(entry('young.example') + entry('z.example', { created }) + entry('b.example', { created, namespace: 'pay' }));
    expect(all.map(({ host }) => host)).toEqual(['b.example', 'z.example', 'young.example']);
  });

  test.each([
    ['without addresses', entry('a.example'), true],
    ['with addresses', entry('a.example', { more: 'addresses: [192.0.2.1]' }), false],
    ['resolution NONE', entry('a.example', { resolution: 'NONE' }), false],
    ['a wildcard', entry('"*.a.example"', { resolution: 'STATIC' }), false],
    ['a wildcard that is looked up', entry('"*.a.example"', { resolution: 'DYNAMIC_DNS', more: 'location: MESH_EXTERNAL' }), true],
    ['told not to', entry('a.example').replace('metadata: {', 'metadata: { labels: { networking.istio.io/enable-autoallocate-ip: "false" },'), false],
  ])('an automatic address: %s (L-14)', (_, text, expected) => expect(servicesOf(text).all.map(({ hasAutoAddress }) => hasAutoAddress)).toEqual([expected]));

  test('the stock gateways are assumed where no file holds them', () => {
    const egress = 'istio-egressgateway.istio-system.svc.cluster.local';
    expect(servicesOf('').named(egress)).toEqual([]);
    expect(
      servicesOf('', true)
        .named(egress)[0]
        ?.ports.map(({ number, targetPort }) => [number, targetPort]),
    ).toEqual([
      [80, 8080],
      [443, 8443],
    ]);
    const own = service('istio-egressgateway', 'ports: [{ port: 8888, name: tcp }], selector: { istio: egressgateway }', 'istio-system');
    expect(
      servicesOf(own, true)
        .named(egress)
        .map(({ ports }) => ports.map(({ number }) => number)),
    ).toEqual([[8888]]);
  });

  test('names of names are followed, circles are not (N-15)', () => {
    const name = (from: string, target: string): string => service(from, `type: ExternalName, externalName: ${target}`);
    const text =
      entry('a.example') +
      name('one', 'two.shop.svc.cluster.local') +
      name('two', 'a.example') +
      name('x', 'y.shop.svc.cluster.local') +
      name('y', 'x.shop.svc.cluster.local');
    expect(servicesOf(text).named('a.example')[0]?.aliases).toEqual(['one.shop.svc.cluster.local', 'two.shop.svc.cluster.local']);
  });
});

describe('reasons', () => {
  test('name the fields that decided, in order', () => {
    const text =
      entry('a.bank.example', { ports: ['80 HTTP'] }) +
      routes('hosts: [a.bank.example], http: [{ match: [{ uri: { prefix: /v1 } }], route: [{ destination: { host: exit.example } }] }]');
    const { reasons, route } = decided(text, 'http://a.bank.example:80', { path: '/v1' });
    expect(reasons.map(({ at: { resource, path } }) => `${resource.kind} ${path.join('.')}`)).toEqual([
      'ServiceEntry spec.hosts.0',
      'ServiceEntry spec.ports.0',
      'VirtualService spec.http.0.match.0',
    ]);
    expect(route?.at.path).toEqual(['spec', 'http', 0]);
  });

  test('of a policy: the field that sets it, or none for the default', () => {
    expect(decided(sidecar('outboundTrafficPolicy: {}'), 'https://x.example:443').reasons.map(({ at }) => at.path)).toEqual([
      ['spec', 'outboundTrafficPolicy'],
    ]);
    expect(decided('', 'https://x.example:443').reasons).toEqual([]);
  });
});
