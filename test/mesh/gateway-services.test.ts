import { describe, expect, test } from 'vitest';
import { meshOf, only } from '../support/mesh-of.ts';

const STOCK = 'istio-egressgateway.istio-system.svc.cluster.local';
const gateway = (name: string, selector: string, hosts = 'rates.example') => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: shop }
spec: { selector: { ${selector} }, servers: [{ port: { number: 443, name: p, protocol: TLS }, hosts: ["${hosts}"], tls: { mode: PASSTHROUGH } }] }
---`;
const service = (name: string, selector: string) => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: edge }
spec: { ${selector}, ports: [{ name: tls, port: 443 }] }
---`;
const pods = (labels: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: out, namespace: edge }
spec: { template: { metadata: { labels: { ${labels} } } } }
---`;
const OUT = 'out.edge.svc.cluster.local';

describe('the Gateways behind a Service', () => {
  const at = (text: string, host: string) => [...meshOf(text).gatewayServices.gatewaysAt(host)].map(({ name }) => name);

  test.each([
    ['the stock one', gateway('g', 'istio: egressgateway'), STOCK, ['g']],
    ['by its own selector', gateway('g', 'app: out') + service('out', 'selector: { app: out, tier: edge }'), OUT, ['g']],
    ['by the labels of its Pods', gateway('g', 'role: egress') + service('out', 'selector: { app: out }') + pods('app: out, role: egress'), OUT, ['g']],
    ['not by labels that differ', gateway('g', 'app: in') + service('out', 'selector: { app: out }'), OUT, []],
    ['a Service without a selector tells nothing', gateway('g', 'app: out') + service('out', 'type: ClusterIP'), OUT, []],
    ['an empty selector tells nothing', gateway('g', ''), STOCK, []],
  ])('%s', (_, text, host, expected) => expect(at(text, host)).toEqual(expected));
});

test('knows the namespaces of Pods, the ports of servers and the names that they answer to', () => {
  const mesh = meshOf(gateway('g', 'app: out', './*.Example') + service('out', 'selector: { app: out }') + pods('app: out'));
  const services = mesh.gatewayServices;
  expect(services.namespacesOf(only(mesh, 'Gateway', 'g'))).toEqual(['edge']);
  expect([services.hasServerOn(OUT, 443), services.hasServerOn(OUT, 80)]).toEqual([true, false]);
  expect([services.answersTo(OUT, 443, 'a.example'), services.answersTo(OUT, 443, 'a.test'), services.answersTo(OUT, 80, 'a.example')]).toEqual([
    true,
    false,
    false,
  ]);
  expect(services.podsAt(OUT)).toHaveLength(1);
  expect([services.serviceAt(OUT)?.name, services.serviceAt(STOCK)]).toEqual(['out', undefined]);
});

test('knows Services that have no selector, and nothing of what stands behind them', () => {
  const services = meshOf(gateway('g', 'app: out') + service('out', 'type: ClusterIP') + pods('app: out')).gatewayServices;
  expect([services.has(OUT), services.has('other.edge.svc.cluster.local')]).toEqual([true, false]);
  expect([services.podsAt(OUT), [...services.gatewaysAt(OUT)]]).toEqual([[], []]);
});

describe('what a selector fits', () => {
  const fits = (selector: Record<string, string>) =>
    meshOf(service('out', 'selector: { app: out }') + pods('app: out, istio: egress-edge')).gatewaySelection.fits(selector);

  test.each([
    [{}, true],
    [{ istio: 'egressgateway' }, true],
    [{ istio: 'egressgateway', app: 'istio-egressgateway' }, true],
    [{ istio: 'egressgateway', app: 'other' }, false],
    [{ istio: 'egress-edge' }, true],
    [{ app: 'out' }, true],
    [{ app: 'in' }, false],
  ])('%o: %s', (selector, expected) => expect(fits(selector)).toBe(expected));
});
