import { expect, test } from 'vitest';
import { keptPorts } from '../../src/mesh/kept-ports.ts';
import { meshOf } from '../support/mesh-of.ts';

const entry = (resolution: string, port = '') => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: shop }
spec:
  hosts: [rates.example]
  ports: [{ number: 80, name: http, protocol: HTTP }, { number: 443, name: https, protocol: HTTPS${port} }]
  ${resolution}
---`;
const routes = (match = 'port: 80', to = 443) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: rates, namespace: shop }
spec: { hosts: [rates.example], http: [{ match: [{ ${match} }], route: [{ destination: { host: rates.example, port: { number: ${to} } } }] }] }
---`;
const rule = (tls = 'mode: SIMPLE') => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: rates, namespace: shop }
spec: { host: rates.example, trafficPolicy: { portLevelSettings: [{ port: { number: 443 }, tls: { ${tls} } }] } }
---`;
const NONE = entry('resolution: NONE');

test.each([
  ['where nothing is looked up', NONE + routes() + rule(), ['443 instead of 80']],
  ['where no resolution is written', entry('location: MESH_EXTERNAL') + routes() + rule(), ['443 instead of 80']],
  ['whatever the match leaves open', NONE + routes('uri: { prefix: / }') + rule(), ['443 instead of 80']],
  ['not where the host is looked up', entry('resolution: DNS') + routes() + rule(), []],
  ['not where the port leads to another one', entry('resolution: NONE', ', targetPort: 8443') + routes() + rule(), []],
  ['not without a route', NONE + rule(), []],
  ['not where the route keeps the port', NONE + routes('port: 443', 443) + rule(), []],
  ['not where nothing starts TLS', NONE + routes() + rule('mode: DISABLE'), []],
  ['not where TLS needs a Secret', NONE + routes() + rule('mode: SIMPLE, credentialName: c'), []],
  ['not where the rule is for gateways', NONE + routes('gateways: [out], port: 80') + rule(), []],
])('E-2: the port that the client dialled is called: %s', (_, text, expected) => {
  expect(keptPorts(meshOf(text)).map(({ origination, dialled }) => `${origination.port.number} instead of ${dialled}`)).toEqual(expected);
});
