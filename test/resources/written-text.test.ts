import { expect, test } from 'vitest';
import { load } from '../../src/index.ts';
import { writtenText } from '../../src/resources/written-text.ts';
import type { Path } from '../../src/yaml/locate.ts';

const TEXT = `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: checkout, namespace: shop }
spec:
  outboundTrafficPolicy: # blocked by default
    mode: REGISTRY_ONLY
    nested:
      deeper: 1
  workloadSelector: { labels: { app: web } }
  egress:
    - hosts: ["./*"]
      bind: on # a word
`;

test.each<[Path, string | undefined]>([
  [['spec', 'outboundTrafficPolicy', 'mode'], 'REGISTRY_ONLY'],
  [['spec', 'workloadSelector'], '{ labels: { app: web } }'],
  [['spec', 'egress', 0, 'bind'], 'on'],
  [['spec', 'egress', 0, 'hosts', 0], '"./*"'],
  [['spec', 'outboundTrafficPolicy', 'nested'], '\ndeeper: 1'],
  [['spec', 'nothing'], undefined],
])('the text after %j', (path, expected) => {
  const sidecar = load([{ file: 'sidecar.yaml', text: TEXT }])[0]?.resources[0];
  expect(sidecar && writtenText(sidecar, path)).toBe(expected);
});

test('a block keeps its own indentation and comments, and starts at column 0', () => {
  const sidecar = load([{ file: 'sidecar.yaml', text: TEXT }])[0]?.resources[0];
  expect(sidecar && writtenText(sidecar, ['spec', 'outboundTrafficPolicy'])).toBe('# blocked by default\nmode: REGISTRY_ONLY\nnested:\n  deeper: 1');
});
