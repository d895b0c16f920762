import { describe, expect, test } from 'vitest';
import { doubleTls, tlsForHttpRules } from '../../src/mesh/double-tls.ts';
import { meshOf } from '../support/mesh-of.ts';

const TLS = '{ number: 443, name: tls, protocol: TLS }';
const HTTP = '{ number: 80, name: http, protocol: HTTP }';
const entry = (ports: string, more = '') => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: shop }
spec: { hosts: [rates.example], ports: [${ports}], resolution: DNS, location: MESH_EXTERNAL${more} }
---`;
const rule = (policy: string, namespace = 'shop') => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: rates, namespace: ${namespace} }
spec: { host: rates.example, trafficPolicy: { ${policy} } }
---`;
const routes = (section: string, host = 'rates.example') => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: rates, namespace: shop }
spec: { hosts: [rates.example], ${section}: [{ match: [{ ${section === 'tls' ? 'sniHosts: [rates.example], ' : ''}port: 443 }], route: [{ destination: { host: ${host}, port: { number: 443 } } }] }] }
---`;
const SIMPLE = 'tls: { mode: SIMPLE }';

const found = (text: string) =>
  doubleTls(meshOf(text)).map(({ origination, passedOn, isFedByHttp, isCertain }) =>
    [`${origination.host.host}:${origination.port.number}`, passedOn && 'passed on', isFedByHttp && 'fed by http', isCertain ? 'certain' : 'likely']
      .filter(Boolean)
      .join(', '),
  );

describe('T-3: TLS is started where clients speak it themselves', () => {
  test.each([
    ['on the only port', entry(TLS) + rule(SIMPLE), ['rates.example:443, certain']],
    ['beside a port that is plain HTTP', entry(`${TLS}, ${HTTP}`) + rule(SIMPLE), ['rates.example:443, likely']],
    [
      'by settings of the port',
      entry(`${TLS}, ${HTTP}`) + rule('portLevelSettings: [{ port: { number: 443 }, tls: { mode: SIMPLE } }]'),
      ['rates.example:443, likely'],
    ],
    ['on what a tls route passes on', entry(TLS) + rule(SIMPLE) + routes('tls'), ['rates.example:443, passed on, certain']],
    [
      'with a Secret, on what a tls route passes on',
      entry(TLS) + rule('tls: { mode: SIMPLE, credentialName: c }') + routes('tls'),
      ['rates.example:443, passed on, certain'],
    ],
  ])('%s', (_, text, expected) => expect(found(text)).toEqual(expected));
});

describe('T-3: TLS is started once, or may be', () => {
  test.each([
    ['on a plaintext port', entry(HTTP) + rule(SIMPLE)],
    ['where the rule is for mesh mTLS', entry(TLS) + rule('tls: { mode: ISTIO_MUTUAL }')],
    ['where an http route sends what it has read', entry(TLS) + rule(SIMPLE) + routes('http')],
    ['where a tls route leads elsewhere', entry(TLS) + rule(SIMPLE) + routes('tls', 'istio-egressgateway.istio-system.svc.cluster.local')],
    ['where sidecars have not the Secret', entry(TLS) + rule('tls: { mode: SIMPLE, credentialName: c }')],
    ['where a waypoint serves the host', entry(TLS).replace('namespace: shop }', 'namespace: shop, labels: { istio.io/use-waypoint: out } }') + rule(SIMPLE)],
    [
      'where a route of the Gateway API leads there',
      `${entry(TLS) + rule(SIMPLE)}\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: { name: r, namespace: shop }\nspec: { rules: [{ backendRefs: [{ group: networking.istio.io, kind: Hostname, name: rates.example, port: 443 }] }] }\n---`,
    ],
    [
      'where a template makes VirtualServices',
      `${entry(TLS) + rule(SIMPLE)}\n{{- if .Values.routes }}\napiVersion: networking.istio.io/v1\nkind: VirtualService\n{{- end }}\n`,
    ],
  ])('%s', (_, text) => expect(found(text)).toEqual([]));
});

describe('TLS is started for http rules, and for all who use the port', () => {
  test.each([
    ['on a port that http rules feed', entry(TLS) + rule(SIMPLE) + routes('http'), 1],
    ['not on one that no rule feeds', entry(TLS) + rule(SIMPLE), 0],
    ['not where tls rules pass it on', entry(TLS) + rule(SIMPLE) + routes('tls'), 0],
    ['not where their TLS is led elsewhere', entry(TLS) + rule(SIMPLE) + routes('http') + routes('tls', 'out.example').replace('name: rates', 'name: out'), 0],
    ['not with a Secret, which sidecars do not read', entry(TLS) + rule('tls: { mode: SIMPLE, credentialName: c }') + routes('http'), 0],
    ['not by a rule for others', entry(TLS) + rule(SIMPLE, 'egress') + routes('http'), 0],
  ])('%s', (_, text, count) => expect(tlsForHttpRules(meshOf(text))).toHaveLength(count));
});
