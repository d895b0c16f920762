import { describe, expect, test } from 'vitest';
import { applyEdits, type TextEdit } from '../../src/text/edit.ts';
import { addEntry } from '../../src/yaml/add-entry.ts';
import { renameKey, replaceScalar } from '../../src/yaml/edit.ts';
import type { Path } from '../../src/yaml/locate.ts';
import { removeEntry } from '../../src/yaml/remove-entry.ts';
import { onlyDocument, readAll } from './support.ts';

type Value = string | number | boolean;

/** A text after edits; undefined where there are none. */
function applied(text: string, edits: readonly TextEdit[]): string | undefined {
  if (edits.length === 0) return undefined;
  const result = applyEdits(text, edits);
  expect(result.applied).toBe(edits.length);
  return result.text;
}

const replaced = (text: string, path: Path, value: Value) => applied(text, replaceScalar(text, onlyDocument(text), path, value));
const renamed = (text: string, path: Path, key: string) => applied(text, renameKey(text, onlyDocument(text), path, key));
const removed = (text: string, path: Path) => applied(text, removeEntry(text, onlyDocument(text), path));
const added = (text: string, path: Path, yaml: string, key = 'new') => applied(text, addEntry(text, onlyDocument(text), path, key, yaml));

describe('replaceScalar', () => {
  test.each<[string, string, Path, Value, string | undefined]>([
    ['plain stays plain', 'a: b # c\n', ['a'], './x.example', 'a: ./x.example # c\n'],
    ['double quotes stay', 'a: "b" # c\n', ['a'], 'x', 'a: "x" # c\n'],
    ['single quotes stay', "a: 'b' # c\n", ['a'], "it's", "a: 'it''s' # c\n"],
    ['single quotes cannot hold everything', "a: 'b'\n", ['a'], 'x\ny', 'a: "x\\ny"\n'],
    ['quotes in quotes', 'a: "b"\n', ['a'], 'x "y" \\z', 'a: "x \\"y\\" \\\\z"\n'],
    ['quotes where it would be a boolean', 'a: b\n', ['a'], 'on', 'a: "on"\n'],
    ['quotes where it would be a number', 'a: b\n', ['a'], '0x1F', 'a: "0x1F"\n'],
    ['quotes where it would be nothing', 'a: b\n', ['a'], '', 'a: ""\n'],
    ['quotes where it would be an alias', 'a: b\n', ['a'], '*.bank.example', 'a: "*.bank.example"\n'],
    ['quotes where it would be a mapping', 'a: b\n', ['a'], 'x: y', 'a: "x: y"\n'],
    ['quotes where it would end', 'a: b\n', ['a'], 'x #y', 'a: "x #y"\n'],
    ['none between brackets where none are needed', 'a: [b, c]\n', ['a', 0], 'x y', 'a: [x y, c]\n'],
    ['quotes between brackets', 'a: [b, c]\n', ['a', 0], 'x, y', 'a: ["x, y", c]\n'],
    ['a number', 'a: b\n', ['a'], 443, 'a: 443\n'],
    ['a number loses its quotes', 'a: "80"\n', ['a'], 443, 'a: 443\n'],
    ['a boolean', 'a: "yes"\n', ['a'], true, 'a: true\n'],
    ['a number becomes text', 'a: 443\n', ['a'], '443', 'a: "443"\n'],
    ['nothing becomes something', 'a: # c\nb: 1\n', ['a'], 'x', 'a: x # c\nb: 1\n'],
    ['nothing at the end of the file', 'a:', ['a'], 'x', 'a: x'],
    ['nothing behind an anchor', 'a: &b\n', ['a'], 'x', 'a: &b x\n'],
    ['an item', '- a\n- b # c\n', [1], 'x', '- a\n- x # c\n'],
    ['JSON', '{"a": 1, "b": "c"}', ['a'], 'x', '{"a": "x", "b": "c"}'],
    ['a literal becomes a line', 'a: | # c\n  b\n  d\ne: 1\n', ['a'], 'x', 'a: x # c\ne: 1\n'],
    ['several lines become one', 'a: b\n  c\nd: 1\n', ['a'], 'x', 'a: x\nd: 1\n'],
    ['an alias gives way, its anchor stays', 'a: &x 1\nb: *x\n', ['b'], 'y.example', 'a: &x 1\nb: y.example\n'],
    ['CRLF', 'a: b\r\nc: d\r\n', ['a'], 'x', 'a: x\r\nc: d\r\n'],
    ['emoji', '😀: b😀\nc: 1\n', ['😀'], '😀x', '😀: 😀x\nc: 1\n'],
    ['not where an alias repeats it', 'a: &x b\nc: *x\n', ['a'], 'y', undefined],
    ['not through an alias', 'a: &x {b: 1}\nc: *x\n', ['c', 'b'], 'y', undefined],
    ['not under an anchor that is repeated', 'a: &x {b: 1}\nc: *x\n', ['a', 'b'], 'y', undefined],
    ['not through a merge key', 'a: &x {b: 1}\nc: {<<: *x}\n', ['c', 'b'], 'y', undefined],
    ['not behind a tag', 'a: !!int "1"\n', ['a'], 'y', undefined],
    ['not a mapping', 'a: {b: 1}\n', ['a'], 'y', undefined],
    ['not what is missing', 'a: 1\n', ['b'], 'y', undefined],
  ])('%s', (_, text, path, value, expected) => {
    expect(replaced(text, path, value)).toBe(expected);
  });
});

