import { describe, expect, test } from 'vitest';
import type { KindName } from '../../src/resources/kinds.ts';
import { meshOf, only } from '../support/mesh-of.ts';

function gateway(name: string, namespace?: string): string {
  const place = namespace === undefined ? '' : `, namespace: ${namespace}`;
  return `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: { name: ${name}${place} }\nspec: { selector: { istio: egressgateway }, servers: [] }\n`;
}

function namesOf(resources: readonly { readonly namespace: string; readonly name: string }[]): readonly string[] {
  return resources.map(({ namespace, name }) => `${namespace}/${name}`);
}

describe('identity', () => {
  const mesh = meshOf({
    'b.yaml': [gateway('egress', 'shop'), gateway('ingress', 'shop')].join('---\n'),
    'a.yaml': [gateway('egress', 'bank'), gateway('bare')].join('---\n'),
    'c.yaml': 'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: egress, namespace: shop }\nspec: {}\n',
  });

  test('by kind, in the order of files and documents', () => {
    expect(namesOf(mesh.all('Gateway'))).toEqual(['bank/egress', 'default/bare', 'shop/egress', 'shop/ingress']);
  });

  test('by kind, namespace and name; Gateways of the Gateway API are a kind of their own', () => {
    expect(mesh.named('Gateway', 'shop', 'egress').map(({ apiVersion }) => apiVersion)).toEqual(['networking.istio.io/v1']);
    expect(mesh.named('KubernetesGateway', 'shop', 'egress').map(({ apiVersion }) => apiVersion)).toEqual(['gateway.networking.k8s.io/v1']);
    expect(mesh.named('Gateway', 'shop', 'absent')).toEqual([]);
  });

  test('by name, or namespace, alone', () => {
    expect(namesOf(mesh.namedAnywhere('Gateway', 'egress'))).toEqual(['bank/egress', 'shop/egress']);
    expect(namesOf(mesh.inNamespace('Gateway', 'shop'))).toEqual(['shop/egress', 'shop/ingress']);
    expect(mesh.inNamespace('Sidecar', 'shop')).toEqual([]);
  });
});

describe('belongTogether', () => {
  const together = (texts: Readonly<Record<string, string>>): boolean => {
    const mesh = meshOf(texts);
    const [virtualService] = mesh.all('VirtualService');
    const [first] = mesh.all('Gateway');
    if (!virtualService || !first) throw new Error('both are to be there');
    expect(mesh.belongTogether(first, virtualService)).toBe(mesh.belongTogether(virtualService, first));
    return mesh.belongTogether(virtualService, first);
  };
  const vs = (namespace?: string): string =>
    `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: rates${namespace === undefined ? '' : `, namespace: ${namespace}`} }\nspec: { hosts: [a] }\n`;

  test.each<[what: string, texts: Readonly<Record<string, string>>, expected: boolean]>([
    ['in different directories, with their namespaces', { 'a/vs.yaml': vs('shop'), 'b/gw.yaml': gateway('egress', 'edge') }, true],
    ['without a namespace, in one directory', { 'a/vs.yaml': vs(), 'a/gw.yaml': gateway('egress', 'edge') }, true],
    ['without a namespace, in different directories', { 'a/vs.yaml': vs(), 'b/gw.yaml': gateway('egress', 'edge') }, false],
    ['a directory and one beneath it', { 'a/vs.yaml': vs(), 'a/b/gw.yaml': gateway('egress', 'edge') }, false],
    ['a templated namespace is none', { 'a/vs.yaml': vs('"{{ .Release.Namespace }}"'), 'b/gw.yaml': gateway('egress', 'edge') }, false],
    ['in one file, whatever they say', { 'a.yaml': `${vs()}---\n${gateway('egress')}` }, true],
    ['one of several alternatives', { 'dev/gw.yaml': gateway('egress', 'edge'), 'prod/gw.yaml': gateway('egress', 'edge'), 'vs.yaml': vs('shop') }, false],
    ['and the alternative of its own file', { 'dev.yaml': `${gateway('egress', 'edge')}---\n${vs('shop')}`, 'prod.yaml': gateway('egress', 'edge') }, true],
  ])('%s: %s', (_, texts, expected) => {
    expect(together(texts)).toBe(expected);
  });
});

test.each([
  ['metadata: { name: web, namespace: shop }', true],
  ['metadata: { name: web }', false],
  ['metadata: { name: web, namespace: }', false],
  ['metadata: { name: web, namespace: "{{ .Release.Namespace }}" }', false],
])('the namespace of %s is known: %s', (metadata, expected) => {
  const mesh = meshOf(`apiVersion: networking.istio.io/v1\nkind: Sidecar\n${metadata}\nspec: {}\n`);
  expect(mesh.hasKnownNamespace(only(mesh, 'Sidecar', 'web'))).toBe(expected);
});

describe('what a template makes', () => {
  const whole = 'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: { name: egress }\n{{- if .Values.on }}\nspec: {}\n{{- end }}\n';

  test.each<[what: string, text: string, kind: KindName, unknownNames: boolean, templates: boolean]>([
    ['a plain object', gateway('egress', 'shop'), 'Gateway', false, false],
    ['a templated name', gateway('"{{ .Release.Name }}-egress"', 'shop'), 'Gateway', true, false],
    ['a templated namespace', gateway('egress', '"{{ .Release.Namespace }}"'), 'Gateway', true, false],
    ['a templated name of another kind', gateway('"{{ .Release.Name }}"', 'shop'), 'Sidecar', false, false],
    ['a whole document', whole, 'Gateway', true, true],
    ['a whole document of another kind', whole, 'Sidecar', false, false],
  ])('%s', (_, text, kind, unknownNames, templates) => {
    const mesh = meshOf(text);
    expect([mesh.hasUnknownNames(kind), mesh.hasTemplates(kind)]).toEqual([unknownNames, templates]);
    // Asked again, it says the same.
    expect(mesh.hasUnknownNames(kind)).toBe(unknownNames);
  });
});
