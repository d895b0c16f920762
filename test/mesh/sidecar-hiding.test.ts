import { describe, expect, test } from 'vitest';
import { hiddenEntries, hiddenHops } from '../../src/mesh/sidecar-hiding.ts';
import { meshOf } from '../support/mesh-of.ts';

const namespace = (name: string, labels = 'istio-injection: enabled') => `
apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: { ${labels} } }
---`;
const entry = (of: string, host = 'rates.example', more = '') => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${host.replace('.', '-')}, namespace: ${of} }
spec: { hosts: [${host}], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS, location: MESH_EXTERNAL${more} }
---`;
const sidecar = (hosts: string, more = '', of = 'shop') => `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: way, namespace: ${of} }
spec: { egress: [{ hosts: [${hosts}] }]${more} }
---`;
const meshConfig = (mode: string) => `
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: "outboundTrafficPolicy: { mode: ${mode} }" }
---`;

describe('S-4: a Sidecar imports a host, but not what steers it to a gateway', () => {
  const steering = (of: string) => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: out, namespace: ${of} }
spec: { selector: { istio: egressgateway }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [rates.example] }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: steer, namespace: ${of} }
spec:
  hosts: [rates.example]
  gateways: [mesh, out]
  http:
  - { match: [{ gateways: [mesh] }], route: [{ destination: { host: istio-egressgateway.istio-system.svc.cluster.local, port: { number: 80 } } }] }
  - { match: [{ gateways: [out] }], route: [{ destination: { host: rates.example } }] }
---`;
  const found = (text: string) => hiddenHops(meshOf(text)).map(({ registered, hop }) => `${registered.host}, ${hop.virtualService.name}`);
  test.each([
    ['by its exact name', entry('outside') + steering('edge') + sidecar('outside/rates.example'), ['rates.example, steer']],
    ['by a wildcard', entry('outside') + steering('edge') + sidecar('outside/*'), ['rates.example, steer']],
    ['not where the namespace of the VirtualService is listed', entry('outside') + steering('edge') + sidecar('outside/*, edge/*'), []],
    ['not where every namespace is', entry('outside') + steering('edge') + sidecar('"*/*"'), []],
    ['not where the host is not imported either', entry('outside') + steering('edge') + sidecar('./*'), []],
    ['not where both stand in one namespace', entry('edge') + steering('edge') + sidecar('edge/*'), []],
  ])('%s', (_, text, expected) => expect(found(text)).toEqual(expected));
});

describe('S-4: entries that no Sidecar in view imports', () => {
  const clients = namespace('shop');
  const nobody = namespace('outside', '');
  const found = (text: string) =>
    hiddenEntries(meshOf(text)).map(({ entries, isBlocked }) => `${entries.map(({ host }) => host).join()}${isBlocked ? ', blocked' : ''}`);
  test.each([
    ['told of for the namespace', clients + nobody + entry('outside') + entry('outside', 'quotes.example') + sidecar('./*'), ['rates.example,quotes.example']],
    ['blocked by the mesh', meshConfig('REGISTRY_ONLY') + clients + nobody + entry('outside') + sidecar('./*'), ['rates.example, blocked']],
    ['passed on by the mesh', meshConfig('ALLOW_ANY') + clients + nobody + entry('outside') + sidecar('./*'), ['rates.example']],
    [
      'blocked as somebody means it',
      clients + nobody + entry('outside') + sidecar('./*', ', outboundTrafficPolicy: { mode: REGISTRY_ONLY }'),
      ['rates.example'],
    ],
    ['not where one imports them', clients + nobody + entry('outside') + sidecar('./*, outside/*'), []],
    ['not where some clients have no Sidecar', clients + namespace('bank') + nobody + entry('outside') + sidecar('./*'), []],
    ['not where clients live beside them', clients + namespace('outside') + entry('outside') + sidecar('./*') + sidecar('./*', '', 'outside'), []],
    ['not where clients cannot see them', clients + nobody + entry('outside', 'rates.example', ', exportTo: ["."]') + sidecar('./*'), []],
  ])('%s', (_, text, expected) => expect(found(text)).toEqual(expected));
});
