import { describe, expect, test } from 'vitest';
import { danglingAlias, holdsRegistrationsBeside, hostMeant, isOutsideHost, isSpeltElsewhere, mayHoldMoreHosts } from '../../src/mesh/outside-hosts.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const entry = (host: string) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: shop }
spec: { hosts: ["${host}"], ports: [{ number: 443, name: tls, protocol: TLS }], resolution: DNS }
---`;
const service = (spec: string) => `
apiVersion: v1
kind: Service
metadata: { name: out, namespace: shop }
spec: { ${spec}, ports: [{ port: 80 }] }
---`;
const routes = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: rates, namespace: shop }
spec: { hosts: [rates.example], http: [{ route: [{ destination: { host: out } }] }] }
---`;

test.each([
  ['rates.example', true],
  ['out', false],
  ['out.shop.svc', false],
  ['out.shop.svc.mesh.example', false],
  ['printer.local', false],
  ['203.0.113.7', false],
])('only a ServiceEntry can register %s: %j', (host, expected) => expect(isOutsideHost(host)).toBe(expected));

test.each([
  ['rates.exmaple', entry('rates.example'), 'rates.example'],
  ['quotes.test', entry('rates.example'), undefined],
  ['rates.exmaple', entry('rates.example') + entry('{{ .Values.host }}').replace('name: rates', 'name: other'), undefined],
])('%s is a slip of what is registered', (name, text, expected) => expect(hostMeant(meshOf(text), name)).toBe(expected));

test('template text may stand for any host', () => {
  expect([entry('rates.example'), entry('{{ .Values.host }}')].map((text) => mayHoldMoreHosts(meshOf(text)))).toEqual([false, true]);
});

describe('N-15: an ExternalName Service leads nowhere', () => {
  const dangling = (text: string) => {
    const mesh = meshOf(text + routes);
    return danglingAlias(mesh, only(mesh, 'VirtualService', 'rates'), mesh.registry.named('out.shop.svc.cluster.local'))?.name;
  };
  test.each([
    ['where nothing registers its host', service('type: ExternalName, externalName: rates.example'), 'out'],
    ['not where an entry does', service('type: ExternalName, externalName: rates.example') + entry('*.example'), undefined],
    ['not where it stands for a Service', service('type: ExternalName, externalName: in.shop.svc.cluster.local'), undefined],
    ['not where it is no alias', service('type: ClusterIP'), undefined],
    ['not where hosts are template text', service('type: ExternalName, externalName: rates.example') + entry('{{ .Values.host }}'), undefined],
  ])('%s', (_, text, expected) => expect(dangling(text)).toBe(expected));
});

test.each([
  ['a ServiceEntry', routes + entry('rates.example'), true],
  ['a Service of its namespace in its file', routes + service('type: ClusterIP'), true],
  ['nothing', routes, false],
])('beside a VirtualService, hosts are registered by %s: %#', (_, text, expected) => {
  const mesh = meshOf(text);
  expect(holdsRegistrationsBeside(mesh, only(mesh, 'VirtualService', 'rates'))).toBe(expected);
});

test.each([
  ['a dot at its end', 'rates.example.', 'rates.example', true],
  ['capital letters', 'Rates.example', 'rates.example', true],
  ['the same spelling', 'rates.example', 'rates.example', false],
  ['another name', 'quotes.example', 'rates.example', false],
])('a name is registered with %s', (_, registered, name, expected) => {
  const text = `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: a, namespace: shop }\nspec: { hosts: [${registered}], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }\n`;
  expect(isSpeltElsewhere(meshOf(text), name)).toBe(expected);
});
