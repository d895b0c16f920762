import { describe, expect, test } from 'vitest';
import { Storyteller } from '../../../src/traffic/probes/story.ts';
import { meshOf } from '../../support/mesh-of.ts';

const service = (spec: string) => `---
apiVersion: v1
kind: Service
metadata: {name: ledger, namespace: shop}
spec: {${spec}, ports: [{name: http, port: 8000}]}
`;

function assumptionsFor(text: string): readonly string[] {
  const { first, assumptions } = new Storyteller(meshOf(text)).tell({
    from: { namespace: 'shop', labels: {} },
    to: { host: 'ledger.shop.svc.cluster.local', port: 8000 },
    proto: 'http',
  });
  return [first.paths[0]?.outcome ?? '', ...assumptions.filter((each) => each.includes('ledger'))];
}

describe('what is taken for granted of a Service', () => {
  test('without a selector: that it has no endpoints', () =>
    expect(assumptionsFor(service('clusterIP: 10.96.0.7'))).toEqual([
      'no-endpoints',
      expect.stringContaining('its Endpoints and EndpointSlices are not read'),
    ]));
  test('with one: the Pods that it finds', () =>
    expect(assumptionsFor(service('clusterIP: 10.96.0.7, selector: {app: ledger}'))).toEqual(['mesh', expect.stringContaining('one is made up that does')]));
});
