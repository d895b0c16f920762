import { expect, test } from 'vitest';
import { tlsOfHop } from '../../src/mesh/hop-tls.ts';
import { meshOf } from '../support/mesh-of.ts';

const GATEWAY = 'istio-egressgateway.istio-system.svc.cluster.local';
const way = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: out, namespace: shop }
spec: { selector: { istio: egressgateway }, servers: [{ port: { number: 443, name: tls, protocol: TLS }, hosts: [rates.example], tls: { mode: PASSTHROUGH } }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: rates, namespace: shop }
spec:
  hosts: [rates.example]
  gateways: [mesh, out]
  tls: [{ match: [{ gateways: [mesh], sniHosts: [rates.example] }], route: [{ destination: { host: ${GATEWAY}, port: { number: 443 } } }] }]
---`;
const rule = (namespace: string, policy: string, host = GATEWAY) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: out, namespace: ${namespace} }
spec: { host: ${host}, trafficPolicy: { ${policy} } }
---`;

function modeFor(namespace: string, rules: string): string | undefined {
  const mesh = meshOf(way + rules);
  const [hop] = mesh.gatewayHops;
  return hop && tlsOfHop(mesh, hop, namespace).decision?.tls.mode;
}

test.each([
  ['those of the namespace by its own rule', 'shop', rule('shop', 'tls: { mode: SIMPLE }') + rule('istio-system', 'tls: { mode: DISABLE }'), 'SIMPLE'],
  ['others by the rule of the gateway', 'bank', rule('shop', 'tls: { mode: SIMPLE }') + rule('istio-system', 'tls: { mode: DISABLE }'), 'DISABLE'],
  ['those of any namespace by the rule of the gateway', '', rule('shop', 'tls: { mode: SIMPLE }') + rule('istio-system', 'tls: { mode: DISABLE }'), 'DISABLE'],
  [
    'by the settings of the port',
    'shop',
    rule('shop', 'tls: { mode: SIMPLE }, portLevelSettings: [{ port: { number: 443 }, tls: { mode: ISTIO_MUTUAL } }]'),
    'ISTIO_MUTUAL',
  ],
  ['not by a rule for another host', 'shop', rule('shop', 'tls: { mode: SIMPLE }', 'rates.example'), undefined],
])('D-2: clients start TLS to the gateway, %s', (_, namespace, rules, expected) => expect(modeFor(namespace, rules)).toBe(expected));