describe('renameKey', () => {
  test.each<[string, string, Path, string, string | undefined]>([
    ['plain', 'sni_hosts: [a] # c\n', ['sni_hosts'], 'sniHosts', 'sniHosts: [a] # c\n'],
    ['in quotes', '"sni_hosts": [a]\n', ['sni_hosts'], 'sniHosts', '"sniHosts": [a]\n'],
    ['in single quotes', "'sni_hosts': [a]\n", ['sni_hosts'], 'sniHosts', "'sniHosts': [a]\n"],
    ['in braces', 'a: {b: 1, c: 2}\n', ['a', 'c'], 'd', 'a: {b: 1, d: 2}\n'],
    ['of an item', '- a: 1\n  b: 2\n', [0, 'a'], 'c', '- c: 1\n  b: 2\n'],
    ['explicit', '? a\n: 1\n', ['a'], 'b', '? b\n: 1\n'],
    ['to a word that needs quotes', 'a: 1\n', ['a'], 'on', '"on": 1\n'],
    ['to something that needs quotes', 'a: 1\n', ['a'], 'b: c', '"b: c": 1\n'],
    ['a key that was a boolean', 'yes: 1\n', ['true'], 'enabled', 'enabled: 1\n'],
    ['not to a key that is there', 'a: 1\nb: 2\n', ['a'], 'b', undefined],
    ['not where it stands twice', 'a: 1\na: 2\n', ['a'], 'b', undefined],
    ['not where an alias repeats it', 'x: &x\n  a: 1\ny: *x\n', ['x', 'a'], 'b', undefined],
    ['not where a merge key brings another', 'x: &x {a: 1}\ny:\n  <<: *x\n  a: 2\n', ['y', 'a'], 'b', undefined],
    ['not an item', '- a\n', [0], 'b', undefined],
    ['not what is missing', 'a: 1\n', ['b'], 'c', undefined],
  ])('%s', (_, text, path, key, expected) => {
    expect(renamed(text, path, key)).toBe(expected);
  });
});

