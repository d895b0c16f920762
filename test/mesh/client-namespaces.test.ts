import { describe, expect, test } from 'vitest';
import { isAmbient, isInjected } from '../../src/mesh/client-namespaces.ts';
import { meshOf } from '../support/mesh-of.ts';

const namespace = (labels: string) => `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { ${labels} } }
`;

test.each([
  ['istio-injection: enabled', true],
  ['istio-injection: disabled, istio.io/rev: stable', false],
  ['istio.io/rev: stable', true],
  ['istio.io/dataplane-mode: ambient', false],
  ['', false],
])('a Namespace with %s injects sidecars: %s', (labels, expected) => {
  expect(meshOf(namespace(labels)).all('Namespace').map(isInjected)).toEqual([expected]);
});

test('a Namespace with sidecars and ambient counts as one with sidecars', () => {
  expect(meshOf(namespace('istio.io/dataplane-mode: ambient')).all('Namespace').map(isAmbient)).toEqual([true]);
  expect(meshOf(namespace('istio.io/dataplane-mode: ambient, istio-injection: enabled')).all('Namespace').map(isAmbient)).toEqual([false]);
});

describe('a namespace looks empty', () => {
  const looksEmpty = (text: string, name = 'shop') => meshOf(text).clients.looksEmpty(name);
  const sidecar = (spec: string) => `
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: istio-system }
spec: { ${spec} }
`;
  const deployment = (labels: string) => `
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: till, namespace: shop }
spec: { template: { metadata: { labels: { ${labels} } } } }
`;

  test('only where its Namespace is in view, or it is the root namespace', () => {
    expect(looksEmpty(namespace('team: sales'))).toBe(true);
    expect(looksEmpty(namespace('team: sales'), 'bank')).toBe(false);
    expect(looksEmpty('', 'istio-system')).toBe(true);
  });

  test('not with injection, ambient, or labels that are not known', () => {
    expect(looksEmpty(namespace('istio-injection: enabled'))).toBe(false);
    expect(looksEmpty(namespace('istio.io/dataplane-mode: ambient'))).toBe(false);
    expect(looksEmpty(namespace('istio-injection: "$(INJECTION)"'))).toBe(false);
  });

  test('not where something but gateways runs, or a Sidecar lies that is no default of the mesh', () => {
    expect(looksEmpty(namespace('') + deployment('app: till'))).toBe(false);
    expect(looksEmpty(namespace('') + deployment('istio: egressgateway'))).toBe(true);
    expect(looksEmpty(sidecar('egress: [{ hosts: ["./*"] }]'), 'istio-system')).toBe(true);
    expect(looksEmpty(sidecar('workloadSelector: { labels: { app: a } }, egress: [{ hosts: ["./*"] }]'), 'istio-system')).toBe(false);
  });
});

const named = (name: string, labels = '') => `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: { ${labels} } }\n`;
const pod = (of: string, labels: string) => `apiVersion: v1\nkind: Pod\nmetadata: { name: pod, namespace: ${of}, labels: { ${labels} } }\nspec: {}\n`;
const sidecar = (of: string) =>
  `apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: { name: default, namespace: ${of} }\nspec: { egress: [{ hosts: ["./*"] }] }\n`;
const INJECTED = 'istio-injection: enabled';

const unrestricted = (...texts: readonly string[]) => meshOf(texts.join('---\n')).clients.unrestricted.map(({ name }) => name);
const hasNone = (name: string, ...texts: readonly string[]) => meshOf(texts.join('---\n')).clients.hasNone(name);

describe('namespaces whose clients see the whole mesh', () => {
  test('are in view and labelled for injection', () => {
    expect(unrestricted(named('a', INJECTED), named('b'), named('c', 'istio.io/rev: canary'), named('d', 'istio-injection: disabled'))).toEqual(['a', 'c']);
  });

  test('have no Sidecar, nor has the mesh (S-1)', () => {
    expect(unrestricted(named('a', INJECTED), named('b', INJECTED), sidecar('b'))).toEqual(['a']);
    expect(unrestricted(named('a', INJECTED), sidecar('istio-system'))).toEqual([]);
  });

  test('are not those of gateways', () => {
    expect(unrestricted(named('a', INJECTED), pod('a', 'istio: egressgateway'))).toEqual([]);
    expect(unrestricted(named('a', INJECTED), pod('a', 'app: web'))).toEqual(['a']);
    expect(unrestricted(named('istio-system', INJECTED))).toEqual([]);
  });
});

describe('namespaces that surely have no clients', () => {
  test('are in view without injection, ambient capture or Pods', () => {
    expect(hasNone('a', named('a'))).toBe(true);
    expect(hasNone('a', named('b'))).toBe(false);
    expect(hasNone('a', named('a', INJECTED))).toBe(false);
    expect(hasNone('a', named('a', 'istio.io/dataplane-mode: ambient'))).toBe(false);
    expect(hasNone('a', named('a'), pod('a', 'app: web'))).toBe(false);
  });
});
