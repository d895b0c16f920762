import { describe, expect, test } from 'vitest';
import { answerProbe } from '../../../src/traffic/probes/probe.ts';
import { call, callFrom, modelOf } from '../support.ts';

const POLICY = (mode: string) => `
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: "outboundTrafficPolicy: {mode: ${mode}}"}
`;

const ENTRY = `---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner, namespace: app}
spec:
  hosts: [partner.example]
  resolution: DNS
  ports: [{number: 80, name: http, protocol: HTTP}, {number: 443, name: tls, protocol: TLS}]
`;

const rule = (host: string, policy: string, more = '', namespace = 'app') => `---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: rule-${policy.length}-${host.length}, namespace: ${namespace}}
spec: {host: ${host}, trafficPolicy: ${policy}${more}}
`;

const EGRESS = 'istio-egressgateway.istio-system.svc.cluster.local';

const GATEWAY = (server: string) => `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: egress, namespace: app}
spec: {selector: {istio: egressgateway}, servers: [${server}]}
`;

const ROUTES = (from: number, through: number, to: number, subset = '') => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: partner, namespace: app}
spec:
  hosts: [partner.example]
  gateways: [mesh, egress]
  http:
    - match: [{gateways: [mesh], port: ${from}}]
      route: [{destination: {host: ${EGRESS}, port: {number: ${through}}${subset}}}]
    - match: [{gateways: [egress], port: ${through}}]
      route: [{destination: {host: partner.example, port: {number: ${to}}}}]
