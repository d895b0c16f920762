import { describe, expect, test } from 'vitest';
import { load, type MeshesOptions, meshesOf } from '../../src/index.ts';
import { lintTree } from '../support/lint-text.ts';

type Tree = Readonly<Record<string, string>>;

const entry = (name: string, host = `${name}.example`, more = ''): string =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: ${name}, namespace: shop }\nspec:\n  hosts: [${host}]\n  location: MESH_EXTERNAL\n  resolution: DNS\n  ports: [{ number: 443, name: tls, protocol: TLS }]\n${more}`;
const service = (name: string, namespace?: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}${namespace ? `, namespace: ${namespace}` : ''} }\nspec: { ports: [{ port: 80 }] }\n`;
const namespace = (labels: string): string => `apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { ${labels} } }\n`;

function divide(tree: Tree, options?: MeshesOptions) {
  return meshesOf(load(Object.entries(tree).map(([file, text]) => ({ file, text }))), options);
}

/** Each mesh as its name and files. */
function shape(tree: Tree, options?: MeshesOptions): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(divide(tree, options).meshes.map(({ name, files }) => [name, files.map(({ source }) => source.file)]));
}

describe('directories that hold the same object', () => {
  test('are judged apart, each with what they share', () => {
    const tree = { 'base/a.yaml': entry('a'), 'envs/dev/b.yaml': entry('b'), 'envs/prod/b.yaml': entry('b'), 'top.yaml': entry('top') };
    expect(shape(tree)).toEqual({
      'envs/dev': ['base/a.yaml', 'envs/dev/b.yaml', 'top.yaml'],
      'envs/prod': ['base/a.yaml', 'envs/prod/b.yaml', 'top.yaml'],
    });
    expect(divide(tree).shared).toEqual(['.', 'base']);
  });

  test('take all that lies below the branch where they part', () => {
    const tree = { 'envs/dev/net/b.yaml': entry('b'), 'envs/dev/apps/c.yaml': entry('c'), 'envs/prod/net/b.yaml': entry('b') };
    expect(shape(tree)).toEqual({ 'envs/dev': ['envs/dev/apps/c.yaml', 'envs/dev/net/b.yaml'], 'envs/prod': ['envs/prod/net/b.yaml'] });
  });

  test('may lie in each other', () => {
    const tree = { 'k8s/b.yaml': entry('b'), 'k8s/next/b.yaml': entry('b') };
    expect(shape(tree)).toEqual({ k8s: ['k8s/b.yaml'], 'k8s/next': ['k8s/next/b.yaml'] });
  });

  test('may part again further down', () => {
    const tree = {
      'envs/dev/b.yaml': entry('b'),
      'envs/prod/all.yaml': entry('all'),
      'envs/prod/eu/b.yaml': entry('b'),
      'envs/prod/us/b.yaml': entry('b'),
    };
    expect(shape(tree)).toEqual({
      'envs/dev': ['envs/dev/b.yaml'],
      'envs/prod/eu': ['envs/prod/all.yaml', 'envs/prod/eu/b.yaml'],
      'envs/prod/us': ['envs/prod/all.yaml', 'envs/prod/us/b.yaml'],
    });
  });

  test('of one name belong together in independent groups', () => {
    const tree = {
      'a/dev/x.yaml': entry('x'),
      'a/prod/x.yaml': entry('x'),
      'b/dev/y.yaml': entry('y'),
      'b/prod/y.yaml': entry('y'),
    };
    expect(shape(tree)).toEqual({ 'a/dev + b/dev': ['a/dev/x.yaml', 'b/dev/y.yaml'], 'a/prod + b/prod': ['a/prod/x.yaml', 'b/prod/y.yaml'] });
  });

  test('do not multiply: a group without the name has one of its own stand in, which is compared with what all share only', () => {
    const tree = {
      'a/dev/x.yaml': entry('x'),
      'a/prod/x.yaml': entry('x'),
      'b/live/y.yaml': entry('y'),
      'b/test/y.yaml': entry('y'),
      'base/z.yaml': entry('z'),
    };
    expect(shape(tree)).toEqual({
      'a/dev': ['a/dev/x.yaml', 'b/live/y.yaml', 'base/z.yaml'],
      'a/prod': ['a/prod/x.yaml', 'b/live/y.yaml', 'base/z.yaml'],
      'b/live': ['a/dev/x.yaml', 'b/live/y.yaml', 'base/z.yaml'],
      'b/test': ['a/dev/x.yaml', 'b/test/y.yaml', 'base/z.yaml'],
    });
    const [first] = divide(tree).meshes;
    const [x, y, z] = first?.mesh.all('ServiceEntry') ?? [];
    if (!x || !y || !z) throw new Error('three entries expected');
    expect([first?.mesh.belongTogether(x, y), first?.mesh.belongTogether(x, z), first?.mesh.belongTogether(y, z)]).toEqual([false, true, true]);
  });
});

