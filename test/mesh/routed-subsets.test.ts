import { describe, expect, test } from 'vitest';
import { meshOf } from '../support/mesh-of.ts';

const route = (name: string, namespace: string, destinations: readonly string[]) =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec:\n  hosts: [a.example]\n  http:\n${destinations
    .map((destination) => `  - route: [${destination}]\n`)
    .join('')}`;
const to = (host: string, subset: string, rest = '') => `{ destination: { host: ${host}, subset: ${subset} }${rest} }`;

describe('routedSubsets', () => {
  const mesh = meshOf(
    [
      route('short', 'pay', [to('ledger', 'a'), to('ledger', 'b')]),
      route('whole', 'shop', [to('ledger.pay.svc.cluster.local', 'a'), `${to('x.example', 'c', ', weight: 100')}, ${to('x.example', 'd', ', weight: 0')}`]),
      route('none', 'shop', ['{ destination: { host: x.example } }']),
    ].join('---\n'),
  );
  const names = (host: string, subset: string) => mesh.routedSubsets.to(host, subset).map(({ virtualService }) => virtualService.name);

  test('by the host that is meant, and subset', () => {
    expect(names('ledger.pay.svc.cluster.local', 'a')).toEqual(['short', 'whole']);
    expect(names('ledger.pay.svc.cluster.local', 'b')).toEqual(['short']);
    expect(names('ledger.pay.svc.cluster.local', 'c')).toEqual([]);
    expect(names('ledger', 'a')).toEqual([]);
  });

  test('routes of weight 0 beside others carry nothing (R-9)', () => {
    expect(names('x.example', 'c')).toEqual(['whole']);
    expect(names('x.example', 'd')).toEqual([]);
  });

  test('a wildcard takes in the hosts within it', () => {
    expect(names('*.svc.cluster.local', 'b')).toEqual(['short']);
    expect(mesh.routedSubsets.firstOfEach('*').map(({ host, subset }) => `${host} ${subset}`)).toEqual(
      expect.arrayContaining(['ledger.pay.svc.cluster.local a', 'ledger.pay.svc.cluster.local b', 'x.example c']),
    );
    expect(mesh.routedSubsets.firstOfEach('*')).toHaveLength(3);
  });
});
