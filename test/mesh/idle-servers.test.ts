import { expect, test } from 'vitest';
import { idleServers } from '../../src/mesh/idle-servers.ts';
import { meshOf } from '../support/mesh-of.ts';

const entry = (host = 'rates.example') => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: shop }
spec: { hosts: [${host}], ports: [{ number: 443, name: tls, protocol: TLS }], resolution: DNS }
---`;
const gateway = (hosts: string) => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: out, namespace: shop }
spec: { selector: { istio: egressgateway }, servers: [{ port: { number: 443, name: tls, protocol: TLS }, hosts: [${hosts}], tls: { mode: PASSTHROUGH } }] }
---`;
const routes = (host: string, gateways = '') => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: v, namespace: shop }
spec: { hosts: ["${host}"]${gateways}, http: [{ route: [{ destination: { host: till } }] }] }
---`;
const HTTP_ROUTE = '\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: { name: r, namespace: shop }\nspec: {}\n';

test.each([
  ['nothing leads there', entry() + gateway('rates.example'), ['rates.example 0.0']],
  ['nothing leads there, by the second host', entry() + gateway('"*.till.example", shop/rates.example'), ['rates.example 0.1']],
  ['only other hosts are routed', entry() + gateway('rates.example') + routes('till.example'), ['rates.example 0.0']],
  ['not where a VirtualService has the host', entry() + gateway('rates.example') + routes('rates.example'), []],
  ['not where one has a wildcard for it', entry() + gateway('rates.example') + routes('*.example'), []],
  ['not where one is bound to the Gateway', entry() + gateway('rates.example') + routes('till.example', ', gateways: [out]'), []],
  ['not where a route of another kind may lead there', entry() + gateway('rates.example') + HTTP_ROUTE, []],
  ['not where nothing registers the host', gateway('rates.example'), []],
  ['not for a Service', entry('till.shop.svc.cluster.local') + gateway('till.shop.svc.cluster.local'), []],
  ['not where routes are template text', entry() + gateway('rates.example') + routes('{{ .Values.host }}'), []],
])('G-4: a server waits for calls: %s', (_, text, expected) => {
  expect(idleServers(meshOf(text)).map(({ registered, server, index }) => `${registered.host} ${server}.${index}`)).toEqual(expected);
});
