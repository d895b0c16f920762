import { describe, expect, test } from 'vitest';
import { type InputFile, load } from '../../src/mesh/load.ts';
import type { Resource } from '../../src/resources/resource.ts';

const sidecar = (name: string, more = ''): string =>
  `apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata:\n  name: ${name}\n${more}spec:\n  egress:\n  - hosts: ["./*"]\n`;

/** The resources of files, as `file kind namespace/name`. */
function loaded(files: readonly InputFile[], namespace?: string): readonly string[] {
  const options = namespace === undefined ? {} : { namespace };
  return load(files, options).flatMap(({ source, resources }) => resources.map((each) => `${source.file} ${each.kind} ${each.namespace}/${each.name}`));
}

const one = (text: string): readonly string[] => loaded([{ file: 'a.yaml', text }]);

test('files come in the order of their names, documents in the order of the file', () => {
  const files = [
    { file: 'b.yaml', text: sidecar('b1') },
    { file: 'a.yaml', text: `${sidecar('a2')}---\n${sidecar('a1')}` },
    { file: 'a/c.yaml', text: sidecar('c') },
  ];
  const expected = ['a.yaml Sidecar default/a2', 'a.yaml Sidecar default/a1', 'a/c.yaml Sidecar default/c', 'b.yaml Sidecar default/b1'];
  expect(loaded(files)).toEqual(expected);
  expect(loaded([...files].reverse())).toEqual(expected);
});

test('what says no namespace lands in the one that is given', () => {
  const text = `${sidecar('a')}---\n${sidecar('b', '  namespace: shop\n')}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: c}\n`;
  expect(loaded([{ file: 'a.yaml', text }], 'store')).toEqual(['a.yaml Sidecar store/a', 'a.yaml Sidecar shop/b', 'a.yaml Namespace /c']);
});

describe('lists', () => {
  const item = (name: string): string => `- ${sidecar(name).trimEnd().replaceAll('\n', '\n  ')}\n`;

  test.each([
    ['a List', `apiVersion: v1\nkind: List\nitems:\n${item('a')}${item('b')}`, ['a', 'b']],
    ['a list of a kind', `apiVersion: networking.istio.io/v1\nkind: SidecarList\nitems:\n${item('a')}`, ['a']],
    ['a list in a list', `kind: List\nitems:\n- kind: List\n  items:\n  ${item('a').trimEnd().replaceAll('\n', '\n  ')}\n${item('b')}`, ['a', 'b']],
    ['items that are none', `kind: List\nitems:\n- 1\n-\n- []\n${item('a')}`, ['a']],
    ['no items', 'kind: List\nitems:\n', []],
    ['JSON', `{"kind": "List", "items": [{"apiVersion": "networking.istio.io/v1", "kind": "Sidecar", "metadata": {"name": "a"}}]}`, ['a']],
  ])('%s', (_, text, names) => {
    expect(one(text)).toEqual(names.map((name) => `a.yaml Sidecar default/${name}`));
  });
});

test.each([
  ['another group', sidecar('a').replace('networking.istio.io', 'example.com')],
  ['another kind', sidecar('a').replace('kind: Sidecar', 'kind: Secret')],
  ['no kind', sidecar('a').replace('kind: Sidecar\n', '')],
  ['a kind that is no text', sidecar('a').replace('kind: Sidecar', 'kind: [Sidecar]')],
  ['no version', sidecar('a').replace(/apiVersion.*\n/, '')],
  ['a list', '- a\n- b\n'],
  ['a text', 'Sidecar\n'],
  ['nothing', ''],
])('not a resource: %s', (_, text) => {
  expect(one(text)).toEqual([]);
});

test('a broken document hides none of the others', () => {
  const text = `${sidecar('a')}---\n${sidecar('b')}  broken: a: b\n---\n${sidecar('c')}---\n{{ if .x }}\n${sidecar('d')}{{ end }}\n---\n${sidecar('e')}`;
  expect(one(text)).toEqual(['a.yaml Sidecar default/a', 'a.yaml Sidecar default/c', 'a.yaml Sidecar default/e']);
  const [file] = load([{ file: 'a.yaml', text }]);
  expect(file?.contents).toMatchObject({ count: 5, problems: [{ isRead: false }], templates: [{ kind: 'Sidecar' }] });
});

test('only in a file that a person named is text that is no YAML a problem', () => {
  const problems = (named?: boolean): number | undefined =>
    load([{ file: 'a.yaml', text: 'a: b: c\n', ...(named !== undefined && { named }) }])[0]?.contents.problems.length;
  expect([problems(), problems(false), problems(true)]).toEqual([0, 0, 1]);
});

test('a file that could not be read has nothing in it', () => {
  const [file] = load([{ file: 'a.yaml', text: '', unreadable: 'permission denied' }]);
  expect(file).toMatchObject({ resources: [], contents: { documents: [], problems: [], count: 0 } });
});

test('of much text, documents are parsed again where somebody asks for what they hold', () => {
  const text = `${sidecar('a')}  workloadSelector: { labels: { app: web } }\n---\nkind: List\nitems:\n- ${sidecar('b').trimEnd().replaceAll('\n', '\n  ')}\n`;
  const much = `#${' '.repeat(16 * 1024 * 1024)}\n---\n${text}`;
  const [little] = load([{ file: 'a.yaml', text }]);
  const [large] = load([{ file: 'a.yaml', text: much }]);
  expect(large?.contents.documents.map(({ value }) => value)).toEqual(little?.contents.documents.map(({ value }) => value));
  const seen = (resources: readonly Resource[] = []): unknown =>
    resources.map((each) => [
      each.spec,
      each.isSet(['spec', 'workloadSelector']),
      each.isSet(['spec', 'egress', 0, 'hosts']),
      each.isSet(['spec', 'egress', 0, 'port']),
    ]);
  expect(seen(large?.resources)).toEqual(seen(little?.resources));
  expect(seen(large?.resources)).toMatchObject([
    [{}, true, true, false],
    [{}, false, true, false],
  ]);
});
