import { describe, expect, test } from 'vitest';
import { expandShortName, isSubsetOf, isWildcard, overlaps, serviceHost } from '../../src/mesh/host-name.ts';

test.each([
  ['*', true],
  ['*.shop.example', true],
  ['*shop.example', true],
  ['a.*.example', false],
  ['shop.example', false],
  ['', false],
])('N-1: %s is a wildcard: %s', (host, expected) => {
  expect(isWildcard(host)).toBe(expected);
});

test.each([
  ['shop.example', 'shop.example', true],
  ['shop.example', 'Shop.example', false],
  ['shop.example', 'a.shop.example', false],
  ['*.shop.example', 'a.shop.example', true],
  ['*.shop.example', 'a.b.shop.example', true],
  ['*.shop.example', 'shop.example', false],
  ['*shop.example', 'shop.example', true],
  ['*shop.example', 'myshop.example', true],
  ['*', 'shop.example', true],
  ['*', '*.shop.example', true],
  ['*.example', '*.shop.example', true],
  ['*.shop.example', '*.bank.example', false],
  ['*.shop.example', '*.shop.example', true],
])('N-2: %s and %s overlap: %s, either way round', (a, b, expected) => {
  expect([overlaps(a, b), overlaps(b, a)]).toEqual([expected, expected]);
});

test.each([
  ['a.shop.example', '*.shop.example', true],
  ['shop.example', '*.shop.example', false],
  ['shop.example', 'shop.example', true],
  ['*.shop.example', 'a.shop.example', false],
  ['*.a.shop.example', '*.shop.example', true],
  ['*.shop.example', '*.a.shop.example', false],
  ['*.shop.example', '*.shop.example', true],
  ['*', '*.shop.example', false],
  ['shop.example', '*', true],
])('N-3: %s lies within %s: %s', (inner, outer, expected) => {
  expect(isSubsetOf(inner, outer)).toBe(expected);
});

describe('N-6', () => {
  test.each([
    ['rates', 'rates.shop.svc.cluster.local'],
    ['rates.bank', 'rates.bank'],
    ['rates.bank.svc', 'rates.bank.svc'],
    ['rates.bank.example', 'rates.bank.example'],
    ['*', '*'],
    ['*.example', '*.example'],
    ['*rates', '*rates.shop.svc.cluster.local'],
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8::1'],
    ['', ''],
  ])('%s in namespace shop means %s', (host, expected) => {
    expect(expandShortName(host, 'shop', 'cluster.local')).toBe(expected);
  });

  test("the cluster's domain is the mesh's", () => {
    expect(expandShortName('rates', 'shop', 'corp.example')).toBe('rates.shop.svc.corp.example');
    expect(serviceHost('rates', 'shop', 'corp.example')).toBe('rates.shop.svc.corp.example');
  });
});
