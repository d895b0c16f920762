import { expect, test } from 'vitest';
import { deadEndpoints } from '../../src/mesh/service-endpoints.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const service = (more = '') => `---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ name: http, port: 9080 }, { name: admin, port: 9090 }]${more} }
`;
const entry = (endpoint: string, port = '', resolution = 'DNS') => `---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: web, namespace: shop }
spec: { hosts: [web.example], resolution: ${resolution}, ports: [{ number: 80, name: http, protocol: HTTP${port} }], endpoints: [{ ${endpoint} }] }
`;
const WEB = 'address: web.shop.svc.cluster.local';

test.each([
  ['by the number of the port', service() + entry(WEB), ['80 spec.ports.0.number']],
  ['by its targetPort', service() + entry(WEB, ', targetPort: 8080'), ['8080 spec.ports.0.targetPort']],
  ['by its own port', service() + entry(`${WEB}, ports: { http: 8081 }`), ['8081 spec.endpoints.0.ports.http']],
  ['by a name with a dot at its end', service() + entry('address: web.shop.svc.cluster.local.'), ['80 spec.ports.0.number']],
  ['not on a port of the Service', service() + entry(`${WEB}, ports: { http: 9090 }`), []],
  ['not of a Service that leads to its Pods', service(', clusterIP: None') + entry(WEB), []],
  ['not of an alias', service(', type: ExternalName, externalName: a.example') + entry(WEB), []],
  ['not of another namespace', service() + entry('address: web.bank.svc.cluster.local'), []],
  ['not outside', service() + entry('address: web.shop.svc.example'), []],
])('E-3: an endpoint on a port that its Service lacks: %s', (_, text, expected) => {
  const mesh = meshOf(text);
  const found = deadEndpoints(mesh, only(mesh, 'ServiceEntry', 'web'));
  expect(found.map(({ port, path }) => `${port} ${path.join('.')}`)).toEqual(expected);
});
