import { expect, test } from 'vitest';
import { restrictsImports, SidecarScopes } from '../../src/mesh/sidecar-scopes.ts';
import { meshOf } from '../support/mesh-of.ts';

const sidecar = (namespace: string, name: string, spec: string, created = '') => `
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: ${name}, namespace: ${namespace}${created && `, creationTimestamp: "${created}"`} }
spec: { ${spec} }
`;

test('S-1: a selector before the namespace, the namespace before the root, the older before the younger', () => {
  const mesh = meshOf(
    sidecar('istio-system', 'root', 'egress: [{ hosts: ["./*"] }]') +
      sidecar('shop', 'first', 'egress: [{ hosts: ["./*"] }]') +
      sidecar('shop', 'second', 'egress: [{ hosts: ["*/*"] }]') +
      sidecar('shop', 'till', 'workloadSelector: { labels: { app: till } }, egress: [{ hosts: ["./*"] }]'),
  );
  const scopes = new SidecarScopes(mesh);
  const [root, first, , till] = mesh.all('Sidecar');
  expect(scopes.meshWide).toBe(root);
  expect(scopes.defaultOf('shop')).toBe(first);
  expect(scopes.defaultOf('bank')).toBe(root);
  expect(till && scopes.replacedBy(till)).toBe(first);
  expect(first && scopes.replacedBy(first)).toBe(root);
  expect(root && scopes.replacedBy(root)).toBeUndefined();
});

test('S-2: what imports everything restricts nothing', () => {
  const restricts = (spec: string) =>
    meshOf(sidecar('shop', 'a', spec))
      .all('Sidecar')
      .map(restrictsImports);
  expect(restricts('egress: [{ hosts: ["./*"] }]')).toEqual([true]);
  expect(restricts('egress: [{ hosts: ["./*", "*/*"] }]')).toEqual([false]);
  expect(restricts('egress: [{ port: { number: 443, name: tls, protocol: TLS }, hosts: ["*/*"] }]')).toEqual([true]);
  expect(restricts('outboundTrafficPolicy: { mode: REGISTRY_ONLY }')).toEqual([false]);
});
