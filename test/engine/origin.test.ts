import { expect, test } from 'vitest';
import { lintText } from '../support/lint-text.ts';

const BROKEN = (annotations = ''): string =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: a\n  namespace: shop\n${annotations}spec:\n  hosts: [a.example]\n  resolution: DSN\n  ports: [{ number: 443, name: tls, protocol: TLS }]\n`;

function origins(text: string): readonly (string | undefined)[] {
  return lintText(text).flatMap(({ rule, origin }) => (rule === 'unknown-value' ? [origin] : []));
}

test('a finding names the template that helm rendered the object from', () => {
  const text = `---\n# Source: chart/templates/a.yaml\n${BROKEN()}---\n# Source: chart/templates/b.yaml\n# more\n${BROKEN().replace('name: a', 'name: b')}`;
  expect(origins(text)).toEqual(['chart/templates/a.yaml', 'chart/templates/b.yaml']);
});

test('or the file that kustomize says', () => {
  expect(origins(BROKEN('  annotations:\n    config.kubernetes.io/origin: |\n      path: ../base/a.yaml\n      repo: x\n'))).toEqual(['../base/a.yaml']);
});

test('but no comment within the object, or above another', () => {
  expect(origins(`${BROKEN()}# Source: other.yaml\n`)).toEqual([undefined]);
  expect(origins(`# Source: chart/templates/a.yaml\n${BROKEN()}---\n${BROKEN().replace('name: a', 'name: b')}`)).toEqual(['chart/templates/a.yaml', undefined]);
});
