import { describe, expect, test } from 'vitest';
import { hostReference } from '../../src/mesh/host-reference.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const service = (namespace: string, name: string, ports = '[{ name: http, port: 80 }]') =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: { ports: ${ports} }\n`;
const entry = (hosts: string) =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: entry, namespace: shop }\nspec: { hosts: [${hosts}], ports: [{ number: 80, name: http, protocol: HTTP }] }\n`;
const route = (metadata = 'name: route, namespace: shop') =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { ${metadata} }\nspec: { hosts: [a.example] }\n`;

/** What a name in a VirtualService of namespace shop means. */
function means(written: string, others: readonly string[], own = route()): string {
  const mesh = meshOf([own, ...others].join('---\n'));
  const reference = hostReference(mesh, only(mesh, 'VirtualService', 'route'), written);
  return reference.state === 'half-qualified' || reference.state === 'elsewhere'
    ? `${reference.state} ${reference.meant}`
    : `${reference.state} ${reference.host}`;
}

describe('hostReference', () => {
  test('what is registered under the name, once that is completed (N-6)', () => {
    expect(means('ledger', [service('shop', 'ledger')])).toBe('registered ledger.shop.svc.cluster.local');
    expect(means('a.example', [entry('a.example')])).toBe('registered a.example');
    expect(means('"*.example"'.replaceAll('"', ''), [entry('"*.example"')])).toBe('registered *.example');
  });

  test('a wildcard does not make the names within it destinations (R-12)', () => {
    expect(means('a.example', [entry('"*.example"')])).toBe('within-wildcard a.example');
  });

  test('half qualified names are those of no Service (N-7)', () => {
    expect(means('ledger.pay', [service('pay', 'ledger')])).toBe('half-qualified ledger.pay.svc.cluster.local');
    expect(means('ledger.pay.svc', [])).toBe('half-qualified ledger.pay.svc.cluster.local');
    expect(means('ledger.pay.svc.cluster', [])).toBe('half-qualified ledger.pay.svc.cluster.local');
    expect(means('istio-egressgateway.istio-system', [])).toBe('half-qualified istio-egressgateway.istio-system.svc.cluster.local');
    // May be a name of the DNS.
    expect(means('ledger.pay', [service('pay', 'basket')])).toBe('not-in-view ledger.pay');
    expect(means('ledger.pay.svc.cluster.local', [])).toBe('not-in-view ledger.pay.svc.cluster.local');
    expect(means('ledger.pay', [service('pay', 'ledger'), entry('ledger.pay')])).toBe('registered ledger.pay');
  });

  test('a short name whose Service stands in one other namespace', () => {
    expect(means('ledger', [service('pay', 'ledger')])).toBe('elsewhere ledger.pay.svc.cluster.local');
    expect(means('istio-egressgateway', [])).toBe('elsewhere istio-egressgateway.istio-system.svc.cluster.local');
    expect(means('ledger', [service('pay', 'ledger'), service('stock', 'ledger')])).toBe('not-in-view ledger.shop.svc.cluster.local');
    expect(means('ledger', [service('pay', 'ledger')], route('name: route'))).toBe('not-in-view ledger.default.svc.cluster.local');
    expect(means('ledger', [service('"{{ .Values.namespace }}"', 'ledger')])).toBe('not-in-view ledger.shop.svc.cluster.local');
  });

  test('is known where Services of the own namespace are in view', () => {
    const isKnown = (others: readonly string[]): unknown => {
      const mesh = meshOf([route(), service('pay', 'ledger'), ...others].join('---\n'));
      return hostReference(mesh, only(mesh, 'VirtualService', 'route'), 'ledger');
    };
    expect(isKnown([])).toMatchObject({ state: 'elsewhere', isKnown: false });
    expect(isKnown([service('shop', 'basket')])).toMatchObject({ state: 'elsewhere', isKnown: true });
  });
});
