import { expect, test } from 'vitest';
import { lintFiles } from './support/lint-text.ts';

const readable = `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: checkout, namespace: shop }
spec:
  egress:
    - hosts: ["./*"]
`;

test('unreadable-file reports a file that could not be read, at its first character', () => {
  const { findings } = lintFiles([
    { file: 'k8s/egress.yaml', text: '', unreadable: 'permission denied' },
    { file: 'k8s/sidecar.yaml', text: readable },
  ]);
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatchObject({
    code: 'EL904',
    severity: 'warning',
    message: 'this file was not read: permission denied; nothing in it is checked',
    location: { file: 'k8s/egress.yaml', startLine: 1, startColumn: 1 },
  });
});

test('unreadable-file is silent about a file that is empty', () => {
  expect(lintFiles([{ file: 'k8s/empty.yaml', text: '' }]).findings).toEqual([]);
});
