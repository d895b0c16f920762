import { expect, test } from 'vitest';
import { invalidBackends, unregisteredBackends } from '../../src/mesh/route-backends.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const route = (backend: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: r, namespace: shop }
spec: { rules: [{ backendRefs: [{ kind: Service, name: rates, port: 80 }, { ${backend} }] }] }
---`;
const entry = (host: string) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: e, namespace: shop }
spec: { hosts: ["${host}"], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: NONE }
---`;
const HOSTNAME = 'kind: Hostname, group: networking.istio.io';

test.each([
  ['kind: ServiceEntry, group: networking.istio.io, name: rates, port: 80', 'serviceEntry', 'kind'],
  ['name: rates.example, port: 80', 'service', 'name'],
  ['kind: Hostname, name: rates.example, port: 80', 'group', 'kind'],
  ['kind: Hostname, group: example, name: rates.example, port: 80', 'group', 'group'],
  [`${HOSTNAME}, name: rates.example, namespace: shop, port: 80`, 'namespace', 'namespace'],
  [`${HOSTNAME}, name: rates.example`, 'port', 'name'],
])('A-11: { %s } is no backend: %s', (backend, why, field) => {
  const found = invalidBackends(only(meshOf(route(backend)), 'HTTPRoute', 'r'));
  expect(found.map((each) => [each.why, each.field.join('.')])).toEqual([[why, `spec.rules.0.backendRefs.1.${field}`]]);
});

test.each([
  `${HOSTNAME}, name: rates.example, port: 80`,
  'name: rates, port: 80',
  'kind: Something, group: example, name: a.b',
  'kind: Hostname, name: "{{ .Values.host }}"',
])('A-11: { %s } is one, or may be', (backend) => expect(invalidBackends(only(meshOf(route(backend)), 'HTTPRoute', 'r'))).toEqual([]));

test.each([
  ['nothing of one that is', entry('rates.example'), false, []],
  ['that one is missed beside entries', entry('quotes.example'), false, [[undefined, 'likely']]],
  ['a slip', entry('rates.exmple'), false, [['rates.exmple', 'likely']]],
  ['little where nothing is beside', '', false, [[undefined, 'unknown']]],
  ['little where names are template text', entry('{{ .Values.host }}'), true, [[undefined, 'unknown']]],
  ['all in a closed world', '', true, [[undefined, 'certain']]],
])('A-11: of a host that is not registered the files say %s', (_, text, closedWorld, expected) => {
  const mesh = meshOf(text + route(`${HOSTNAME}, name: rates.example, port: 80`), { closedWorld });
  expect(unregisteredBackends(mesh, only(mesh, 'HTTPRoute', 'r')).map(({ found, confidence }) => [found, confidence])).toEqual(expected);
});

test('A-11: hosts of Services are not told of', () => {
  const mesh = meshOf(route(`${HOSTNAME}, name: rates.shop.svc.cluster.local, port: 80`), { closedWorld: true });
  expect(unregisteredBackends(mesh, only(mesh, 'HTTPRoute', 'r'))).toEqual([]);
});
