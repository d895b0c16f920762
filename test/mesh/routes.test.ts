import { describe, expect, test } from 'vitest';
import { appliesToGateway, appliesToMesh, destinationsOf, matchesOf, type RouteSection } from '../../src/mesh/routes.ts';
import { meshOf, only } from '../support/mesh-of.ts';

function virtualService(spec: string) {
  return only(
    meshOf(`apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: rates, namespace: shop }\nspec:\n${spec.replace(/^/gm, '  ')}\n`),
    'VirtualService',
    'rates',
  );
}

test('every destination with its place, host, subset and port', () => {
  const found = destinationsOf(
    virtualService(`
hosts: [rates.bank.example]
http:
- route:
  - destination: { host: rates, subset: v1, port: { number: 80 } }
    weight: 90
  - destination: { host: rates.bank.example }
    weight: 10
  mirror: { host: audit }
  mirrors:
  - destination: { host: log }
- redirect: { uri: / }
- delegate: { name: leaf }
tls:
- match: [{ sniHosts: [rates.bank.example] }]
  route: [{ destination: { host: gw.edge.svc.cluster.local, port: { number: 443 } } }]
tcp:
- route: [{ destination: { host: db } }]
`),
    'cluster.local',
  );
  expect(found.map(({ path, host, subset, port, role }) => [path.join('.'), host, subset, port, role])).toEqual([
    ['spec.http.0.route.0.destination', 'rates.shop.svc.cluster.local', 'v1', 80, 'route'],
    ['spec.http.0.route.1.destination', 'rates.bank.example', undefined, undefined, 'route'],
    ['spec.http.0.mirror', 'audit.shop.svc.cluster.local', undefined, undefined, 'mirror'],
    ['spec.http.0.mirrors.0.destination', 'log.shop.svc.cluster.local', undefined, undefined, 'mirror'],
    ['spec.tls.0.route.0.destination', 'gw.edge.svc.cluster.local', undefined, 443, 'route'],
    ['spec.tcp.0.route.0.destination', 'db.shop.svc.cluster.local', undefined, undefined, 'route'],
  ]);
});

describe('R-9: weights', () => {
  test.each([
    ['weight 0 beside another takes nothing', [100, 0], ['route', 'unused']],
    ['so does a missing one', [100, undefined], ['route', 'unused']],
    ['a single destination takes all, whatever its weight', [0], ['route']],
  ])('%s', (_, weights, expected) => {
    const routes = weights.map((weight, i) => `  - destination: { host: h${i} }${weight === undefined ? '' : `\n    weight: ${weight}`}`);
    const found = destinationsOf(virtualService(`hosts: [a]\nhttp:\n- route:\n${routes.join('\n')}`), 'cluster.local');
    expect(found.map(({ role }) => role)).toEqual(expected);
  });
});

test('template text is no destination, an empty subset is none', () => {
  const found = destinationsOf(
    virtualService('hosts: [a]\nhttp:\n- route: [{ destination: { host: "{{ .Values.host }}" } }]\n- route: [{ destination: { host: a, subset: "" } }]'),
    'cluster.local',
  );
  expect(found.map(({ rule, subset }) => [rule, subset])).toEqual([[1, undefined]]);
});

const EGRESS = { namespace: 'edge', name: 'egress' };

/** For each rule: where it applies. */
function applies(spec: string, section: RouteSection): readonly string[] {
  const rates = virtualService(spec);
  return rates.spec[section].map((_, rule) =>
    [appliesToMesh(rates, section, rule) ? 'mesh' : '', appliesToGateway(rates, section, rule, EGRESS) ? 'gateway' : ''].filter(Boolean).join(' '),
  );
}

describe('R-8, G-6: where a rule applies', () => {
  const rules = `
http:
- match: [{ gateways: [mesh] }]
- match: [{ gateways: [edge/egress] }]
- match: [{ gateways: [other] }]
- match: [{ gateways: [other] }, { gateways: [mesh] }]
- match: [{ port: 80 }]
- route: [{ destination: { host: a } }]
- match: [{ gateways: [egress.edge] }]
`;

  test.each([
    ['gateways: [mesh, edge/egress]', ['mesh', 'gateway', '', 'mesh', 'mesh gateway', 'mesh gateway', 'gateway']],
    ['gateways: [edge/egress]', ['', 'gateway', '', '', 'gateway', 'gateway', 'gateway']],
    ['gateways: [mesh]', ['mesh', '', '', 'mesh', 'mesh', 'mesh', '']],
    ['gateways: []', ['mesh', '', '', 'mesh', 'mesh', 'mesh', '']],
    ['gateways: [egress]', ['', '', '', '', '', '', '']],
  ])('%s', (gateways, expected) => {
    expect(applies(`hosts: [a]\n${gateways}${rules}`, 'http')).toEqual(expected);
  });

  test('tls and tcp rules alike', () => {
    const tls = 'tls:\n- match: [{ sniHosts: [a], gateways: [edge/egress] }]\n- match: [{ sniHosts: [a] }]';
    expect(applies(`hosts: [a]\ngateways: [mesh, edge/egress]\n${tls}`, 'tls')).toEqual(['gateway', 'mesh gateway']);
    expect(applies('hosts: [a]\ngateways: [mesh, edge/egress]\ntcp:\n- match: [{ port: 1, gateways: [mesh] }]', 'tcp')).toEqual(['mesh']);
  });

  test('no matches means everything', () => {
    expect(matchesOf(virtualService('hosts: [a]\nhttp: [{}]'), 'http', 0)).toEqual([]);
    expect(matchesOf(virtualService('hosts: [a]'), 'http', 7)).toEqual([]);
  });
});
