import { expect, test } from 'vitest';
import { steeredPorts, uncapturedBy } from '../../src/mesh/capture.ts';
import { meshOf } from '../support/mesh-of.ts';

const PORTS = 'traffic.sidecar.istio.io/excludeOutboundPorts';
const EXCLUDED = 'traffic.sidecar.istio.io/excludeOutboundIPRanges';
const INCLUDED = 'traffic.sidecar.istio.io/includeOutboundIPRanges';

test.each([
  [PORTS, '443, 5432', { ports: [443, 5432], outside: false }],
  [PORTS, '', undefined],
  [PORTS, '$(PORTS)', undefined],
  [EXCLUDED, '0.0.0.0/0', { ports: [], outside: true }],
  [EXCLUDED, '203.0.113.0/24', undefined],
  [EXCLUDED, '', undefined],
  [INCLUDED, '*', undefined],
  [INCLUDED, '0.0.0.0/0', undefined],
  [INCLUDED, '', { ports: [], outside: true }],
  [INCLUDED, '10.0.0.0/8,172.20.0.0/16', { ports: [], outside: true }],
  [INCLUDED, '10.0.0.0/8,203.0.113.0/24', undefined],
  [INCLUDED, '172.32.0.0/16', undefined],
] as const)('M-3: %s: %s leaves out %j', (annotation, value, expected) => {
  expect(uncapturedBy(annotation, value)).toEqual(expected);
});

const hop = (match: string) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: shop }
spec: { hosts: [rates.example], ports: [{ number: 80, name: http, protocol: HTTP }, { number: 8080, name: alt, protocol: HTTP }], resolution: DNS }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: way-out, namespace: shop }
spec: { selector: { istio: egressgateway }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [rates.example] }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: rates, namespace: shop }
spec:
  hosts: [rates.example]
  gateways: [mesh, way-out]
  http:
  - match: [${match}]
    route: [{ destination: { host: istio-egressgateway.istio-system.svc.cluster.local, port: { number: 80 } } }]
`;

test.each([
  ['{ gateways: [mesh], port: 80 }', [80]],
  ['{ gateways: [mesh] }', [80, 8080]],
  ['{ gateways: [mesh], port: 80 }, { gateways: [way-out], port: 443 }', [80]],
])('ports that %s steers to the gateway: %j', (match, expected) => {
  expect([...steeredPorts(meshOf(hop(match))).keys()]).toEqual(expected);
});
