import { expect, test } from 'vitest';
import { distinctSubsets } from '../../src/mesh/routed-subsets.ts';
import { HiddenSubsets } from '../../src/mesh/subset-clients.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const base = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
apiVersion: v1
kind: Namespace
metadata: { name: bank, labels: { istio-injection: enabled } }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: egress }
spec: { hosts: [rates.example], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }
---`;
const rule = (namespace: string, subsets = '{ name: canary }', name = 'rates') => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ${name}, namespace: ${namespace} }
spec: { host: rates.example, subsets: [${subsets}] }
---`;
const routes = (more = '') => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: rates, namespace: shop }
spec: { hosts: [rates.example]${more}, http: [{ route: [{ destination: { host: rates.example, subset: canary } }] }] }
---`;

test.each([
  ['from clients of other namespaces than the rule', rule('shop') + routes(), ['bank']],
  ['not from those with a rule of their own', rule('shop') + rule('bank', '{ name: canary }') + routes(), undefined],
  ['not from those that set the host up for themselves', rule('shop') + rule('bank', '{ name: stable }') + routes(), undefined],
  ['not where the rule stands beside the host', rule('egress') + routes(), undefined],
  ['not where the rule stands in the root namespace', rule('istio-system') + routes(), undefined],
  ['not from those that do not see the route', rule('shop') + routes(', exportTo: ["."]'), undefined],
  [
    'not by a rule that no client looks at',
    rule('edge').replace('edge', 'unmeshed') +
      '\napiVersion: v1\nkind: Namespace\nmetadata: { name: unmeshed, labels: { istio-injection: disabled } }\n---' +
      routes(),
    undefined,
  ],
  ['not on gateways', rule('shop') + routes(', gateways: [out]'), undefined],
])('D-2: a subset is hidden %s', (_, text, expected) => {
  const mesh = meshOf(base + text);
  const [destination] = distinctSubsets(only(mesh, 'VirtualService', 'rates'), 'cluster.local');
  const definers = mesh.destinationRules.defining('rates.example', 'canary');
  expect(definers).not.toEqual([]);
  expect(destination && new HiddenSubsets(mesh).find(destination, definers, 3)?.namespaces).toEqual(expected);
});

test('subsets are told of once for sidecars, and once for gateways', () => {
  const to =
    'route: [{ destination: { host: rates.example, subset: canary }, weight: 60 }, { destination: { host: rates.example, subset: stable }, weight: 40 }]';
  const mesh = meshOf(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: rates, namespace: shop }
spec: { hosts: [rates.example], gateways: [mesh, out], http: [{ match: [{ gateways: [mesh] }], ${to} }, { match: [{ gateways: [out] }], ${to} }, { ${to} }] }
`);
  expect(distinctSubsets(only(mesh, 'VirtualService', 'rates'), 'cluster.local').map(({ rule, subset }) => `${rule} ${subset}`)).toEqual([
    '0 canary',
    '0 stable',
    '1 canary',
    '1 stable',
  ]);
});