describe('one mesh', () => {
  test.each<[string, Tree]>([
    ['objects that stand twice in one directory', { 'a/http.yaml': entry('b'), 'a/https.yaml': entry('b') }],
    ['a Namespace that several directories declare alike', { 'a/n.yaml': namespace('x: y, b: c'), 'b/n.yaml': namespace('b: c, x: y') }],
    ['Services of one name whose namespace nobody wrote', { 'a/s.yaml': service('web'), 'b/s.yaml': service('web') }],
    ['names that a template makes', { 'a/s.yaml': entry("'{{ .Values.name }}'"), 'b/s.yaml': entry("'{{ .Values.name }}'") }],
  ])('%s', (_, tree) => {
    expect(Object.keys(shape(tree))).toEqual(['']);
  });

  test.each<[string, Tree]>([
    ['a Namespace with other labels', { 'a/n.yaml': namespace('x: y'), 'b/n.yaml': namespace('x: z') }],
    ['a Service in a known namespace', { 'a/s.yaml': service('web', 'shop'), 'b/s.yaml': service('web', 'shop') }],
  ])('but not %s', (_, tree) => {
    expect(Object.keys(shape(tree))).toEqual(['a', 'b']);
  });
});

describe('meshes that the configuration names', () => {
  const tree = { 'dev/b.yaml': entry('b'), 'base/a.yaml': entry('a'), 'prod/b.yaml': entry('b'), 'docs/b.yaml': entry('b'), 'docs/old/b.yaml': entry('b') };
  const group = (name: string, ...folders: readonly string[]) => ({ name, has: (file: string) => folders.some((folder) => file.startsWith(`${folder}/`)) });

  test('hold what they name; the rest is divided as ever', () => {
    expect(shape(tree, { groups: [group('development', 'dev', 'base'), group('production', 'prod', 'base')] })).toEqual({
      development: ['base/a.yaml', 'dev/b.yaml'],
      production: ['base/a.yaml', 'prod/b.yaml'],
      docs: ['docs/b.yaml'],
      'docs/old': ['docs/old/b.yaml'],
    });
  });

  test('may leave nothing over, or what holds no resource', () => {
    const rest = { 'dev/b.yaml': entry('b'), 'notes/list.yaml': 'kind: Sidecar\n  a: [\n' };
    expect(shape(rest, { groups: [group('development', 'dev')] })).toEqual({ development: ['dev/b.yaml', 'notes/list.yaml'] });
  });
});

const BROKEN = entry('dup', 'dup.example').replace('TLS }', 'TLZ }');
const gateway = `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: { name: out, namespace: istio-system }\nspec:\n  selector: { istio: egressgateway }\n  servers: [{ port: { number: 443, name: tls, protocol: TLS }, tls: { mode: PASSTHROUGH }, hosts: [pay.example] }]\n`;
const virtualService = `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: pay, namespace: istio-system }\nspec:\n  hosts: [pay.example]\n  gateways: [istio-system/out]\n  tls: [{ match: [{ port: 443, sniHosts: [pay.example] }], route: [{ destination: { host: pay.example, port: { number: 8443 } } }] }]\n`;
const pay = (port: number): string =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: pay, namespace: istio-system }\nspec:\n  hosts: [pay.example]\n  location: MESH_EXTERNAL\n  resolution: DNS\n  ports: [{ number: ${port}, name: tls, protocol: TLS }]\n`;

describe('findings', () => {
  const lines = (tree: Tree): readonly string[] =>
    lintTree(tree).findings.flatMap(({ severity, location, rule, meshes }) =>
      severity === 'info' ? [] : [`${location.file} ${rule}${meshes ? ` in ${meshes.join(', ')}` : ''}`],
    );

  test('of shared files are told once', () => {
    expect(lines({ 'base/a.yaml': BROKEN, 'dev/b.yaml': entry('b'), 'prod/b.yaml': entry('b') })).toEqual(['base/a.yaml unknown-value']);
  });

  test('speak of the alternative that they hold for', () => {
    const tree = { 'base/gateway.yaml': `${gateway}---\n${virtualService}`, 'dev/pay.yaml': pay(8443), 'prod/pay.yaml': pay(443) };
    expect(lines(tree)).toEqual(['base/gateway.yaml unregistered-port']);
    expect(lines({ 'base/gateway.yaml': `${gateway}---\n${virtualService}`, 'dev/pay.yaml': pay(8443), 'prod/pay.yaml': pay(8443) })).toEqual([]);
  });

  test('are the same whatever the order of files', () => {
    const tree = { 'base/a.yaml': BROKEN, 'dev/b.yaml': entry('b'), 'prod/b.yaml': pay(443), 'prod/c.yaml': entry('b'), 'x/y.yaml': pay(8443) };
    const backwards = Object.fromEntries(Object.entries(tree).reverse());
    expect(lintTree(backwards)).toEqual(lintTree(tree));
  });
});

test('a great many alternatives are one mesh in which none is compared with another', () => {
  const tree: Record<string, string> = {};
  for (let index = 0; index < 300; index++) tree[`base/${index}.yaml`] = entry(`base-${index}`);
  for (let index = 0; index < 300; index++) tree[`steps/${index}/b.yaml`] = entry('b');
  const { meshes, merged } = divide(tree);
  expect([meshes.length, merged]).toEqual([1, 300]);
  const entries = meshes[0]?.mesh.all('ServiceEntry').filter(({ name }) => name === 'b') ?? [];
  expect(entries.length).toBe(300);
  const [one, two] = entries;
  if (!one || !two) throw new Error('two entries expected');
  expect(meshes[0]?.mesh.belongTogether(one, two)).toBe(false);
});
