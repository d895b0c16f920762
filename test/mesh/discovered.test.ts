import { expect, test } from 'vitest';
import { discovered } from '../../src/mesh/discovered.ts';
import { TrafficModel } from '../../src/traffic/traffic-model.ts';
import { meshOf } from '../support/mesh-of.ts';

const selectors = `
---
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: "discoverySelectors: [{ matchLabels: { mesh: member } }, { matchExpressions: [{ key: env, operator: Exists }] }]" }
`;

const inNamespace = (labels: string | undefined) => `
${labels === undefined ? '' : `---\napiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { ${labels} } }`}
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { ports: [{ name: http, port: 80 }] }
`;

test.each([
  ['mesh: member', selectors, true],
  ['env: live', selectors, true],
  ['mesh: guest', selectors, false],
  ['', selectors, false],
  [undefined, selectors, true],
  ['mesh: guest', '', true],
])('M-6: of a namespace with the labels %s istiod sees a Service: %#', (labels, config, expected) => {
  const mesh = meshOf(inNamespace(labels) + config);
  expect(discovered(mesh, 'Service').length).toBe(expected ? 1 : 0);
  expect(new TrafficModel(mesh).services.named('web.shop.svc.cluster.local').length).toBe(expected ? 1 : 0);
});

test('M-6: a gateway in view that istiod does not look at is not taken for the stock one', () => {
  const namespace = '---\napiVersion: v1\nkind: Namespace\nmetadata: { name: istio-system }\n';
  const service =
    '---\napiVersion: v1\nkind: Service\nmetadata: { name: istio-egressgateway, namespace: istio-system }\nspec: { selector: { istio: egressgateway }, ports: [] }\n';
  const { services } = new TrafficModel(meshOf(namespace + service + selectors));
  expect(services.named('istio-egressgateway.istio-system.svc.cluster.local')).toEqual([]);
});
