import { describe, expect, test } from 'vitest';
import { load, meshesOf } from '../../src/index.ts';
import type { Resource } from '../../src/resources/resource.ts';
import { lintTree } from '../support/lint-text.ts';

type Tree = Readonly<Record<string, string>>;

const entry = (name: string, namespace?: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: ${name}${namespace ? `, namespace: ${namespace}` : ''} }\nspec:\n  hosts: [${name}.example]\n  location: MESH_EXTERNAL\n  resolution: DNS\n  ports: [{ number: 443, name: tls, protocol: TLS }]\n`;
const kustomization = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;

function divide(tree: Tree) {
  return meshesOf(load(Object.entries(tree).map(([file, text]) => ({ file, text }))));
}

function resources(tree: Tree): readonly Resource[] {
  return divide(tree).meshes.flatMap(({ mesh }) => mesh.resources);
}

/** Each mesh with its objects, as kind/namespace/name. */
function shape(tree: Tree): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(divide(tree).meshes.map(({ name, mesh }) => [name, mesh.resources.map((each) => `${each.kind}/${each.namespace}/${each.name}`)]));
}

describe("a kustomization's namespace", () => {
  test('goes to what it takes in, whatever is written there; the outermost wins', () => {
    const tree = {
      'base/kustomization.yaml': kustomization('namespace: inner', 'resources: [a.yaml]'),
      'base/a.yaml': entry('a', 'written'),
      'prod/kustomization.yml': kustomization('kind: Kustomization', 'namespace: outer', 'resources:', '- ../base', '- ./b.yaml'),
      'prod/b.yaml': entry('b'),
    };
    expect(shape(tree)).toEqual({ '': ['ServiceEntry/outer/a', 'ServiceEntry/outer/b'] });
    expect(divide(tree).meshes[0]?.mesh.resources.every((each) => divide(tree).meshes[0]?.mesh.hasKnownNamespace(each))).toBe(true);
  });

  test('is the name of Namespaces, and no matter of files that nobody takes in', () => {
    const tree = {
      'k/Kustomization': kustomization('namespace: shop', 'resources: [ns.yaml]'),
      'k/ns.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: placeholder }\n',
      'k/other.yaml': entry('other'),
    };
    expect(shape(tree)).toEqual({ '': ['Namespace//shop', 'ServiceEntry/default/other'] });
  });
});

test('several overlays over one base are alternatives, each with the base in its own namespace', () => {
  const tree = {
    'base/kustomization.yaml': kustomization('resources: [a.yaml]'),
    'base/a.yaml': entry('a'),
    'overlays/dev/kustomization.yaml': kustomization('namespace: shop-dev', 'resources: [../../base]'),
    'overlays/prod/kustomization.yaml': kustomization('namespace: shop', 'resources: [../../base, b.yaml]'),
    'overlays/prod/b.yaml': entry('b'),
    'mesh/c.yaml': entry('c', 'istio-system'),
  };
  expect(shape(tree)).toEqual({
    'overlays/dev': ['ServiceEntry/shop-dev/a', 'ServiceEntry/istio-system/c'],
    'overlays/prod': ['ServiceEntry/shop/a', 'ServiceEntry/istio-system/c', 'ServiceEntry/shop/b'],
  });
});

describe('patches', () => {
  const base = { 'base/kustomization.yaml': 'resources: [a.yaml]\n', 'base/a.yaml': entry('a', 'shop').replace('resolution: DNS', 'resolution: DSN') };
  const problems = (tree: Tree): readonly string[] => resources(tree).flatMap((each) => each.problems.map(({ path }) => path.join('.')));

  test('are no resources, and what they write is unknown', () => {
    const merge = 'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: a }\nspec: { resolution: STATIC }\n';
    expect(problems(base)).toEqual(['spec.resolution']);
    for (const list of ['patches: [{ path: p.yaml }]', 'patchesStrategicMerge: [p.yaml]']) {
      const tree = { ...base, 'prod/kustomization.yaml': `resources: [../base]\n${list}\n`, 'prod/p.yaml': merge };
      expect(shape(tree)).toEqual({ '': ['ServiceEntry/shop/a'] });
      expect(problems(tree)).toEqual([]);
    }
  });

  test.each([
    ['inline', "patches:\n- target: { kind: ServiceEntry, name: 'a|b' }\n  patch: |-\n    - { op: replace, path: /spec/resolution, value: DNS }\n"],
    ['from a file that is not there, which may write anything', 'patchesJson6902:\n- target: { kind: ServiceEntry, name: a }\n  path: gone.json\n'],
    ['replacements', 'replacements:\n- targets:\n  - select: { kind: ServiceEntry }\n    fieldPaths: [spec.resolution]\n'],
  ])('%s', (_, lines) => {
    expect(problems({ ...base, 'prod/kustomization.yaml': `resources: [../base]\n${lines}` })).toEqual([]);
  });

  test('replacements may name a key with dots in it, in brackets or behind backslashes', () => {
    const key = 'traffic.sidecar.istio.io/excludeOutboundPorts';
    const pods = 'metadata: { name: a }\nspec: { template: { metadata: { labels: { app: a } }, spec: {} } }';
    for (const written of [`[${key}]`, key.replaceAll('.', '\\.')]) {
      const path = `spec.template.metadata.annotations.${written}`;
      const lines = `resources: [a.yaml]\nreplacements:\n- targets:\n  - select: { kind: Deployment }\n    fieldPaths: ['${path}']\n`;
      expect(problems({ 'k/kustomization.yaml': lines, 'k/a.yaml': `apiVersion: apps/v1\nkind: Deployment\n${pods}\n` })).toEqual([]);
    }
  });

  test('for other objects change nothing', () => {
    const lines = 'patches:\n- target: { kind: ServiceEntry, name: aa }\n  patch: |-\n    - { op: remove, path: /spec/resolution }\n';
    expect(problems({ ...base, 'prod/kustomization.yaml': `resources: [../base]\n${lines}` })).toEqual(['spec.resolution']);
  });

  test('of components go to everything beside them', () => {
    const component = 'kind: Component\npatches:\n- target: { kind: ServiceEntry }\n  patch: |-\n    - { op: replace, path: /spec/resolution, value: DNS }\n';
    expect(problems({ ...base, 'prod/kustomization.yaml': 'resources: [../base]\ncomponents: [../fix]\n', 'fix/kustomization.yaml': component })).toEqual([]);
  });

  test('can take an object away', () => {
    const text = 'patches:\n- patch: |-\n    $patch: delete\n    apiVersion: networking.istio.io/v1\n    kind: ServiceEntry\n    metadata: { name: a }\n';
    expect(shape({ ...base, 'prod/kustomization.yaml': `resources: [../base]\n${text}` })).toEqual({ '': [] });
  });
});

test('generated Secrets and ConfigMaps are in view by their plain names, with the keys that are known', () => {
  const tree = {
    'k/kustomization.yaml':
      'namespace: shop\nsecretGenerator:\n- name: pay-tls\n  files: [tls.crt=c.pem, keys/tls.key]\nconfigMapGenerator:\n- name: settings\n  envs: [a.env]\n',
  };
  expect(shape(tree)).toEqual({ '': ['Secret/shop/pay-tls', 'ConfigMap/shop/settings'] });
  const secret = divide(tree).meshes[0]?.mesh.named('Secret', 'shop', 'pay-tls')[0];
  expect(Object.keys(secret?.spec.data ?? {})).toEqual(['tls.crt', 'tls.key']);
});

test('prefixes and suffixes make names unknown', () => {
  const { mesh } = divide({ 'k/kustomization.yaml': 'namePrefix: eu-\nresources: [a.yaml]\n', 'k/a.yaml': entry('a', 'shop') }).meshes[0] ?? {};
  expect([mesh?.hasUnknownNames('ServiceEntry'), mesh?.hasUnknownNames('Gateway')]).toEqual([true, false]);
});

test('labels reach Pods where kustomize puts them there', () => {
  const pod =
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web, namespace: shop }\nspec:\n  template: { metadata: { labels: { app: web } }, spec: {} }\n';
  const tree = (lines: string): Tree => ({ 'k/kustomization.yaml': `resources: [d.yaml]\n${lines}\n`, 'k/d.yaml': pod });
  const selected = (lines: string): number | undefined => divide(tree(lines)).meshes[0]?.mesh.podsSelected('shop', { team: 'a', app: 'web' }).length;
  expect([
    selected('commonLabels: { team: a }'),
    selected('labels: [{ pairs: { team: a }, includeSelectors: true }]'),
    selected('labels: [{ pairs: { team: a } }]'),
  ]).toEqual([1, 1, 0]);
});

test('kustomizations that take each other in end', () => {
  const tree = { 'a/kustomization.yaml': 'resources: [../b]\n', 'b/kustomization.yaml': 'resources: [../a, c.yaml]\n', 'b/c.yaml': entry('c', 'shop') };
  expect(shape(tree)).toEqual({ '': ['ServiceEntry/shop/c'] });
});

test('annotations and comments silence findings of what overlays take in, and count as used', () => {
  const bad = entry('a').replace('DNS', 'DSN').replace('{ name: a }', '{ name: a, annotations: { egress-lint/ignore: "unknown-value: later" } }');
  const tree = {
    'base/kustomization.yaml': 'resources: [a.yaml]\n',
    'base/a.yaml': bad,
    'dev/kustomization.yaml': 'namespace: dev\nresources: [../base]\n',
    'prod/kustomization.yaml': 'namespace: prod\nresources: [../base]\n',
  };
  const loud = lintTree(tree).findings.filter(({ severity }) => severity !== 'info');
  expect(loud.map(({ rule }) => rule)).toEqual([]);
  const told = lintTree({ ...tree, 'base/a.yaml': entry('a').replace('DNS', 'DSN') }).findings.filter(({ severity }) => severity !== 'info');
  expect(told.map(({ rule, location }) => `${location.file} ${rule}`)).toEqual(['base/a.yaml unknown-value']);
});

describe('deployers', () => {
  const argo = (name: string, path: string, namespace: string): string =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: ${name}, namespace: argocd }\nspec:\n  source: { repoURL: https://git.example/x, path: ${path} }\n  destination: { namespace: ${namespace} }\n`;
  const flux = (path: string, namespace: string): string =>
    `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: a, namespace: flux-system }\nspec: { path: ${path}, targetNamespace: ${namespace} }\n`;
  const named = (tree: Tree): readonly string[] => resources(tree).map((each) => `${each.namespace}/${each.name}`);

  test('of Argo CD fill in the namespace of their directory', () => {
    const tree = {
      'argo/a.yaml': argo('a', 'apps/a', 'shop'),
      'apps/a/b.yaml': entry('b'),
      'apps/a/c.yaml': entry('c', 'own'),
      'apps/a/deep/d.yaml': entry('d'),
    };
    expect(named(tree)).toEqual(['shop/b', 'own/c', 'default/d']);
  });

  test('that disagree tell nothing', () => {
    const tree = { 'argo/a.yaml': `${argo('a', 'apps', 'one')}---\n${argo('b', 'apps', 'two')}`, 'apps/b.yaml': entry('b') };
    expect(named(tree)).toEqual(['default/b']);
  });

  test('of Flux replace it, also in what a kustomization builds', () => {
    const tree = { 'flux/a.yaml': flux('./apps', 'shop'), 'apps/deep/b.yaml': entry('b', 'own') };
    expect(named(tree)).toEqual(['shop/b']);
    expect(named({ ...tree, 'apps/kustomization.yaml': 'namespace: inner\nresources: [c.yaml]\n', 'apps/c.yaml': entry('c') })).toEqual(['shop/c', 'shop/b']);
  });
});
