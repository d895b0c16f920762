import { expect, test } from 'vitest';
import { areApart, areDeployedTogether, shareDirectory } from '../../src/mesh/placement.ts';
import { meshOf } from '../support/mesh-of.ts';

const entry = (name: string, namespace = 'namespace: shop') =>
  `\napiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: ${name}, ${namespace} }\nspec: { hosts: [${name}.example] }\n`;

/** Two entries, each in a file of its own. */
function pair(first: string, second: string, namespace?: string) {
  const [a, b] = meshOf({ [first]: entry('a'), [second]: entry('b', namespace) }).all('ServiceEntry');
  if (!a || !b) throw new Error('two entries');
  return [a, b] as const;
}

test.each([
  ['prod', 'test', true],
  ['prod', 'prod', false],
  ['prod', undefined, false],
  [undefined, 'test', false],
])('what is on side %s and what is on side %s are apart: %s', (one, two, expected) => {
  const [a, b] = pair('a.yaml', 'b.yaml');
  expect(areApart({ sideOf: (resource) => (resource === a ? one : two) }, a, b)).toBe(expected);
});

test('nothing is apart where there are no sides', () => expect(areApart({}, ...pair('a.yaml', 'b.yaml'))).toBe(false));

test.each([
  ['by one directory', 'k8s/a.yaml', 'k8s/b.yaml', 'namespace: shop', undefined, true],
  ['not by one directory, where a namespace is not written', 'k8s/a.yaml', 'k8s/b.yaml', 'labels: {}', undefined, false],
  ['not from two directories', 'k8s/a.yaml', 'k8s/more/b.yaml', 'namespace: shop', undefined, false],
  ['by one unit', 'k8s/a.yaml', 'k8s/more/b.yaml', 'labels: {}', (file: string) => file.slice(0, 3), true],
  ['not from two units', 'k8s/a.yaml', 'k8s/more/b.yaml', 'namespace: shop', (file: string) => file, false],
])('two resources are deployed together %s', (_, first, second, namespace, unitOf, expected) => {
  expect(areDeployedTogether(unitOf ? { unitOf } : {}, ...pair(first, second, namespace))).toBe(expected);
});

test('one file is one directory', () => {
  expect(shareDirectory(...pair('k8s/a.yaml', 'k8s/b.yaml'))).toBe(true);
  expect(shareDirectory(...pair('a.yaml', 'k8s/a.yaml'))).toBe(false);
});
