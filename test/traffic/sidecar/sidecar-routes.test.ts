import { describe, expect, test } from 'vitest';
import { decided, entry, routes, service, told } from './sidecar-mesh.ts';

const a = entry('a.bank.example', { ports: ['80 HTTP'] });
const b = entry('b.bank.example', { ports: ['80 HTTP'] });
const to = (host: string, port = 80): string => `route: [{ destination: { host: ${host}, port: { number: ${port} } } }]`;
const direct = '0.0.0.0_80 > a.bank.example:80 > a.bank.example|80';
const away = '0.0.0.0_80 > a.bank.example:80 > exit.example|80';
const nowhere = '0.0.0.0_80 > a.bank.example:80 > no-route';

describe('virtual hosts', () => {
  const reviews = service('reviews', 'clusterIP: 192.0.2.9, ports: [{ name: http, port: 80 }]');
  const found = '0.0.0.0_80 > reviews.shop.svc.cluster.local:80 > reviews.shop.svc.cluster.local|80';
  test.each(['reviews', 'reviews.shop', 'reviews.shop.svc', 'reviews.shop.svc.cluster.local', 'REVIEWS.shop', '192.0.2.9'])(
    'a Service is found as %s (L-12)',
    (host) => expect(told(reviews, `http://${host}:80`)).toBe(found),
  );
  test('by its bare name in its own namespace only', () => {
    expect(told(reviews, 'http://reviews:80', { namespace: 'pay' })).toBe('0.0.0.0_80 > block_all > block');
    expect(told(reviews, 'http://reviews.shop:80', { namespace: 'pay' })).toBe(found);
  });

  test("the names of a headless Service's Pods lead to it", () => {
    const headless = service('db', 'clusterIP: None, selector: { app: db }, ports: [{ name: http, port: 80 }]');
    const expected = '0.0.0.0_80 > db.shop.svc.cluster.local:80 > db.shop.svc.cluster.local|80';
    for (const name of ['db-0.db', 'db-0.db.shop', 'db-0.db.shop.svc.cluster.local']) expect(told(headless, `http://${name}:80`)).toBe(expected);
    expect(told(headless, 'http://db-0.db:80', { namespace: 'pay' })).toBe('0.0.0.0_80 > block_all > block');
  });

  test('an ExternalName gives its name to what it stands for (N-15)', () => {
    const text = a + service('bank', 'type: ExternalName, externalName: a.bank.example, ports: [{ name: http, port: 80 }]');
    expect(told(text, 'http://bank:80')).toBe(direct);
    expect(told(text + entry('a.bank.example'), 'https://bank.shop:443')).toBe('0.0.0.0_443 > a.bank.example|443');
  });

  test('the longest wildcard around a name counts, the name itself first', () => {
    const wide = entry('"*.example"', { ports: ['80 HTTP'], resolution: 'NONE' }) + entry('"*.bank.example"', { ports: ['80 HTTP'], resolution: 'NONE' });
    expect(told(wide + a, 'http://a.bank.example:80')).toBe(direct);
    expect(told(wide + a, 'http://x.bank.example:80')).toBe('0.0.0.0_80 > *.bank.example:80 > *.bank.example|80');
    expect(told(wide + a, 'http://bank.example:80')).toBe('0.0.0.0_80 > *.example:80 > *.example|80');
  });

  test('a short name belongs to the first that claims it', () => {
    const answer = 'http: [{ directResponse: { status: 418 } }]';
    const own = routes(`hosts: [reviews.shop.svc.cluster.local], ${answer}`);
    const dotted = routes(`hosts: [reviews.shop], http: [{ ${to('exit.example')} }]`);
    expect(told(reviews + own + dotted, 'http://reviews.shop:80')).toBe('0.0.0.0_80 > reviews.shop.svc.cluster.local:80 > 418');
    expect(told(reviews + dotted + own, 'http://reviews.shop:80')).toBe('0.0.0.0_80 > reviews.shop:80 > exit.example|80');
  });
});

