import { expect, test } from 'vitest';
import { isAmbientEntry, isAmbientNamespace } from '../../src/mesh/ambient-labels.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const AMBIENT = 'istio.io/dataplane-mode: ambient';
const WAYPOINT = 'istio.io/use-waypoint: out';

test.each([
  [AMBIENT, '', [true, true]],
  [WAYPOINT, '', [true, true]],
  ['', WAYPOINT, [false, true]],
  ['istio.io/dataplane-mode: none', '', [false, false]],
  ['istio-injection: enabled', '', [false, false]],
])('A-1, A-6: a Namespace with { %s } and an entry with { %s }: ambient is the namespace, the entry: %j', (ofNamespace, ofEntry, expected) => {
  const mesh = meshOf(`
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { ${ofNamespace} } }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: shop, labels: { ${ofEntry} } }
spec: { hosts: [rates.example] }
`);
  expect([isAmbientNamespace(mesh, 'shop'), isAmbientEntry(mesh, only(mesh, 'ServiceEntry', 'rates'))]).toEqual(expected);
});
