import { describe, expect, test } from 'vitest';
import { hopsWithoutMtls } from '../../src/mesh/hops-without-mtls.ts';
import { meshOf } from '../support/mesh-of.ts';

const HOST = 'istio-egressgateway.istio-system.svc.cluster.local';

/** A way to the stock egress gateway, by a section of a VirtualService, to a server with this `tls`. */
const way = (tls: string, section = 'http', subset = '') => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: out, namespace: shop }
spec: { selector: { istio: egressgateway }, servers: [{ port: { number: 443, name: p, protocol: HTTPS }, hosts: [rates.example], tls: { ${tls} } }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: rates, namespace: shop }
spec:
  hosts: [rates.example]
  gateways: [mesh, out]
  ${section}: [{ match: [{ gateways: [mesh]${section === 'tls' ? ', sniHosts: [rates.example]' : ''} }], route: [{ destination: { host: ${HOST}${subset}, port: { number: 443 } } }] }]
---`;
const rule = (spec: string) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: out, namespace: istio-system }
spec: { host: ${HOST}, ${spec} }
---`;
const pod = (labels: string) => `
apiVersion: v1
kind: Pod
metadata: { name: out, namespace: istio-system, labels: { istio: egressgateway, ${labels} } }
---`;
const MUTUAL = 'mode: MUTUAL, credentialName: c';

describe('G-10: nothing makes sidecars send the certificate that a server asks for', () => {
  test.each([
    ['no rule in view', way('mode: ISTIO_MUTUAL'), 'likely'],
    ['Pods in view do not announce mesh mTLS', way('mode: ISTIO_MUTUAL') + pod('version: v1'), 'certain'],
    ['a rule sets no TLS', way('mode: ISTIO_MUTUAL') + rule('trafficPolicy: { connectionPool: {} }'), 'likely'],
    [
      'a rule sets TLS for another port',
      way('mode: ISTIO_MUTUAL') + rule('trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: ISTIO_MUTUAL } }] }'),
      'likely',
    ],
    ['a rule defines the subset without TLS', way('mode: ISTIO_MUTUAL', 'http', ', subset: rates') + rule('subsets: [{ name: rates }]'), 'likely'],
    ['MUTUAL, for what sidecars have read', way(MUTUAL), 'likely'],
    ["mesh mTLS, for TLS of the application's own", way('mode: ISTIO_MUTUAL', 'tls'), 'likely'],
  ])('%s', (_, text, expected) => expect(hopsWithoutMtls(meshOf(text)).map(({ isCertain }) => (isCertain ? 'certain' : 'likely'))).toEqual([expected]));
});

describe('G-10: a server gets what it asks for, as far as the files tell', () => {
  test.each([
    ['a rule speaks mesh mTLS', way('mode: ISTIO_MUTUAL') + rule('trafficPolicy: { tls: { mode: ISTIO_MUTUAL } }')],
    ['Pods announce mesh mTLS', way('mode: ISTIO_MUTUAL') + pod('security.istio.io/tlsMode: istio')],
    ['the server asks for none', way('mode: SIMPLE, credentialName: c')],
    ['the application may bring one', way(MUTUAL, 'tls')],
    ['the subset is defined out of view', way('mode: ISTIO_MUTUAL', 'http', ', subset: rates')],
    [
      'a template makes DestinationRules',
      `${way('mode: ISTIO_MUTUAL')}\n{{- if .Values.mtls }}\napiVersion: networking.istio.io/v1\nkind: DestinationRule\n{{- end }}\n`,
    ],
  ])('%s', (_, text) => expect(hopsWithoutMtls(meshOf(text))).toEqual([]));
});

test('one for each server, however many ways lead there', () => {
  const again = way('mode: ISTIO_MUTUAL')
    .replace(/^[^-]*---/, '')
    .replace('name: rates', 'name: quotes');
  expect(hopsWithoutMtls(meshOf(way('mode: ISTIO_MUTUAL') + again))).toHaveLength(1);
});