describe('which VirtualService counts', () => {
  test.each([
    [
      'the first of two as a whole (R-7)',
      a +
        routes(`hosts: [a.bank.example], http: [{ match: [{ uri: { prefix: /v1 } }], ${to('exit.example')} }]`) +
        routes(`hosts: [a.bank.example], http: [{ ${to('late.example')} }]`),
      nowhere,
    ],
    [
      'one without http rules that hold: as if absent (R-6)',
      a + routes(`hosts: [a.bank.example], http: [{ match: [{ port: 8080 }], ${to('exit.example')} }]`),
      direct,
    ],
    ['one for gateways only: not here (N-9)', a + routes(`hosts: [a.bank.example], gateways: [edge], http: [{ ${to('exit.example')} }]`), direct],
    ['a wildcard for all within', a + routes(`hosts: ["*.bank.example"], http: [{ ${to('exit.example')} }]`), away],
    [
      'the closest of two wildcards',
      a + routes(`hosts: ["*.example"], http: [{ ${to('wide.example')} }]`) + routes(`hosts: ["*.bank.example"], http: [{ ${to('exit.example')} }]`),
      away,
    ],
    [
      'an exact one shields its host from a wildcard, even without http rules',
      a + routes(`hosts: ["*.bank.example"], http: [{ ${to('exit.example')} }]`) + routes(`hosts: [a.bank.example], tcp: [{ ${to('exit.example')} }]`),
      direct,
    ],
    ['one for a host that nobody registers, on port 80', b + routes(`hosts: [a.bank.example], http: [{ ${to('exit.example')} }]`), away],
    [
      "a private one of the client's namespace before others (V-5)",
      a +
        routes(`hosts: [a.bank.example], http: [{ ${to('late.example')} }]`, 'pay') +
        routes(`hosts: [a.bank.example], exportTo: ["."], http: [{ ${to('exit.example')} }]`),
      away,
    ],
    ["another namespace's private one: not here", a + routes(`hosts: [a.bank.example], exportTo: ["."], http: [{ ${to('exit.example')} }]`, 'pay'), direct],
  ])('%s', (_, text, expected) => expect(told(text, 'http://a.bank.example:80')).toBe(expected));

  test('on other ports a host that nobody registers there stays unknown (R-6)', () => {
    const text = entry('b.bank.example', { ports: ['8080 HTTP'] }) + a + routes(`hosts: [a.bank.example], http: [{ ${to('exit.example')} }]`);
    expect(told(text, 'http://a.bank.example:8080')).toBe('0.0.0.0_8080 > block_all > block');
  });
});

describe('matches (R-8)', () => {
  const when = (match: string): string => a + routes(`hosts: [a.bank.example], http: [{ match: [${match}], ${to('exit.example')} }]`);
  test.each([
    ['{ uri: { prefix: /v1 } }', { path: '/v1beta?x=1' }, away],
    ['{ uri: { prefix: /v1 } }', { path: '/v2' }, nowhere],
    ['{ uri: { exact: /v1 } }', { path: '/v1?x=1' }, away],
    ['{ uri: { exact: /v1 } }', { path: '/v1/' }, nowhere],
    ['{ uri: { regex: "/v[12]" } }', { path: '/v2' }, away],
    ['{ uri: { regex: "/v[12]" } }', { path: '/v2/x' }, nowhere],
    ['{ uri: { prefix: /V1 }, ignoreUriCase: true }', { path: '/v1' }, away],
    ['{ method: { exact: POST } }', { method: 'POST' }, away],
    ['{ method: { exact: POST } }', {}, nowhere],
    ['{ authority: { prefix: a. } }', {}, away],
    ['{ scheme: { exact: https } }', {}, nowhere],
    ['{ headers: { X-Env: { exact: test } } }', { headers: { 'x-env': 'test' } }, away],
    ['{ headers: { x-env: { exact: test } } }', {}, nowhere],
    ['{ headers: { x-env: {} } }', { headers: { 'x-env': 'any' } }, away],
    ['{ headers: { x-env: {} } }', {}, nowhere],
    ['{ withoutHeaders: { x-env: {} } }', {}, away],
    ['{ withoutHeaders: { x-env: { exact: test } } }', { headers: { 'x-env': 'test' } }, nowhere],
    ['{ withoutHeaders: { x-env: { exact: test } } }', { headers: { 'x-env': 'other' } }, away],
    ['{ queryParams: { v: { exact: "1" } } }', { path: '/?u=0&v=1' }, away],
    ['{ queryParams: { v: { exact: "1" } } }', { path: '/?v=2' }, nowhere],
    ['{ headers: { "@request.auth.claims.group": { exact: x } } }', {}, nowhere],
    ['{ sourceLabels: { app: web } }', { labels: { app: 'web' } }, away],
    ['{ sourceLabels: { app: web } }', { labels: { app: 'job' } }, direct],
    ['{ sourceNamespace: shop }', {}, away],
    ['{ sourceNamespace: shop }', { namespace: 'pay' }, direct],
    ['{ gateways: [mesh], sourceLabels: { app: web } }', { labels: { app: 'job' } }, away],
    ['{ gateways: [edge] }', {}, direct],
    ['{ port: 80 }, { uri: { prefix: /v9 } }', {}, away],
  ])('%s', (match, call, expected) => expect(told(when(match), 'http://a.bank.example:80', call)).toBe(expected));

  test.each([
    ['a host without rules', a, 'http://a.bank.example:80', '0.0.0.0_80 > no-route'],
    ['a rule for everything', a + routes(`hosts: [a.bank.example], http: [{ ${to('exit.example')} }]`), 'http://a.bank.example:80', '0.0.0.0_80 > no-route'],
    ['an unknown host', a, 'http://proxy.corp.example:80', '0.0.0.0_80 > no-route'],
    ['a port that is not read as HTTP', a, 'http://proxy.corp.example:3128', 'virtualOutbound > block'],
  ])('CONNECT fits no route: %s', (_, text, url, expected) => expect(told(text, url, { method: 'CONNECT' })).toBe(expected));

  test('the first that fits counts, and nothing after one that takes everything', () => {
    const text =
      a +
      routes(
        `hosts: [a.bank.example], http: [{ match: [{ uri: { prefix: /v1 } }], ${to('one.example')} }, { ${to('exit.example')} }, { match: [{ uri: { prefix: /v2 } }], ${to('late.example')} }]`,
      );
    expect(told(text, 'http://a.bank.example:80', { path: '/v1' })).toBe('0.0.0.0_80 > a.bank.example:80 > one.example|80');
    expect(told(text, 'http://a.bank.example:80', { path: '/v2' })).toBe(away);
  });
});

