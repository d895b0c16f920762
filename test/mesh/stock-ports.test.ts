import { expect, test } from 'vitest';
import { portsBeyondStock } from '../../src/mesh/stock-ports.ts';
import { meshOf } from '../support/mesh-of.ts';

const EGRESS = 'istio-egressgateway.istio-system.svc.cluster.local';
const gateway = (port: number, selector = 'istio: egressgateway') => `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: out, namespace: shop }
spec: { selector: { ${selector} }, servers: [{ port: { number: ${port}, name: tcp, protocol: TCP }, hosts: ["*"] }] }
`;
const routes = (port: number, host = EGRESS) => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: db, namespace: shop }
spec: { hosts: [db.example], tcp: [{ route: [{ destination: { host: ${host}, port: { number: ${port} } } }] }] }
`;
const service = `---
apiVersion: v1
kind: Service
metadata: { name: istio-egressgateway, namespace: istio-system }
spec: { selector: { istio: egressgateway }, ports: [{ name: tcp-db, port: 5432 }] }
`;

test.each([
  ['a port of databases', gateway(5432) + routes(5432), ['shop/out:5432 istio-system/istio-egressgateway']],
  ['not a stock port', gateway(443) + routes(443), []],
  ['not where nobody is sent', gateway(5432) + routes(443), []],
  ['not where the Service is in view', gateway(5432) + routes(5432) + service, []],
  ['not of other gateways', gateway(5432, 'app: own') + routes(5432, 'own.shop.svc.cluster.local'), []],
])('G-2: ports that a stock Service lacks: %s', (_, text, expected) => {
  const found = portsBeyondStock(meshOf(text));
  expect(found.map((each) => `${each.gateway.namespace}/${each.gateway.name}:${each.port} ${each.service}`)).toEqual(expected);
});
