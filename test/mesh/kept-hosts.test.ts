import { describe, expect, it } from 'vitest';
import { isLocalName, keptHosts } from '../../src/mesh/kept-hosts.ts';
import { meshOf } from '../support/mesh-of.ts';

function kept(hosts: string, rule: string): readonly string[] {
  const mesh = meshOf(
    `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: v, namespace: shop }\nspec:\n  hosts: ${hosts}\n  http:\n    - ${rule}\n`,
  );
  return mesh.routes.to('a.example', 443).flatMap((route) => keptHosts(route, 'cluster.local').map(({ host }) => host));
}

const TO = 'destination: { host: a.example, port: { number: 443 } }';

describe('keptHosts', () => {
  it.each([
    ['a short name, in full', '[rates]', `{ route: [{ ${TO} }] }`, ['rates.shop.svc.cluster.local']],
    ['all that are not the destination', '[a.example, b.example]', `{ route: [{ ${TO} }] }`, ['b.example']],
    ['no wildcard', "['*.example']", `{ route: [{ ${TO} }] }`, []],
    ['none where the rule rewrites it', '[b.example]', `{ rewrite: { authority: a.example }, route: [{ ${TO} }] }`, []],
    ['those of a rule that rewrites the path', '[b.example]', `{ rewrite: { uri: / }, route: [{ ${TO} }] }`, ['b.example']],
    ['none where the rule sets the header', '[b.example]', `{ headers: { request: { set: { Host: a.example } } }, route: [{ ${TO} }] }`, []],
    ['none where the destination sets it', '[b.example]', `{ route: [{ ${TO}, headers: { request: { set: { ':authority': a.example } } } }] }`, []],
  ])('%s', (_, hosts, rule, expected) => {
    expect(kept(hosts, rule)).toEqual(expected);
  });
});

describe('isLocalName', () => {
  it.each([
    ['rates', true],
    ['rates.shop.svc.cluster.local', true],
    ['rates.internal', true],
    ['rates.bank.example', false],
    ['local.bank.example', false],
  ])('%s: %s', (host, expected) => {
    expect(isLocalName(host, 'cluster.local')).toBe(expected);
  });
});