describe('removeEntry', () => {
  test.each<[string, string, Path, string | undefined]>([
    ['an entry with its lines', 'a: 1\nb:\n  c: 1 # x\n\n  d:\n  - 2\ne: 3\n', ['b'], 'a: 1\ne: 3\n'],
    ['the first one', 'a: 1\nb: 2\n', ['a'], 'b: 2\n'],
    ['the last one', 'a: 1\nb: 2\n', ['b'], 'a: 1\n'],
    ['the last one of a file without a final newline', 'a: 1\nb: 2', ['b'], 'a: 1\n'],
    ['an item', 'a:\n- b\n- c # x\n- d\n', ['a', 1], 'a:\n- b\n- d\n'],
    ['an item of several lines', '- a: 1\n  b: 2\n- c: 3\n', [0], '- c: 3\n'],
    ['the first key of an item', '- a: 1\n  b: 2\n- c\n', [0, 'a'], '- b: 2\n- c\n'],
    ['the first key of an item, with lines', '- a:\n    x: 1\n  # about b\n  b: 2\n', [0, 'a'], '- # about b\n  b: 2\n'],
    ['the first key below its dash', '-\n  a: 1\n  b: 2\n', [0, 'a'], '-\n  b: 2\n'],
    ['another key of an item', '- a: 1\n  b: 2\n- c\n', [0, 'b'], '- a: 1\n- c\n'],
    ['an item of an item', '- - a\n  - b\n', [0, 0], '- - b\n'],
    ['an explicit key', 'x: 1\n? a\n: b\ny: 2\n', ['a'], 'x: 1\ny: 2\n'],
    ['a literal', 'a: |\n  x\n\n  y\nb: 1\n', ['a'], 'b: 1\n'],
    ['the only entry', 'a:\n  b: 1\nc: 2\n', ['a', 'b'], 'a: {}\nc: 2\n'],
    ['the only item', 'a:\n- b\nc: 2\n', ['a', 0], 'a: []\nc: 2\n'],
    ['the only entry of an item', '- a: 1 # x\n- b\n', [0, 'a'], '- {} # x\n- b\n'],
    ['the only entry below its dash', '-\n  a: 1\n- b\n', [0, 'a'], '- {}\n- b\n'],
    ['the only entry of all', 'a: 1\n', ['a'], '{}\n'],
    ['the only entry behind an anchor and a comment', 'a: &x # y\n  b: 1\n', ['a', 'b'], 'a: &x {} # y\n'],
    ['comments above stay', '# one\na: 1\n# two\nb: 2\n', ['b'], '# one\na: 1\n# two\n'],
    ['but not what silences the entry', 'a: 1\n# egress-lint-disable-next-line x -- y\nb: 2\nc: 3\n', ['b'], 'a: 1\nc: 3\n'],
    ['comments below that are indented deeper go', 'a:\n  b: 1\n  # end of a\n# c\nd: 2\n', ['a'], '# c\nd: 2\n'],
    ['CRLF', 'a: 1\r\nb: 2\r\nc: 3\r\n', ['b'], 'a: 1\r\nc: 3\r\n'],
    ['in braces, the first', 'a: {b: 1, c: 2} # x\n', ['a', 'b'], 'a: {c: 2} # x\n'],
    ['in braces, the last', 'a: {b: 1, c: 2} # x\n', ['a', 'c'], 'a: {b: 1} # x\n'],
    ['in braces, the only one', 'a: { b: 1 } # x\n', ['a', 'b'], 'a: {} # x\n'],
    ['in brackets, one between', 'a: [b, c, d]\n', ['a', 1], 'a: [b, d]\n'],
    ['in brackets, with a comma behind the last', 'a: [b, c, ]\n', ['a', 1], 'a: [b, ]\n'],
    ['in brackets over lines', 'a: [\n  b, # one\n  c # two\n]\n', ['a', 0], 'a: [\n  c # two\n]\n'],
    ['in brackets over lines, the last', 'a: [\n  b,\n  c\n]\n', ['a', 1], 'a: [\n  b\n]\n'],
    ['in JSON', '{\n  "a": 1,\n  "b": [\n    2\n  ],\n  "c": 3\n}\n', ['b'], '{\n  "a": 1,\n  "c": 3\n}\n'],
    ['in JSON, the last', '{\n  "a": 1,\n  "b": 2\n}\n', ['b'], '{\n  "a": 1\n}\n'],
    ['an anchor that nothing refers to', 'a: &x 1\nb: 2\n', ['a'], 'b: 2\n'],
    ['an alias', 'a: &x 1\nb: *x\nc: 2\n', ['b'], 'a: &x 1\nc: 2\n'],
    ['a merge key is none of its entries', 'a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n', ['c', 'd'], 'a: &x {b: 1}\nc:\n  <<: *x\n'],
    ['not an anchor that is referred to', 'a: &x 1\nb: *x\n', ['a'], undefined],
    ['not what an alias repeats', 'a: &x\n  b: 1\n  c: 2\nd: *x\n', ['a', 'b'], undefined],
    ['not what comes by a merge key', 'a: &x {b: 1}\nc: {<<: *x, d: 2}\n', ['c', 'b'], undefined],
    ['not where it stands twice', 'a: 1\nb: 2\na: 3\n', ['a'], undefined],
    ['not where blank lines would become part of a text', 'a: |+\n  x\nb: 1\n\nc: 2\n', ['b'], undefined],
    ['not the root', 'a: 1\n', [], undefined],
    ['not what is missing', 'a: 1\n', ['b'], undefined],
  ])('%s', (_, text, path, expected) => {
    expect(removed(text, path)).toBe(expected);
  });
});

