import { describe, expect, test } from 'vitest';
import { meshOf } from '../support/mesh-of.ts';

const entry = (host: string, namespace = 'shop', more = '') => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: e-${host.replace(/\W/g, '')}, namespace: ${namespace} }
spec: { hosts: ["${host}"], ports: [{ number: 80, name: http, protocol: HTTP }, { number: 443, name: tls, protocol: TLS }], resolution: DNS${more} }
---`;
const rule = (name: string, host: string, namespace: string, policy: string, more = '') => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ${name}, namespace: ${namespace} }
spec: { host: "${host}", trafficPolicy: { ${policy} }${more} }
---`;

/** What starts TLS, as `rule mode host:port`. */
function found(text: string): readonly string[] {
  return meshOf(text).originations.map(
    ({ rule: { name }, tls, host, port, isCertain }) => `${name} ${tls.mode} ${host.host}:${port.number}${isCertain ? '' : '?'}`,
  );
}

describe('where proxies start TLS', () => {
  test.each([
    [
      'every port under a policy for the host',
      entry('a.example') + rule('r', 'a.example', 'shop', 'tls: { mode: SIMPLE }'),
      ['r SIMPLE a.example:80', 'r SIMPLE a.example:443'],
    ],
    [
      'one port under settings for it',
      entry('a.example') + rule('r', 'a.example', 'shop', 'portLevelSettings: [{ port: { number: 80 }, tls: { mode: MUTUAL, credentialName: c } }]'),
      ['r MUTUAL a.example:80'],
    ],
    ['none that is switched off', entry('a.example') + rule('r', 'a.example', 'shop', 'tls: { mode: DISABLE }'), []],
    [
      'hosts below a wildcard',
      entry('a.example') + entry('b.test') + rule('r', '*.example', 'shop', 'tls: { mode: SIMPLE }'),
      ['r SIMPLE a.example:80', 'r SIMPLE a.example:443'],
    ],
    [
      'not where a more specific rule holds',
      entry('a.example') + rule('wide', '*', 'shop', 'tls: { mode: ISTIO_MUTUAL }') + rule('own', 'a.example', 'shop', 'tls: { mode: DISABLE }'),
      [],
    ],
    [
      'by rules of the root namespace',
      entry('a.example') + rule('wide', '*', 'istio-system', 'tls: { mode: ISTIO_MUTUAL }'),
      ['wide ISTIO_MUTUAL a.example:80', 'wide ISTIO_MUTUAL a.example:443'],
    ],
    [
      'by rules of other namespaces for their own clients',
      entry('a.example') + rule('r', 'a.example', 'pay', 'tls: { mode: SIMPLE }'),
      ['r SIMPLE a.example:80', 'r SIMPLE a.example:443'],
    ],
    [
      'not to hosts that those clients do not see',
      entry('a.example', 'shop', ', exportTo: ["."]') + rule('r', 'a.example', 'pay', 'tls: { mode: SIMPLE }'),
      [],
    ],
    [
      'not for certain by rules that select clients',
      entry('a.example') + rule('r', 'a.example', 'shop', 'tls: { mode: SIMPLE }', ', workloadSelector: { matchLabels: { app: web } }'),
      [],
    ],
  ])('%s', (_, text, expected) => expect(found(text)).toEqual(expected));

  test('looks at a bounded number of hosts for a wildcard rule', () => {
    const many = Array.from({ length: 300 }, (_, i) => entry(`h${i}.example`)).join('');
    expect(found(many + rule('r', '*', 'istio-system', 'tls: { mode: ISTIO_MUTUAL }'))).toHaveLength(200);
  });
});

describe('rules that set TLS at all', () => {
  const hosts = (text: string, host: string) =>
    meshOf(text)
      .rulesWithTls.covering(host)
      .map(({ name }) => name);

  test.each([
    ['for a subset', 'subsets: [{ name: s, trafficPolicy: { tls: { mode: SIMPLE } } }]', ['r']],
    ['for a port', 'trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: SIMPLE } }] }', ['r']],
    ['perhaps', 'trafficPolicy: { tls: { mode: "{{ .Values.mode }}" } }', ['r']],
    ['not when off', 'trafficPolicy: { tls: { mode: DISABLE } }', []],
    ['not for other things', 'trafficPolicy: { loadBalancer: { simple: RANDOM } }', []],
  ])('%s', (_, spec, expected) => {
    const text = `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: r, namespace: shop }
spec: { host: "*.example", ${spec} }`;
    expect(hosts(text, 'a.example')).toEqual(expected);
    expect(hosts(text, 'a.test')).toEqual([]);
  });
});
