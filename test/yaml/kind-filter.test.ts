import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readYaml, type YamlContents } from '../../src/yaml/read-yaml.ts';

const isWanted = (kind: string): boolean => kind === 'ServiceEntry' || kind.endsWith('List');

const kindsOf = (contents: YamlContents): readonly unknown[] => contents.documents.map((document) => (document.value as { kind?: unknown }).kind);

/** The kinds of the documents that are read, of those that could be wanted. */
function wantedKinds(text: string, wants: (kind: string) => boolean): readonly unknown[] {
  return kindsOf(readYaml(text, { wants })).filter((kind) => typeof kind === 'string' && isWanted(kind));
}

describe('a wanted document is found', () => {
  test.each([
    ['plain', 'apiVersion: v1\nkind: ServiceEntry\n'],
    ['in double quotes', 'kind: "ServiceEntry"\n'],
    ['in single quotes', "kind: 'ServiceEntry'\n"],
    ['with a key in quotes', '"kind": ServiceEntry\n'],
    ['with a comment', 'kind: ServiceEntry # the entry\n'],
    ['with a tab', 'kind:\tServiceEntry\t\n'],
    ['with a space before the colon', 'kind : ServiceEntry\n'],
    ['with an anchor', 'kind: &kind ServiceEntry\n'],
    ['with a tag', 'kind: !!str ServiceEntry\n'],
    ['on the next line', 'kind:\n  ServiceEntry\n'],
    ['as a block scalar', 'kind: >-\n  ServiceEntry\n'],
    ['as an explicit key', '? kind\n: ServiceEntry\n'],
    ['CRLF', 'a: 1\r\nkind: ServiceEntry\r\nb: 2\r\n'],
    ['lone CR', 'a: 1\rkind: ServiceEntry\rb: 2\r'],
    ['a byte order mark', '\uFEFFkind: ServiceEntry\n'],
    ['a byte order mark and a marker', '\uFEFF---\nkind: ServiceEntry\n'],
    ['a byte order mark in the middle', 'kind: Secret\n---\n\uFEFFkind: ServiceEntry\n'],
    ['a byte order mark in front of a marker', 'kind: Secret\n\uFEFF---\nkind: ServiceEntry\n'],
    ['no final newline', 'kind: ServiceEntry'],
    ['behind a marker', '---\nkind: ServiceEntry\n'],
    ['behind a marker with a comment', 'kind: Secret\n--- # next\nkind: ServiceEntry\n'],
    ['on the line of a marker', 'kind: Secret\n--- {kind: ServiceEntry}\n'],
    ['behind the end of a document', 'kind: Secret\n...\nkind: ServiceEntry\n'],
    ['behind a directive', '%YAML 1.1\n---\nkind: ServiceEntry\n'],
    ['behind an end, a directive and a marker', 'kind: Secret\n...\n%YAML 1.1\n---\nkind: ServiceEntry\n'],
    ['CRLF markers', 'kind: Secret\r\n---\r\nkind: ServiceEntry\r\n'],
    ['lone CR markers', 'kind: Secret\r---\rkind: ServiceEntry\r'],
    ['behind many markers', '---\n---\n---\nkind: ServiceEntry\n---\n---\n'],
    ['JSON', '{"apiVersion": "v1", "kind": "ServiceEntry"}'],
    ['JSON on lines', '{\n"apiVersion": "v1",\n"kind": "ServiceEntry"\n}\n'],
    ['a flow mapping with the kind of an inner one at column 0', '{kind: ServiceEntry, inner: {\nkind: Secret\n}}\n'],
    ['a tagged flow mapping', '!!map {kind: ServiceEntry, inner: {\nkind: Secret\n}}\n'],
    ['a list of others', 'kind: ServiceEntryList\nitems:\n- kind: Secret\n'],
    ['kind last', 'spec:\n  kind: Secret\nkind: ServiceEntry\n'],
    ['a kind inside of a value at column 0', 'note: "\nkind: Secret\n"\nkind: ServiceEntry\n'],
    ['a kind inside of a block scalar', 'note: |\n  kind: Secret\nkind: ServiceEntry\n'],
    ['a kind in an item at column 0', 'items:\n- kind: Secret\nkind: ServiceEntry\n'],
    ['a kind in a comment', '# kind: Secret\nkind: ServiceEntry\n'],
    ['an empty literal in front of it', 'note: |\nkind: ServiceEntry\n'],
    ['twice, the last one wins', 'kind: Secret\nkind: ServiceEntry\n'],
    ['behind a broken document', 'kind: Secret\na: b: c\n---\nkind: ServiceEntry\n'],
    ['behind a broken document of a wanted kind', 'kind: ServiceEntry\na: "b\n---\nkind: ServiceEntry\n'],
    ['in front of a broken document', 'kind: ServiceEntry\n---\nkind: ServiceEntry\na: [\n'],
    ['behind a template', '{{ if x }}\nkind: Secret\n{{ end }}\n---\nkind: ServiceEntry\n'],
  ])('%s', (_, text) => {
    expect(wantedKinds(text, isWanted).filter((kind) => kind !== 'Secret')).toHaveLength(1);
  });
});

