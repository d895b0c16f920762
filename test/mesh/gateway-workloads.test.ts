import { expect, test } from 'vitest';
import { isGatewayWorkload, stockGatewayWith } from '../../src/mesh/gateway-workloads.ts';

test.each([
  [{ istio: 'egressgateway' }, {}, true],
  [{ 'gateway.networking.k8s.io/gateway-name': 'waypoint' }, {}, true],
  [{ app: 'way-out' }, { 'inject.istio.io/templates': 'gateway' }, true],
  [{ app: 'till' }, { 'inject.istio.io/templates': 'sidecar' }, false],
])('a workload labelled %o and annotated %o is a gateway: %s', (labels, annotations, expected) => {
  expect(isGatewayWorkload({ labels, annotations })).toBe(expected);
});

test('the stock gateways are known by any of their labels', () => {
  expect(stockGatewayWith({ istio: 'egressgateway' })?.name).toBe('istio-egressgateway');
  expect(stockGatewayWith({ app: 'istio-egressgateway', istio: 'egressgateway' })?.name).toBe('istio-egressgateway');
  expect(stockGatewayWith({ istio: 'egressgateway', tier: 'eu' })).toBeUndefined();
  expect(stockGatewayWith({})).toBeUndefined();
});
