import { describe, expect, test } from 'vitest';
import { RULES } from '../../rules/index.ts';
import { lintMeshes, load, meshesOf } from '../../src/index.ts';
import { lintTree } from '../support/lint-text.ts';

const NETWORKING = 'apiVersion: networking.istio.io/v1';

function object(kind: string, name: string, namespace: string, spec: string): string {
  return `${NETWORKING}\nkind: ${kind}\nmetadata: { name: ${name}${namespace && `, namespace: ${namespace}`} }\nspec: ${spec}\n`;
}

const route = (name: string, namespace = 'shop'): string =>
  object('VirtualService', name, namespace, '{ hosts: [rates.bank.example], http: [{ timeout: 1s, route: [{ destination: { host: rates.bank.example } }] }] }');
const gateway = (name: string, namespace = 'shop'): string =>
  object(
    'Gateway',
    name,
    namespace,
    '{ selector: { app: edge }, servers: [{ port: { number: 443, name: tls, protocol: TLS }, hosts: [a.example], tls: { mode: PASSTHROUGH } }] }',
  );
const entry = (name: string, namespace = 'shop'): string =>
  object(
    'ServiceEntry',
    name,
    namespace,
    `{ hosts: [rates.bank.example], location: MESH_EXTERNAL, resolution: ${name === 'a' ? 'DNS' : 'DNS_ROUND_ROBIN'}, ports: [{ number: 443, name: tls, protocol: TLS }] }`,
  );
const rule = (name: string, namespace = 'shop'): string =>
  object('DestinationRule', name, namespace, `{ host: rates.bank.example, trafficPolicy: { connectionPool: { tcp: { maxConnections: ${name.length} } } } }`);
const sidecar = (name: string, namespace = 'shop'): string => object('Sidecar', name, namespace, "{ egress: [{ hosts: ['./*', 'istio-system/*'] }] }");

const CONTRADICTIONS = [
  ['shadowed-virtual-service', route],
  ['conflicting-servers', gateway],
  ['shadowed-service-entry', entry],
  ['shadowed-destination-rule', rule],
  ['sidecar-not-in-effect', sidecar],
] as const;

type Tree = Readonly<Record<string, string>>;

function severities(tree: Tree, name: string): readonly string[] {
  return lintTree(tree).findings.flatMap((finding) => (finding.rule === name ? [finding.severity] : []));
}

describe.each(CONTRADICTIONS)('%s counts', (name, make) => {
  const isReported = (tree: Tree): boolean => severities(tree, name).some((severity) => severity !== 'info');

  test('in one file, in one directory whose files name their namespaces, in one kustomization', () => {
    expect(isReported({ 'a.yaml': `${make('a')}---\n${make('bb')}` })).toBe(true);
    expect(isReported({ 'k/a.yaml': make('a'), 'k/b.yaml': make('bb') })).toBe(true);
    const kustomization = 'namespace: shop\nresources: [one/a.yaml, two/b.yaml]\n';
    expect(isReported({ 'kustomization.yaml': kustomization, 'one/a.yaml': make('a', ''), 'two/b.yaml': make('bb', '') })).toBe(true);
  });

  test('where one of two others is deployed with it', () => {
    expect(isReported({ 'a/a.yaml': make('a'), 'b/b.yaml': `${make('a').replace('name: a,', 'name: c,')}---\n${make('bb')}` })).toBe(true);
  });

  test('not between directories that nothing brings together, or files that do not say where they land', () => {
    expect(isReported({ 'one/a.yaml': make('a'), 'two/b.yaml': make('bb') })).toBe(false);
    expect(isReported({ 'k/a.yaml': make('a', ''), 'k/b.yaml': make('bb', '') })).toBe(false);
  });

  test('where the configuration says that files are one mesh', () => {
    const files = load(Object.entries({ 'one/a.yaml': make('a'), 'two/b.yaml': make('bb') }).map(([file, text]) => ({ file, text })));
    const { meshes } = meshesOf(files, { groups: [{ name: 'all', has: () => true }] });
    const { findings } = lintMeshes(files, meshes, { rules: RULES });
    expect(findings.some((finding) => finding.rule === name && finding.severity !== 'info')).toBe(true);
  });
});

test('three files with rules for one host are examples, not one mesh', () => {
  const tree = { 'k/a.yaml': route('a'), 'k/b.yaml': route('b'), 'k/c.yaml': route('c') };
  expect(severities(tree, 'shadowed-virtual-service')).toEqual(['info', 'info']);
});

test('what rests on one of several installations says nothing of a directory beside them', () => {
  const istio = (more: string): string =>
    `apiVersion: sailoperator.io/v1\nkind: Istio\nmetadata: { name: default }\nspec: { values: { meshConfig: { ${more} } } }\n`;
  const selectors = 'discoverySelectors: [{ matchLabels: { mesh: "yes" } }]';
  const shop = { 'shop/ns.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n', 'shop/a.yaml': entry('a') };
  expect(severities({ 'one/istio.yaml': istio(selectors), ...shop }, 'undiscovered-namespace')).toEqual(['warning']);
  const two = { 'one/istio.yaml': istio(selectors), 'two/istio.yaml': istio('enableTracing: true'), ...shop };
  expect(severities(two, 'undiscovered-namespace')).toEqual([]);
});

test('a subset is missed beside rules of its own namespace, not beside those of others', () => {
  const toSubset = object('VirtualService', 'till', 'shop', '{ hosts: [till], http: [{ route: [{ destination: { host: till, subset: eu } }] }] }');
  const other = (namespace: string): string => object('DestinationRule', 'other', namespace, '{ host: other, trafficPolicy: { tls: { mode: DISABLE } } }');
  expect(severities({ 'k/vs.yaml': toSubset, 'k/dr.yaml': other('shop') }, 'undefined-subset')).toEqual(['warning']);
  expect(severities({ 'k/vs.yaml': toSubset, 'k/dr.yaml': other('bank') }, 'undefined-subset')).toEqual(['info']);
});