`;

/** What becomes of a call, in short: outcome, status, flag, where it fails, what arrives (the outermost layer first), and the clusters on the way. */
function short(text: string, url: string, ...more: readonly [object?]) {
  const { outcome, code, flag, at, delivered, hops } = call(modelOf(text), 'app', url, ...more);
  const wire = delivered && `${delivered.host}:${delivered.port} ${[...delivered.tls.map(({ by, sni }) => `${by}(${sni})`), 'plain'].join(' ')}`;
  return [outcome, code, flag, at, wire, hops.map(({ clusterName }) => clusterName ?? '-').join(' > ')];
}

describe('from a sidecar to a server outside', () => {
  const SIMPLE = rule('partner.example', '{tls: {mode: SIMPLE}}');
  const to = (port: number) => `outbound|${port}||partner.example`;

  test.each([
    ['registered, in plaintext', ENTRY, 'http://partner.example', ['direct', undefined, undefined, undefined, 'partner.example:80 plain', to(80)]],
    [
      'registered, in TLS',
      ENTRY,
      'https://partner.example',
      ['direct', undefined, undefined, undefined, 'partner.example:443 client(partner.example) plain', to(443)],
    ],
    [
      'unknown',
      ENTRY,
      'https://other.example',
      ['passthrough', undefined, undefined, undefined, 'other.example:443 client(other.example) plain', 'PassthroughCluster'],
    ],
    [
      'unknown, forbidden, in TLS',
      POLICY('REGISTRY_ONLY') + ENTRY,
      'https://other.example',
      ['blocked', undefined, 'UH', 'sidecar', undefined, 'BlackHoleCluster'],
    ],
    ['unknown, forbidden, in plaintext', POLICY('REGISTRY_ONLY') + ENTRY, 'http://other.example', ['blocked', 502, undefined, 'sidecar', undefined, '-']],
    [
      'looked up by the proxy',
      POLICY('ALLOW_ANY_DYNAMIC_DNS') + ENTRY,
      'http://other.example',
      ['direct', undefined, undefined, undefined, 'other.example:80 plain', 'AllowAnyDynamicDNSCluster'],
    ],
    [
      'T-3: TLS around TLS',
      ENTRY + SIMPLE,
      'https://partner.example',
      ['double-tls', undefined, undefined, 'server', 'partner.example:443 sidecar() client(partner.example) plain', to(443)],
    ],
    [
      'T-4: TLS to a plaintext port',
      ENTRY + SIMPLE,
      'http://partner.example',
      ['protocol-error', 503, 'UF', 'server', 'partner.example:80 sidecar(partner.example) plain', to(80)],
    ],
    [
      'T-4: TLS to the port that takes it',
      ENTRY.replace('protocol: HTTP', 'protocol: HTTP, targetPort: 443') + SIMPLE,
      'http://partner.example',
      ['originated', undefined, undefined, undefined, 'partner.example:443 sidecar(partner.example) plain', to(80)],
    ],
    [
      'T-5: plaintext to a TLS port',
      ENTRY.replace('protocol: HTTP', 'protocol: HTTP, targetPort: 443'),
      'http://partner.example',
      ['plaintext-to-tls', undefined, undefined, 'server', 'partner.example:443 plain', to(80)],
    ],
    [
      'mTLS of the mesh',
      ENTRY + rule('partner.example', '{tls: {mode: ISTIO_MUTUAL}}'),
      'http://partner.example',
      ['handshake-failed', 503, 'UF', 'server', 'partner.example:80 sidecar(outbound_.80_._.partner.example) plain', to(80)],
    ],
    [
      'without an endpoint',
      ENTRY.replace('resolution: DNS', 'resolution: STATIC'),
      'http://partner.example',
      ['no-endpoints', 503, 'UH', 'sidecar', undefined, to(80)],
    ],
  ] as const)('%s', (_, text, url, expected) => expect(short(text, url)).toEqual(expected));

  test('a name for the request alone is sent upstream, and asked for in TLS', () => {
    const routes = `---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: v, namespace: app}\nspec: {hosts: [partner.example], http: [{rewrite: {authority: inner.example}, route: [{destination: {host: partner.example, port: {number: 443}}}]}]}`;
    const { delivered } = call(modelOf(ENTRY + SIMPLE + routes), 'app', 'http://partner.example');
    expect([delivered?.authority, delivered?.tls[0]?.sni]).toEqual(['inner.example', 'inner.example']);
  });
});

describe('through a gateway', () => {
  const MTLS = GATEWAY('{port: {number: 443, name: https, protocol: HTTPS}, hosts: [partner.example], tls: {mode: ISTIO_MUTUAL}}');
  const withSni = (sni: string) => rule(EGRESS, '{}', `, subsets: [{name: partner, trafficPolicy: {tls: {mode: ISTIO_MUTUAL${sni}}}}]`);
  const clusters = 'outbound|443|partner|istio-egressgateway.istio-system.svc.cluster.local';

  test('in plaintext', () => {
    const text = ENTRY + GATEWAY('{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}') + ROUTES(80, 80, 80);
    expect(short(text, 'http://partner.example').slice(0, 5)).toEqual(['gateway', undefined, undefined, undefined, 'partner.example:80 plain']);
  });
  test('by mTLS, with TLS from there on', () => {
    const text =
      ENTRY +
      MTLS +
      ROUTES(80, 443, 443, ', subset: partner') +
      withSni(', sni: partner.example') +
      rule('partner.example', '{portLevelSettings: [{port: {number: 443}, tls: {mode: SIMPLE}}]}', ', exportTo: ["*"]');
    expect(short(text, 'http://partner.example')).toEqual([
      'gateway',
      undefined,
      undefined,
      undefined,
      'partner.example:443 gateway(partner.example) plain',
      `${clusters} > outbound|443||partner.example`,
    ]);
  });
  test('G-9: mTLS without a name that the server knows', () => {
    expect(short(ENTRY + MTLS + ROUTES(80, 443, 443, ', subset: partner') + withSni(''), 'http://partner.example').slice(0, 4)).toEqual([
      'no-filter-chain',
      503,
      'UF',
      'gateway',
    ]);
  });
  test('G-10: plaintext to a server that terminates TLS', () => {
    expect(short(ENTRY + MTLS + ROUTES(80, 443, 443), 'http://partner.example').slice(0, 4)).toEqual(['no-filter-chain', 503, 'UF', 'gateway']);
  });
  test('to a port without a server', () => {
    expect(short(ENTRY + MTLS + ROUTES(80, 80, 80), 'http://partner.example').slice(0, 4)).toEqual(['refused', 503, 'UF', 'gateway']);
  });
  test('G-13: a route that holds at the gateway as well sends it to itself', () => {
    const text = ENTRY + GATEWAY('{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}') + ROUTES(80, 80, 80).replace('gateways: [mesh], ', '');
    const path = call(modelOf(text), 'app', 'http://partner.example');
    expect([path.outcome, path.at, path.hops.length]).toEqual(['loop', 'gateway', 3]);
  });
});

describe('to Pods', () => {
  const SERVICE = `---\napiVersion: v1\nkind: Service\nmetadata: {name: ledger, namespace: app}\nspec: {clusterIP: 10.0.0.9, selector: {app: ledger}, ports: [{name: http, port: 80, targetPort: 8080}]}\n`;
  const POD = `---\napiVersion: v1\nkind: Pod\nmetadata: {name: ledger, namespace: app, labels: {app: ledger}}\nspec: {}\nstatus: {podIP: 10.1.0.1}\n`;

  test('of a Service, by mTLS', () => {
    const { outcome, delivered } = call(modelOf(SERVICE), 'app', 'http://ledger');
    expect([outcome, delivered?.host, delivered?.port, delivered?.tls.map(({ certificate }) => certificate)]).toEqual([
      'mesh',
      'ledger.app.svc.cluster.local',
      8080,
      ['mesh'],
    ]);
  });
  test('by an address that no Service has: in plaintext, as the client speaks', () => {
    const { outcome, delivered } = call(modelOf(SERVICE + POD), 'app', 'http://10.1.0.1:8080');
    expect([outcome, delivered?.pod?.name, delivered?.tls]).toEqual(['mesh', 'ledger', []]);
  });
  test('P-5: which take mTLS only', () => {
    const strict = `---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: strict, namespace: app}\nspec: {mtls: {mode: STRICT}}`;
    const { outcome, at, because } = call(modelOf(SERVICE + POD + strict), 'app', 'http://10.1.0.1:8080');
    expect([outcome, at, because?.resource.kind, because?.path]).toEqual(['no-filter-chain', 'inbound', 'PeerAuthentication', ['spec', 'mtls', 'mode']]);
  });
  test('by the address of a Service that lacks the port', () => {
    expect(short(SERVICE, 'http://10.0.0.9:81').slice(0, 4)).toEqual(['refused', undefined, undefined, 'network']);
  });
});

test('where traffic is split, the larger share comes first', () => {
  const routes = `---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: v, namespace: app}\nspec: {hosts: [partner.example], http: [{route: [{destination: {host: partner.example, port: {number: 81}}, weight: 30}, {destination: {host: partner.example}, weight: 70}]}]}`;
  const paths = answerProbe(modelOf(ENTRY + routes), callFrom('app', 'http://partner.example'));
  expect(paths.map(({ outcome, share }) => [outcome, share])).toEqual([
    ['direct', 70],
    ['no-cluster', 30],
  ]);
});

describe('L-14: names', () => {
  const model = (dnsCapture: boolean) => modelOf(ENTRY.replaceAll('TLS}', 'TCP}').replace('name: tls', 'name: tcp'), { dnsCapture });
  test('with DNS capture an entry has an address of its own', () => {
    expect(call(model(true), 'app', 'https://partner.example').hops[0]?.decision.listener).toBe('vip_443');
    expect(call(model(false), 'app', 'https://partner.example').hops[0]?.decision.listener).toBe('0.0.0.0_443');
  });
});

test('L-11: an entry that goes where the client dialled has no chain of its own beside endpoints of a copy, however that names the port', () => {
  const none = ENTRY.replace('resolution: DNS', 'resolution: NONE').replace('name: tls, protocol: TLS', 'name: raw, protocol: TCP');
  const copy = ENTRY.replace('name: partner', 'name: copy')
    .replace(/\{number: 80[^}]*\}, /, '')
    .replace('resolution: DNS', 'resolution: DNS\n  exportTo: [other]');
  expect(call(modelOf(none), 'app', 'https://partner.example').hops[0]?.clusterName).toBe('outbound|443||partner.example');
  expect(call(modelOf(none + copy), 'app', 'https://partner.example').hops[0]?.clusterName).toBe('PassthroughCluster');
});