test('documents of other kinds are counted, but neither read nor judged', () => {
  const contents = readYaml('kind: Secret\na: b: c\n---\nkind: ServiceEntry\n---\nkind: "Pod"\nx: [\n', { wants: isWanted });
  expect(contents).toMatchObject({ count: 3, documents: [{ value: { kind: 'ServiceEntry' } }], problems: [], templates: [] });
});

test.each([
  ['nothing', ''],
  ['a byte order mark', '\uFEFF'],
  ['comments', '# a\n\n  # b\n'],
  ['markers', '---\n---\n...\n---'],
  ['comments behind markers', '--- # a\n# b\n---\n'],
  ['directives', '%YAML 1.1\n# a\n---\n'],
  ['nulls', '---\n~\n---\nnull\n'],
])('%s counts as no document', (_, text) => {
  expect(readYaml(text, { wants: () => true, strict: true })).toEqual({ documents: [], problems: [], templates: [], count: 0 });
});

test('a document spans what stands between its markers, in offsets of the text', () => {
  const text = '\uFEFF---\na: 1\n--- # x\nb: 2\n...\nc: 3';
  const shown = readYaml(text, { wants: () => true }).documents.map(({ start, end }) => text.slice(start, end));
  expect(shown).toEqual(['\na: 1\n', ' # x\nb: 2\n', '\nc: 3']);
});

/** Whatever a document looks like: what is skipped because of its kind must not be what reading all of it shows to be wanted. */
test('skipping never hides a wanted document', () => {
  const kind = fc.constantFrom(
    'ServiceEntry',
    'Secret',
    'Pod',
    'List',
    '"ServiceEntry"',
    "'Secret'",
    '&k Pod',
    '!!str Pod',
    '|\n  Pod',
    '\n  ServiceEntry',
    '~',
    '',
  );
  const key = fc.constantFrom(
    'kind: ',
    '"kind": ',
    "'kind': ",
    'kind:\t',
    'kind : ',
    '? kind\n: ',
    'kind:',
    '\uFEFFkind: ',
    '  kind: ',
    '- kind: ',
    '{kind: ',
    'kind',
  );
  const other = fc.constantFrom(
    ...[
      'a: 1',
      'a: |',
      '  text',
      'a: "',
      '"',
      "a: '",
      "'",
      'a: {',
      '}',
      'a: [',
      ']',
      '{',
      '# c',
      '#@ x',
      '%YAML 1.1',
      '...',
      '---',
      '--- {',
      '--- # c',
      '- a',
      '? b',
      ': c',
    ],
    ...[
      '<<: *k',
      '&k',
      '!!map',
      '\t',
      '',
      '{{ x }}',
      '\uFEFF',
      '"a\\',
      'apiVersion: networking.istio.io/v1',
      'items:',
      '- kind: Pod',
      'kind: Pod',
      'kind: ServiceEntry',
    ],
  );
  const line = fc.oneof(
    other,
    fc.tuple(key, kind, fc.constantFrom('', ' # c', ' ', '}', ',')).map((parts) => parts.join('')),
  );
  const text = fc.tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n', '\r')).map(([lines, lineBreak]) => lines.join(lineBreak));
  fc.assert(
    fc.property(text, (each) => {
      const all = wantedKinds(each, () => true);
      expect(wantedKinds(each, isWanted)).toEqual(all);
      const kindless = readYaml(each, { wants: isWanted, wantsKindless: () => false });
      expect(kindsOf(kindless).filter((kind) => typeof kind === 'string' && isWanted(kind))).toEqual(all);
    }),
    { numRuns: 20_000 },
  );
});
