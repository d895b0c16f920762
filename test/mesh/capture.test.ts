import { expect, test } from 'vitest';
import { Bypasses, hopPast, isAboutCapture, isReadFromPods, steeredPorts, uncapturedBy } from '../../src/mesh/capture.ts';
import { meshOf, only } from '../support/mesh-of.ts';

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

test.each([
  [[80], false, 'shop', true],
  [[443], false, 'shop', false],
  [[], true, 'shop', true],
  [[80], false, 'bank', true],
])('what leaves ports %j out (everything outside: %j) in namespace %s passes a gateway by: %j', (ports, outside, namespace, expected) => {
  const mesh = meshOf(`${hop('{ gateways: [mesh], port: 80 }')}
---
apiVersion: v1
kind: Pod
metadata: { name: till, namespace: ${namespace} }
`);
  expect(hopPast(mesh, only(mesh, 'Pod', 'till'), { ports, outside }, steeredPorts(mesh)) !== undefined).toBe(expected);
});

test.each([
  [PORTS, true],
  ['traffic.sidecar.istio.io/includeInboundPorts', true],
  ['proxy.istio.io/config', true],
  ['sidecar.istio.io/inject', true],
  ['sidecar.istio.io/proxyCPU', false],
  ['networking.istio.io/exportTo', false],
])('the injection reads %s from Pods only: %j', (annotation, expected) => expect(isReadFromPods(annotation)).toBe(expected));

const pod = '\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: till, namespace: shop }\n';

test.each([
  ['a port that is steered to a gateway', hop('{ gateways: [mesh], port: 80 }'), { [PORTS]: '5432, 80' }, ['80 to way-out']],
  ['a port of the web that nothing steers', '', { [PORTS]: '5432, 443' }, ['443']],
  ['no port besides', '', { [PORTS]: '5432' }, []],
  ['all addresses outside', '', { [EXCLUDED]: '0.0.0.0/0' }, ['any']],
  ['all addresses outside, which are steered', hop('{ gateways: [mesh], port: 80 }'), { [INCLUDED]: '10.0.0.0/8' }, ['any to way-out']],
  ['what each annotation says', '', { [PORTS]: '443', [EXCLUDED]: '0.0.0.0/0' }, ['443', 'any']],
  ['nothing', hop('{ gateways: [mesh], port: 80 }'), {}, []],
])('M-3: a Pod keeps %s from its sidecar', (_, text, annotations, expected) => {
  const mesh = meshOf(text + pod);
  const found = new Bypasses(mesh).of(only(mesh, 'Pod', 'till'), annotations);
  expect(found.map(({ port, hop: past }) => `${port ?? 'any'}${past ? ` to ${past.gateway.name}` : ''}`)).toEqual(expected);
});

test.each([
  [PORTS, true],
  ['traffic.sidecar.istio.io/includeInboundPorts', true],
  ['sidecar.istio.io/inject', false],
])('%s is about what is captured: %s', (annotation, expected) => expect(isAboutCapture(annotation)).toBe(expected));
