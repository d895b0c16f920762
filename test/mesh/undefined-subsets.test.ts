import { expect, test } from 'vitest';
import { subsetDestinations } from '../../src/mesh/routed-subsets.ts';
import { undefinedSubset } from '../../src/mesh/undefined-subsets.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const entry = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: shop }
spec: { hosts: [rates.example], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }
---`;
const rule = (name: string, namespace: string, subsets: string) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ${name}, namespace: ${namespace} }
spec: { host: rates.example, subsets: [${subsets}] }
---`;
const route = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: rates, namespace: shop }
spec: { hosts: [rates.example], http: [{ route: [{ destination: { host: rates.example, subset: canary } }] }] }
---`;

function found(text: string) {
  const mesh = meshOf(entry + text + route);
  const [destination] = subsetDestinations(only(mesh, 'VirtualService', 'rates'), 'cluster.local');
  const known = destination && undefinedSubset(mesh, destination);
  return known && [known.rule.name, known.meant, known.defined.join()];
}

test.each([
  ['in the only rule beside the host', rule('a', 'shop', '{ name: stable }, { name: old }'), ['a', undefined, 'stable,old']],
  ['under a name that differs by a slip, wherever the rule stands', rule('a', 'bank', '{ name: canray }'), ['a', 'canray', 'canray']],
  ['nowhere: the rule is not beside the host', rule('a', 'bank', '{ name: stable }'), undefined],
  ['nowhere: either of two rules could have it', rule('a', 'shop', '{ name: stable }') + rule('b', 'shop', '{ name: old }'), undefined],
  ['nowhere: the rule has no subsets', rule('a', 'shop', ''), undefined],
  ['nowhere: no rule is in view', '', undefined],
])('R-20: a subset that is not defined should be %s', (_, text, expected) => expect(found(text)).toEqual(expected));
