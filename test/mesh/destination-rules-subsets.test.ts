import { describe, expect, test } from 'vitest';
import { meshOf } from '../support/mesh-of.ts';

const HOST = 'gateway.edge.svc.cluster.local';
const rule = (name: string, namespace: string, subsets: string, rest = '', host = HOST) =>
  `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: { host: ${host}, subsets: [${subsets}]${rest} }\n`;
const A = '{ name: a }';

/** Whether clients of a namespace get subset `a`, and the rule that counts for them. */
function forClients(client: string, ...rules: readonly string[]): string {
  const { destinationRules } = meshOf(rules.join('---\n'));
  const { isDefined, rule: inEffect } = destinationRules.subsetInEffect({ host: HOST, serviceNamespace: 'edge', clientNamespace: client }, 'a');
  return `${isDefined} ${inEffect ? `${inEffect.namespace}/${inEffect.name}` : 'none'}`;
}

describe('subsetInEffect', () => {
  test('looks in three namespaces (D-2)', () => {
    expect(forClients('shop', rule('r', 'shop', A))).toBe('true shop/r');
    expect(forClients('shop', rule('r', 'edge', A))).toBe('true edge/r');
    expect(forClients('shop', rule('r', 'istio-system', A))).toBe('true istio-system/r');
    expect(forClients('shop', rule('r', 'other', A))).toBe('false none');
  });

  test('the first that has any rule counts, without a word from the others', () => {
    expect(forClients('shop', rule('own', 'shop', ''), rule('r', 'edge', A))).toBe('false shop/own');
    expect(forClients('shop', rule('own', 'shop', '', '', '"*.local"'), rule('r', 'edge', A))).toBe('false shop/own');
    expect(forClients('shop', rule('r', 'edge', ''), rule('root', 'istio-system', A))).toBe('false edge/r');
  });

  test('rules of one namespace are merged (D-3), and exportTo hides (D-1)', () => {
    expect(forClients('shop', rule('first', 'edge', ''), rule('second', 'edge', A))).toBe('true edge/first');
    expect(forClients('shop', rule('r', 'edge', A, ', exportTo: ["."]'))).toBe('false none');
    expect(forClients('shop', rule('r', 'edge', A, ', exportTo: [shop]'))).toBe('true edge/r');
  });

  test('what some clients get by their labels may be there for those that ask', () => {
    expect(forClients('shop', rule('some', 'shop', '', ', workloadSelector: { matchLabels: { app: web } }'), rule('r', 'edge', A))).toBe('true shop/some');
  });
});

describe('the namespaces that register a host', () => {
  test('those of entries in view; that of a Service is in its name (N-10)', () => {
    const entry = (namespace: string) =>
      `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: e, namespace: ${namespace} }\nspec: { hosts: [a.example] }\n`;
    const { registry } = meshOf([entry('shop'), entry('pay')].join('---\n'));
    expect(registry.namespacesOf('a.example')).toEqual(['shop', 'pay']);
    expect(registry.namespacesOf(HOST)).toEqual(['edge']);
    expect(registry.namespacesOf('b.example')).toEqual([]);
    expect(registry.namespacesOf('gateway.edge.svc.other.domain')).toEqual([]);
  });
});
