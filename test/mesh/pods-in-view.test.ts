import { expect, test } from 'vitest';
import { arePodsInView } from '../../src/mesh/pods-in-view.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const gateway = (selector: string) => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: out, namespace: shop }
spec: { selector: { ${selector} } }
---`;
const OPERATOR = '\napiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: { name: mesh, namespace: istio-system }\nspec: {}\n';
const TEMPLATE = '\n{{- if .Values.gateway }}\napiVersion: apps/v1\nkind: Deployment\n{{- end }}\n';

test.each([
  ['where nothing lies outside', gateway('app: out'), true, true],
  ['not where something may', gateway('app: out'), false, false],
  ['not where an operator makes some', gateway('app: out') + OPERATOR, true, false],
  ['not where a template makes some', gateway('app: out') + TEMPLATE, true, false],
  ['not where istiod makes them', gateway('gateway.networking.k8s.io/gateway-name: out'), true, false],
])('the Pods of a gateway are in view %s', (_, text, closedWorld, expected) => {
  const mesh = meshOf(text, { closedWorld });
  expect(arePodsInView(mesh, only(mesh, 'Gateway', 'out'))).toBe(expected);
});