describe('actions (R-9, R-10)', () => {
  const does = (rule: string): string => a + routes(`hosts: [a.bank.example], http: [{ ${rule} }]`);
  test.each([
    ['redirect: { uri: /x }', '0.0.0.0_80 > a.bank.example:80 > 301'],
    ['redirect: { uri: /x, redirectCode: 308 }', '0.0.0.0_80 > a.bank.example:80 > 308'],
    ['directResponse: { status: 451 }', '0.0.0.0_80 > a.bank.example:80 > 451'],
    ['route: [{ destination: { host: exit } }]', '0.0.0.0_80 > a.bank.example:80 > exit.shop.svc.cluster.local|80'],
    ['route: [{ destination: { host: exit.example, subset: new, port: { number: 443 } } }]', '0.0.0.0_80 > a.bank.example:80 > exit.example|443|new'],
    [
      'route: [{ destination: { host: one.example }, weight: 20 }, { destination: { host: two.example }, weight: 80 }, { destination: { host: off.example } }]',
      '0.0.0.0_80 > a.bank.example:80 > one.example|80 20%, two.example|80 80%',
    ],
    ['route: [{ destination: { host: exit.example }, weight: 0 }]', away],
  ])('%s', (rule, expected) => expect(told(does(rule), 'http://a.bank.example:80')).toBe(expected));

  test('a destination without a port gets the one of the listener, not the only one that the host has (R-10)', () => {
    const text = does('route: [{ destination: { host: b.bank.example } }]') + entry('b.bank.example', { ports: ['8080 HTTP'] });
    expect(told(text, 'http://a.bank.example:80')).toBe('0.0.0.0_80 > a.bank.example:80 > b.bank.example|80');
  });

  test.each([
    ['rewrite: { authority: new.example, uri: /v2/ }, match: [{ uri: { prefix: /v1/ } }]', '/v1/x?y=1', 'new.example', '/v2/x?y=1'],
    ['rewrite: { uri: /v2 }, match: [{ uri: { exact: /v1 } }]', '/v1?y=1', undefined, '/v2?y=1'],
    ['rewrite: { uriRegexRewrite: { match: "/v(\\\\d)", rewrite: "/n\\\\1" } }', '/v1', undefined, '/n1'],
    ['headers: { request: { set: { Host: new.example } } }', '/', 'new.example', undefined],
  ])('%s', (rule, path, authority, rewritten) => {
    const decision = decided(does(`${rule}, ${to('exit.example')}`), 'http://a.bank.example:80', { path });
    expect([decision.authority, decision.path]).toEqual([authority, rewritten]);
  });
});

describe('delegates (R-11)', () => {
  const root = (match: string, delegate = 'name: inner, namespace: pay'): string =>
    a + routes(`hosts: [a.bank.example], http: [{ ${match}delegate: { ${delegate} } }]`);
  const inner = (rules: string, more = ''): string => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: inner, namespace: pay }
spec: { http: [${rules}]${more} }
`;
  test.each([
    ['its rules take the place', root('') + inner(`{ ${to('exit.example')} }`), '/', away],
    [
      'both matches have to hold',
      root('match: [{ uri: { prefix: /v1 } }], ') + inner(`{ match: [{ uri: { prefix: /v1/x } }], ${to('exit.example')} }`),
      '/v1/x',
      away,
    ],
    [
      'both matches have to hold',
      root('match: [{ uri: { prefix: /v1 } }], ') + inner(`{ match: [{ uri: { prefix: /v1/x } }], ${to('exit.example')} }`),
      '/v1/y',
      nowhere,
    ],
    [
      'matches that contradict each other: dropped',
      root('match: [{ uri: { prefix: /v1 } }], ') + inner(`{ match: [{ uri: { prefix: /v2 } }], ${to('exit.example')} }`),
      '/v2',
      direct,
    ],
    ['missing: the rule is dropped', root(''), '/', direct],
    ['not exported: the rule is dropped', root('') + inner(`{ ${to('exit.example')} }`, ', exportTo: ["."]'), '/', direct],
    [
      "short names are the delegate's",
      root('') + inner('{ route: [{ destination: { host: exit } }] }'),
      '/',
      '0.0.0.0_80 > a.bank.example:80 > exit.pay.svc.cluster.local|80',
    ],
  ])('%s', (_, text, path, expected) => expect(told(text, 'http://a.bank.example:80', { path })).toBe(expected));
});
