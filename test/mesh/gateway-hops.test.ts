import { describe, expect, test } from 'vitest';
import { meshOf } from '../support/mesh-of.ts';

const STOCK = 'istio-egressgateway.istio-system.svc.cluster.local';

interface Shape {
  /** Of the Gateway, as flow YAML. */
  readonly selector?: string;
  readonly servers?: string;
  readonly gateways?: string;
  readonly hosts?: string;
  /** Rules of the VirtualService, as flow YAML. */
  readonly http?: string;
  readonly more?: string;
  /** Of the VirtualService. */
  readonly namespace?: string;
}

const SERVER = '{ port: { number: 443, name: p, protocol: HTTPS }, hosts: [rates.example], tls: { mode: ISTIO_MUTUAL } }';
const to = (host: string, port = 443): string => `{ destination: { host: ${host}, port: { number: ${port} } } }`;
const leg = (gateway: string, host: string, port = 443): string => `{ match: [{ gateways: [${gateway}] }], route: [${to(host, port)}] }`;

/** The hops of one VirtualService in shop and one Gateway in edge, as `server:destination`, with `?` where only names suggest them. */
function hops({
  selector = 'istio: egressgateway',
  servers = SERVER,
  gateways = 'gateways: [mesh, edge/egress]',
  hosts = 'rates.example',
  http = `${leg('mesh', STOCK)}, ${leg('edge/egress', 'rates.example')}`,
  more = '',
  namespace = 'shop',
}: Shape): readonly string[] {
  const mesh = meshOf(`
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: egress, namespace: edge }
spec: { selector: { ${selector} }, servers: [${servers}] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: rates, namespace: ${namespace} }
spec: { hosts: [${hosts}], ${gateways === '' ? '' : `${gateways},`} http: [${http}] }
---
${more}`);
  return mesh.gatewayHops.map(({ server, destination, certain }) => `${server}:${destination.host.split('.')[0]}${certain ? '' : '?'}`);
}

function service(name: string, namespace: string, selector: string): string {
  return `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: { selector: { ${selector} } }\n`;
}