describe('addEntry', () => {
  const block = 'mode: SIMPLE\nports:\n  - number: 443\n    name: tls\n';

  test.each<[string, string, Path, string, string | undefined]>([
    ['to a block mapping', 'a:\n  b: 1 # c\nd: 2\n', ['a'], 'x', 'a:\n  b: 1 # c\n  new: x\nd: 2\n'],
    ['to the root', 'a: 1\n', [], 'x', 'a: 1\nnew: x\n'],
    ['to a file without a final newline', 'a: 1', [], 'x', 'a: 1\nnew: x'],
    ['to an item', '- a: 1\n  b: 2\n- c\n', [0], 'x', '- a: 1\n  b: 2\n  new: x\n- c\n'],
    ['in front of comments and blank lines', 'a:\n  b: 1\n\n  # end\n# c\nd: 2\n', ['a'], 'x', 'a:\n  b: 1\n  new: x\n\n  # end\n# c\nd: 2\n'],
    ['behind nested lines', 'a:\n  b:\n    - c:\n        d: 1\ne: 2\n', ['a'], 'x', 'a:\n  b:\n    - c:\n        d: 1\n  new: x\ne: 2\n'],
    ['behind a literal', 'a: |\n  x\n\nb: |\n  y\n\n', [], 'x', 'a: |\n  x\n\nb: |\n  y\nnew: x\n\n'],
    ['behind a literal that keeps its blank lines', 'a: |+\n  x\n\n', [], 'x', 'a: |+\n  x\n\nnew: x\n'],
    ['a block', 'a:\n  b: 1\n', ['a'], block, 'a:\n  b: 1\n  new:\n    mode: SIMPLE\n    ports:\n      - number: 443\n        name: tls\n'],
    [
      'a block, with four spaces',
      'a:\n    b: 1\n',
      ['a'],
      block,
      'a:\n    b: 1\n    new:\n        mode: SIMPLE\n        ports:\n            - number: 443\n              name: tls\n',
    ],
    [
      'a block, with lists under their keys',
      'a:\n  b:\n  - 1\n',
      ['a'],
      block,
      'a:\n  b:\n  - 1\n  new:\n    mode: SIMPLE\n    ports:\n    - number: 443\n      name: tls\n',
    ],
    ['a block that starts on the next line', 'a:\n  b: 1\n', ['a'], '\nmode: SIMPLE', 'a:\n  b: 1\n  new:\n    mode: SIMPLE\n'],
    ['a list', 'a: 1\n', [], '- x\n- z: 1\n', 'a: 1\nnew:\n  - x\n  - z: 1\n'],
    ['in braces', 'a: {b: 1} # c\n', ['a'], 'x', 'a: {b: 1, new: x} # c\n'],
    ['in braces behind a comma', 'a: {b: 1,}\n', ['a'], 'x', 'a: {b: 1, new: x}\n'],
    ['a block in braces', 'a: {b: 1}\n', ['a'], block, 'a: {b: 1, new: {mode: SIMPLE, ports: [{number: 443, name: tls}]}}\n'],
    ['in braces over lines', 'a: {\n  b: 1 # c\n}\n', ['a'], 'x', 'a: {\n  b: 1, # c\n  new: x\n}\n'],
    ['in JSON', '{"a": {"b": 1}}', ['a'], block, '{"a": {"b": 1, "new": {"mode": "SIMPLE", "ports": [{"number": 443, "name": "tls"}]}}}'],
    ['in JSON over lines', '{\n  "a": 1\n}\n', [], 'on', '{\n  "a": 1,\n  "new": true\n}\n'],
    ['in empty JSON', '{"a": {}}', ['a'], 'x', '{"a": {"new": "x"}}'],
    ['to nothing', 'a: # c\nb: 1\n', ['a'], 'x', 'a: # c\n  new: x\nb: 1\n'],
    ['to nothing at the end of the file', 'a:', ['a'], 'x', 'a:\n  new: x'],
    ['to a null', 'a: null # c\nb: 1\n', ['a'], 'x', 'a: # c\n  new: x\nb: 1\n'],
    ['to empty braces', 'a: {} # c\nb: 1\n', ['a'], block, 'a: # c\n  new:\n    mode: SIMPLE\n    ports:\n      - number: 443\n        name: tls\nb: 1\n'],
    ['to empty braces of an item', '- {} # c\n', [0], 'x', '- new: x # c\n'],
    ['to nothing behind an anchor', 'a: &x\nb: 1\n', ['a'], 'x', 'a: &x\n  new: x\nb: 1\n'],
    ['to nothing in braces', 'a: {b: }\n', ['a', 'b'], 'x', 'a: {b: {new: x} }\n'],
    ['CRLF', 'a:\r\n  b: 1\r\nc: 2\r\n', ['a'], 'mode: SIMPLE\nsni: x\n', 'a:\r\n  b: 1\r\n  new:\r\n    mode: SIMPLE\r\n    sni: x\r\nc: 2\r\n'],
    ['quotes stay', 'a: 1\n', [], '"443"', 'a: 1\nnew: "443"\n'],
    ['not a key that is there', 'new: 1\n', [], 'x', undefined],
    ['not to text', 'a: b\n', ['a'], 'x', undefined],
    ['not to a list', 'a: [b]\n', ['a'], 'x', undefined],
    ['not to an alias', 'a: &x {b: 1}\nc: *x\n', ['c'], 'x', undefined],
    ['not to what an alias repeats', 'a: &x {b: 1}\nc: *x\n', ['a'], 'x', undefined],
    ['not to a pair without braces', 'a: [b: 1]\n', ['a', 0], 'x', undefined],
    ['not behind a literal at the very end of the file', 'a: |\n  b', [], 'x', undefined],
    ['not to what is missing', 'a: 1\n', ['b'], 'x', undefined],
  ])('%s', (_, text, path, yaml, expected) => {
    expect(added(text, path, yaml)).toBe(expected);
  });

  test('a key gets quotes where it needs them', () => {
    expect(added('a: 1\n', [], 'x', 'egress-lint/ignore')).toBe('a: 1\negress-lint/ignore: x\n');
    expect(added('a: 1\n', [], 'x', 'on')).toBe('a: 1\n"on": x\n');
  });
});

test('edits know their place in a file of several documents', () => {
  const text = '\uFEFFa: 1\n--- # x\nb: {c: 1, d: 2}\n---\ne: 1\n';
  const [first, second, third] = readAll(text).documents;
  if (!first || !second || !third) throw new Error('three documents');
  const edits = [
    ...replaceScalar(text, first, ['a'], 'x'),
    ...removeEntry(text, second, ['b', 'c']),
    ...addEntry(text, third, [], 'f', 'y.example'),
    ...renameKey(text, second, ['b', 'd'], 'g'),
  ];
  expect(applyEdits(text, edits)).toEqual({ text: '\uFEFFa: x\n--- # x\nb: {g: 2}\n---\ne: 1\nf: y.example\n', applied: 4 });
});
