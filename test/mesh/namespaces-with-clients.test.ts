import { describe, expect, test } from 'vitest';
import { meshOf } from '../support/mesh-of.ts';

const namespace = (name: string, labels = '') => `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: { ${labels} } }\n`;
const pod = (of: string, labels: string) => `apiVersion: v1\nkind: Pod\nmetadata: { name: pod, namespace: ${of}, labels: { ${labels} } }\nspec: {}\n`;
const sidecar = (of: string) =>
  `apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: { name: default, namespace: ${of} }\nspec: { egress: [{ hosts: ["./*"] }] }\n`;
const INJECTED = 'istio-injection: enabled';

const unrestricted = (...texts: readonly string[]) => meshOf(texts.join('---\n')).clients.unrestricted.map(({ name }) => name);
const hasNone = (name: string, ...texts: readonly string[]) => meshOf(texts.join('---\n')).clients.hasNone(name);

describe('namespaces whose clients see the whole mesh', () => {
  test('are in view and labelled for injection', () => {
    expect(unrestricted(namespace('a', INJECTED), namespace('b'), namespace('c', 'istio.io/rev: canary'), namespace('d', 'istio-injection: disabled'))).toEqual(
      ['a', 'c'],
    );
  });

  test('have no Sidecar, nor has the mesh (S-1)', () => {
    expect(unrestricted(namespace('a', INJECTED), namespace('b', INJECTED), sidecar('b'))).toEqual(['a']);
    expect(unrestricted(namespace('a', INJECTED), sidecar('istio-system'))).toEqual([]);
  });

  test('are not those of gateways', () => {
    expect(unrestricted(namespace('a', INJECTED), pod('a', 'istio: egressgateway'))).toEqual([]);
    expect(unrestricted(namespace('a', INJECTED), pod('a', 'app: web'))).toEqual(['a']);
    expect(unrestricted(namespace('istio-system', INJECTED))).toEqual([]);
  });
});

describe('namespaces that surely have no clients', () => {
  test('are in view without injection, ambient capture or Pods', () => {
    expect(hasNone('a', namespace('a'))).toBe(true);
    expect(hasNone('a', namespace('b'))).toBe(false);
    expect(hasNone('a', namespace('a', INJECTED))).toBe(false);
    expect(hasNone('a', namespace('a', 'istio.io/dataplane-mode: ambient'))).toBe(false);
    expect(hasNone('a', namespace('a'), pod('a', 'app: web'))).toBe(false);
  });
});
