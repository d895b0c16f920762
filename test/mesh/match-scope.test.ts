import { describe, expect, test } from 'vitest';
import { httpMatchCovers } from '../../src/mesh/http-match.ts';
import { isForMesh, isForMeshAlone, scopeCovers, scopedMatches } from '../../src/mesh/match-scope.ts';
import { meshOf, only } from '../support/mesh-of.ts';

/** The http matches of a VirtualService shop/route with these gateways. */
function matches(gateways: string, ...texts: readonly string[]) {
  const rules = texts.map((text) => `  - { ${text === '' ? '' : `match: [${text}], `}route: [{ destination: { host: a.example } }] }\n`).join('');
  const mesh = meshOf(
    `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: route, namespace: shop }\nspec:\n  hosts: [a.example]\n  gateways: ${gateways}\n  http:\n${rules}`,
  );
  return scopedMatches(only(mesh, 'VirtualService', 'route'), 'http');
}

describe('scopedMatches', () => {
  test('a match without gateways holds wherever the VirtualService is bound (R-8), each written in one way (N-9)', () => {
    const found = matches('[mesh, egress, other/egress]', '', '{ gateways: [mesh] }', '{ gateways: [egress.shop, shop/egress] }');
    expect(found.map(({ scope }) => scope.gateways)).toEqual([['mesh', 'shop/egress', 'other/egress'], ['mesh'], ['shop/egress', 'shop/egress']]);
    expect(matches('[]', '').map(({ scope }) => scope.gateways)).toEqual([['mesh']]);
    expect(found.map(({ scope }) => [isForMesh(scope), isForMeshAlone(scope)])).toEqual([
      [true, false],
      [true, true],
      [false, false],
    ]);
  });

  test('paths lead to the match, or to the rule where it has none', () => {
    expect(matches('[]', '', '{ port: 80 }, { port: 81 }').map(({ path }) => path.join('.'))).toEqual([
      'spec.http.0',
      'spec.http.1.match.0',
      'spec.http.1.match.1',
    ]);
  });

  test('what is refused, unknown or template text is not sound', () => {
    const sound = (...texts: readonly string[]) => matches('[]', ...texts).map(({ isSound }) => isSound);
    expect(sound('{ uri: { prefix: /a } }', '{ url: { prefix: /a } }', '{ uri: { prefix: "{{ .Values.prefix }}" } }', '{ uri: [a] }')).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(sound('', 'matches: [{ uri: { prefix: /a } }]')).toEqual([true, false]);
  });
});

describe('scopeCovers', () => {
  const covers = (outer: string, inner: string, gateways = '[mesh, egress]'): boolean => {
    const [one, two] = matches(gateways, outer, inner);
    return one !== undefined && two !== undefined && scopeCovers(one.scope, two.scope);
  };

  test.each([
    ['', '', true],
    ['', '{ gateways: [mesh], port: 80, sourceLabels: { app: web } }', true],
    ['{ gateways: [mesh] }', '', false],
    ['{ gateways: [mesh] }', '{ gateways: [egress] }', false],
    ['{ port: 80 }', '', false],
    ['{ port: 80 }', '{ port: 81 }', false],
    ['{ port: 80 }', '{ port: 80, gateways: [egress] }', true],
    ['{ sourceLabels: { app: web } }', '', false],
    ['{ sourceLabels: { a: "1", b: "2" } }', '{ sourceLabels: { b: "2", a: "1" } }', true],
    ['{ sourceNamespace: shop }', '{ sourceNamespace: pay }', false],
  ])('%s over %s: %s', (outer, inner, expected) => expect(covers(outer, inner)).toBe(expected));
});

describe('httpMatchCovers', () => {
  const covers = (outer: string, inner: string): boolean => {
    const [one, two] = matches('[]', outer, inner);
    return httpMatchCovers(one?.match, two?.match);
  };

  test.each([
    ['', '{ uri: { exact: /a } }', true],
    ['{ port: 80 }', '{ uri: { exact: /a } }', true],
    ['{ uri: { prefix: / } }', '', true],
    ['{ uri: { regex: ".*" } }', '{ method: { exact: GET } }', true],
    ['{ uri: { prefix: / }, method: { exact: GET } }', '', false],
    ['{ uri: { prefix: /a } }', '', false],
    ['{ uri: { prefix: /a } }', '{ uri: { prefix: /ab } }', true],
    ['{ uri: { prefix: /a } }', '{ uri: { exact: /a/b } }', true],
    ['{ uri: { prefix: /a } }', '{ uri: { regex: "/a.*" } }', false],
    ['{ uri: { prefix: /ab } }', '{ uri: { prefix: /a } }', false],
    ['{ uri: { prefix: /a } }', '{ uri: { prefix: /ab }, ignoreUriCase: true }', false],
    ['{ uri: { exact: /a } }', '{ uri: { exact: /a } }', true],
    ['{ uri: { exact: /a } }', '{ uri: { prefix: /a } }', false],
    ['{ headers: { x: { exact: "1" } } }', '{ headers: { x: { exact: "1" }, y: { exact: "2" } }, uri: { prefix: /a } }', true],
    ['{ headers: { x: { exact: "1" } } }', '{ headers: { x: { exact: "2" } } }', false],
    ['{ withoutHeaders: { x: {} } }', '', false],
    ['{ queryParams: { q: { exact: "1" } } }', '{ uri: { prefix: /a } }', false],
    ['{ authority: { exact: a.example } }', '{ authority: { exact: a.example }, method: { exact: GET } }', true],
  ])('%s over %s: %s', (outer, inner, expected) => expect(covers(outer, inner)).toBe(expected));
});