describe('G-1: the Pods behind the destination run the Gateway', () => {
  const own = (shape: Shape): readonly string[] =>
    hops({ http: `${leg('mesh', 'gw.edge.svc.cluster.local')}, ${leg('edge/egress', 'rates.example')}`, ...shape });

  test.each<[what: string, found: readonly string[], expected: readonly string[]]>([
    [
      'the stock gateway, by either of its labels',
      [...hops({}), ...hops({ selector: 'app: istio-egressgateway' })],
      ['0:istio-egressgateway', '0:istio-egressgateway'],
    ],
    ['labels that the stock gateway lacks', hops({ selector: 'istio: egressgateway, team: bank' }), []],
    ['a Service in view with the labels', own({ selector: 'app: gw', more: service('gw', 'edge', 'app: gw, tier: edge') }), ['0:gw']],
    ['a Service in view without them', own({ selector: 'app: gw', more: service('gw', 'edge', 'app: web') }), []],
    [
      'Pods of the Service in view with them',
      own({
        selector: 'istio: gw',
        more: `${service('gw', 'edge', 'app: gw')}---\napiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: edge, labels: { app: gw, istio: gw } }`,
      }),
      ['0:gw'],
    ],
    ['a Service in view instead of the stock one', hops({ more: service('istio-egressgateway', 'istio-system', 'app: web') }), []],
    [
      'but no patch of it',
      hops({ more: 'apiVersion: v1\nkind: Service\nmetadata: { name: istio-egressgateway, namespace: istio-system }\nspec: { type: NodePort }' }),
      ['0:istio-egressgateway'],
    ],
    ['an empty selector, at the stock gateway', hops({ selector: '' }), ['0:istio-egressgateway']],
    ['an empty selector says nothing of other Services', own({ selector: '', more: service('gw', 'edge', 'app: gw') }), []],
    ['a templated selector is not certain', hops({ selector: 'istio: "{{ .Values.gateway }}"' }), ['0:istio-egressgateway?']],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});

describe('a Service that is not in view', () => {
  const through = (host: string, http: string, selector = 'istio: team-egress'): readonly string[] => hops({ selector, http: http.replaceAll('HOST', host) });
  const TWO_LEGS = `${leg('mesh', 'HOST')}, ${leg('edge/egress', 'rates.example')}`;

  test.each<[what: string, found: readonly string[], expected: readonly string[]]>([
    ['is the gateway, if it is called like what the Gateway selects', through('team-egress.edge.svc.cluster.local', TWO_LEGS), ['0:team-egress?']],
    ['or its label is part of its name', through('istio-team-egress.edge.svc.cluster.local', TWO_LEGS), ['0:istio-team-egress?']],
    ['not under another name', through('rates-backend.edge.svc.cluster.local', TWO_LEGS), []],
    ['not if it is no Service', through('team-egress.example', TWO_LEGS), []],
    [
      'not if the gateway is sent there as well: a backend that both share',
      through('team-egress.edge.svc.cluster.local', '{ route: [{ destination: { host: HOST, port: { number: 443 } } }] }'),
      [],
    ],
    [
      'not if the gateway has a route of its own to it',
      through('team-egress.edge.svc.cluster.local', `${leg('mesh', 'HOST')}, ${leg('edge/egress', 'HOST')}`),
      [],
    ],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});

describe('G-2 to G-4: the server', () => {
  const server = (port: number, hosts: string): string => `{ port: { number: ${port}, name: p${port}, protocol: HTTP }, hosts: [${hosts}] }`;

  test.each<[what: string, servers: string, expected: readonly string[]]>([
    ['on the port of the route', `${server(80, 'rates.example')}, ${server(443, 'rates.example')}`, ['1:istio-egressgateway']],
    ['that admits the host', `${server(443, 'quotes.example')}, ${server(443, '"*.example"')}`, ['1:istio-egressgateway']],
    ['the most specific of them (G-8)', `${server(443, '"*"')}, ${server(443, 'rates.example')}, ${server(443, '"*.example"')}`, ['1:istio-egressgateway']],
    ["open to the VirtualService's namespace", `${server(443, 'shop/rates.example')}`, ['0:istio-egressgateway']],
    ['or to all', `${server(443, '"*/rates.example"')}`, ['0:istio-egressgateway']],
    ['closed to it', `${server(443, 'lab/rates.example')}`, []],
    ["open to the Gateway's namespace only", `${server(443, './rates.example')}`, []],
  ])('%s', (_, servers, expected) => {
    expect(hops({ servers })).toEqual(expected);
  });

  test("`./` is the Gateway's namespace", () => {
    expect(hops({ servers: server(443, './rates.example'), namespace: 'edge' })).toEqual(['0:istio-egressgateway']);
  });

  test('a wildcard host of the VirtualService reaches every server beneath it', () => {
    const servers = `${server(443, 'rates.example')}, ${server(443, 'a.rates.example')}, ${server(443, 'bank.test')}`;
    expect(hops({ hosts: '"*.example"', servers })).toEqual(['0:istio-egressgateway', '1:istio-egressgateway']);
  });
});

describe('which routes count', () => {
  test.each<[what: string, shape: Shape, expected: readonly string[]]>([
    ['of sidecars', { gateways: 'gateways: [edge/egress]' }, []],
    ['that name a port', { http: `{ match: [{ gateways: [mesh] }], route: [{ destination: { host: ${STOCK} } }] }` }, []],
    [
      'not those of weight 0',
      {
        http: `{ match: [{ gateways: [mesh] }], route: [{ destination: { host: ${STOCK}, port: { number: 443 } }, weight: 0 }, { destination: { host: rates.example }, weight: 100 }] }`,
      },
      [],
    ],
    [
      'not mirrors',
      { http: `{ match: [{ gateways: [mesh] }], route: [{ destination: { host: rates.example } }], mirror: { host: ${STOCK}, port: { number: 443 } } }` },
      [],
    ],
    ['also where the rule applies at the gateway, to a known gateway', { http: `{ route: [${to(STOCK)}] }` }, ['0:istio-egressgateway']],
    ['not for a Gateway that is not in view', { gateways: 'gateways: [mesh, edge/absent]' }, []],
  ])('%s', (_, shape, expected) => {
    expect(hops(shape)).toEqual(expected);
  });
});

describe('a VirtualService for sidecars alone', () => {
  const alone: Shape = { gateways: '', http: `{ route: [${to(STOCK)}] }` };

  test('steers to the one server that can be meant', () => {
    expect(hops(alone)).toEqual(['0:istio-egressgateway']);
  });

  test('or to none that is known, where several can', () => {
    const another = `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: { name: another, namespace: lab }\nspec: { selector: { istio: egressgateway }, servers: [${SERVER}] }\n`;
    expect(hops({ ...alone, more: another })).toEqual([]);
  });

  test('nor where the Service is not known to be a gateway', () => {
    expect(hops({ ...alone, selector: 'app: gw', http: `{ route: [${to('gw.edge.svc.cluster.local')}] }` })).toEqual([]);
  });
});

describe('G-11: servers beside one another', () => {
  const mesh = meshOf(`
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: one, namespace: edge }
spec: { selector: { istio: egressgateway }, servers: [{ port: { number: 443, name: a, protocol: HTTPS }, hosts: [a.example], tls: { mode: SIMPLE } }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: two, namespace: edge }
spec: { selector: { app: istio-egressgateway }, servers: [{ port: { number: 443, name: b, protocol: HTTP }, hosts: [b.example] }, { port: { number: 80, name: c, protocol: HTTP }, hosts: [c.example] }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: other, namespace: edge }
spec: { selector: { app: own }, servers: [{ port: { number: 443, name: d, protocol: HTTP }, hosts: [d.example] }] }
`);

  test.each([
    ['one', 443, [true, true]],
    ['two', 443, [true, true]],
    ['two', 80, [false, true]],
    ['other', 443, [false, true]],
    ['other', 80, [false, false]],
  ])('Gateway %s, port %i', (name, port, expected) => {
    const [gateway] = mesh.namedAnywhere('Gateway', name);
    const { withTls, withoutTls } = gateway ? mesh.serversBeside(gateway, port) : {};
    expect([withTls, withoutTls]).toEqual(expected);
  });
});
