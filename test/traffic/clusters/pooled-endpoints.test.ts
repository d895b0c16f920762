import { expect, test } from 'vitest';
import { TrafficModel } from '../../../src/traffic/traffic-model.ts';
import { meshOf } from '../../support/mesh-of.ts';

const HOST = 'pay.shop.svc.cluster.local';

/** The addresses of port 80 of a Service with one Pod, beside which an entry registers its host. */
function addresses(spec: string, namespace = 'shop'): readonly string[] {
  const model = new TrafficModel(
    meshOf(`
apiVersion: v1
kind: Service
metadata: { name: pay, namespace: shop }
spec: { selector: { app: pay }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: pay-1, namespace: shop, labels: { app: pay } }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: pay, namespace: ${namespace} }
spec: { hosts: [${HOST}], ${spec} }
`),
  );
  const service = model.services.registered(HOST, 'shop');
  const [port] = service?.ports ?? [];
  return service && port ? model.endpoints.of(service, port).map((each) => `${each.pod ? 'Pod' : each.address}:${each.port}`) : [];
}

test.each([
  ['ports: [{ number: 80, name: http, protocol: HTTP }], resolution: STATIC, endpoints: [{ address: 192.0.2.1 }]', ['192.0.2.1:80', 'Pod:8080']],
  ['ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS, endpoints: [{ address: 192.0.2.1 }]', ['192.0.2.1:80', 'Pod:8080']],
  [
    'ports: [{ number: 8888, name: http, protocol: HTTP }], resolution: STATIC, endpoints: [{ address: 192.0.2.1, ports: { http: 90 } }]',
    ['192.0.2.1:90', 'Pod:8080'],
  ],
  ['ports: [{ number: 80, name: web, protocol: HTTP }], resolution: STATIC, endpoints: [{ address: 192.0.2.1 }]', ['Pod:8080']],
  ['ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS, endpoints: [{ address: pay.bank.example }]', ['Pod:8080']],
])('V-8, E-3: beside an entry with %s', (spec, expected) => expect(addresses(spec)).toEqual(expected));

test('V-9: an entry of another namespace adds nothing', () => {
  expect(addresses('ports: [{ number: 80, name: http, protocol: HTTP }], resolution: STATIC, endpoints: [{ address: 192.0.2.1 }]', 'blue')).toEqual([
    'Pod:8080',
  ]);
});
