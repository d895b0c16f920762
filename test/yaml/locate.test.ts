import { describe, expect, test } from 'vitest';
import { lineStarts, positionAt } from '../../src/text/source-text.ts';
import { isAlong, locate, type Part, type Path } from '../../src/yaml/locate.ts';
import { resolvePlainScalar } from '../../src/yaml/scalars.ts';
import { parseText, scalarValue } from '../../src/yaml/tree.ts';
import { at, CONSTRUCTS, onlyDocument, pathsInto, readAll, writtenFiles } from './support.ts';

/** The text that a path is shown by. */
function shown(text: string, path: Path, part?: Part): string {
  const { span } = locate(text, onlyDocument(text), path, part);
  return text.slice(span.start, span.end);
}

describe('spans', () => {
  test.each<[string, string, Path, string]>([
    ['a plain scalar', 'a: one two # c\n', ['a'], 'one two'],
    ['single quotes', "a: 'it''s' # c\n", ['a'], "'it''s'"],
    ['double quotes', 'a: "b\\"c" # c\n', ['a'], '"b\\"c"'],
    ['a plain scalar over lines', 'a: one\n  two # c\nb: 1\n', ['a'], 'one\n  two'],
    ['a literal', 'a: |\n  one\n  two\n\nb: 1\n', ['a'], '|\n  one\n  two'],
    ['a folded scalar with indicators', 'a: >2-\n  one\n', ['a'], '>2-\n  one'],
    ['an empty text', 'a: ""\n', ['a'], '""'],
    ['no value: the key', 'a:\nb: 1\n', ['a'], 'a'],
    ['no value, but a comment: the key', 'a: # nothing\nb: 1\n', ['a'], 'a'],
    ['a written null', 'a: ~\n', ['a'], '~'],
    ['a number', 'a: 0443 # c\n', ['a'], '0443'],
    ['not its anchor', 'a: &x one\n', ['a'], 'one'],
    ['not its tag', 'a: !!str 12\n', ['a'], '12'],
    ['nor both', 'a: &x !!str "12"\n', ['a'], '"12"'],
    ['an alias itself', 'a: &x one\nb: *x\n', ['b'], '*x'],
    ['through an alias to the anchor', 'a: &x\n  c: one\nb: *x\n', ['b', 'c'], 'one'],
    ['through a merge key', 'a: &x {c: one}\nb:\n  <<: *x\n  d: 2\n', ['b', 'c'], 'one'],
    ['a merge key gives way', 'a: &x {c: one}\nb:\n  <<: *x\n  c: two\n', ['b', 'c'], 'two'],
    ['a merge key of several', 'a: &x {c: one}\nd: &y {c: two, e: three}\nb:\n  <<: [*x, *y]\n', ['b', 'e'], 'three'],
    ['a quoted << merges nothing', 'b:\n  "<<": {c: one}\n  c: two\n', ['b', '<<'], '{c: one}'],
    ['the last of two keys', 'a: 1\na: 2\n', ['a'], '2'],
    ['a key that is a boolean', 'yes: one\n', ['true'], 'one'],
    ['a key that is a number', '443: one\n', ['443'], 'one'],
    ['a key in quotes', '"a b": one\n', ['a b'], 'one'],
    ['an explicit key', '? a\n: one\n', ['a'], 'one'],
    ['a block mapping: its key', 'a:\n  b: 1\n', ['a'], 'a'],
    ['a block list: its key', 'a:\n- 1\n', ['a'], 'a'],
    ['a flow mapping', 'a: {b: 1} # c\n', ['a'], '{b: 1}'],
    ['a flow list', 'a: [b, c]\n', ['a'], '[b, c]'],
    ['in a flow mapping', 'a: {b: "c d", e: f}\n', ['a', 'e'], 'f'],
    ['in a flow list', 'a: [b, "c", d]\n', ['a', 1], '"c"'],
    ['a pair in a flow list', 'a: [b: c]\n', ['a', 0, 'b'], 'c'],
    ['an item', 'a:\n  - one # c\n  - two\n', ['a', 1], 'two'],
    ['an empty item: its dash', 'a:\n  - one\n  -\n  - three\n', ['a', 1], '-'],
    ['an item that is a mapping: its first key', 'a:\n  - b: 1\n    c: 2\n', ['a', 0], 'b'],
    ['an item in an item', 'a:\n- - b\n  - c\n', ['a', 0, 1], 'c'],
    ['an item of a List', 'kind: List\nitems:\n- kind: Pod\n  spec: {a: one}\n', ['items', 0, 'spec', 'a'], 'one'],
    ['JSON', '{"a": {"b": ["c", 443]}}', ['a', 'b', 1], '443'],
    ['JSON, a key with escapes', '{"a\\u0062": 1}', ['ab'], '1'],
    ['CRLF', 'a: 1\r\nb: two\r\n', ['b'], 'two'],
    ['lone CR', 'a: 1\rb: two\r', ['b'], 'two'],
    ['behind a byte order mark', '\uFEFFa: one\n', ['a'], 'one'],
    ['a template', 'a: {{ .Values.x }} # c\n', ['a'], '{{ .Values.x }}'],
    ['behind a template', 'a: {{ "é" }}\nb: x-{{ y }}\n', ['b'], 'x-{{ y }}'],
    ['behind emoji', '😀: 😀\na: {😀: 😀, b: 😀c}\n', ['a', 'b'], '😀c'],
    ['behind a directive', '%YAML 1.1\n---\na: one\n', ['a'], 'one'],
    ['a bracket under its key', 'a: [\n  b,\n  c\n]\nd: e\n', ['a', 1], 'c'],
    ['a line of a flow mapping under its key', 'x:\n  a: {\n  b: 1,\n  c: 2\n  }\n  d: e\n', ['x', 'd'], 'e'],
    ['behind quotes that go on under their key', 'x:\n  a: "b\nc"\n  d: e\n', ['x', 'd'], 'e'],
    ['the root: its first key', '# c\na: 1\n', [], 'a'],
  ])('%s', (_, text, path, expected) => {
    expect(shown(text, path)).toBe(expected);
  });

  test.each<[string, string, Path, Part, string]>([
    ['a key', 'a:\n  b: 1\n', ['a', 'b'], 'key', 'b'],
    ['a key in quotes', '"a b": 1\n', ['a b'], 'key', '"a b"'],
    ['an entry', 'a: one # c\nb: 2\n', ['a'], 'entry', 'a: one'],
    ['an entry without a value', 'a: # c\nb: 2\n', ['a'], 'entry', 'a:'],
    ['an entry of several lines, without what follows', 'a:\n  b: 1\n  c:\n    - 2\n\n# c\nd: 3\n', ['a'], 'entry', 'a:\n  b: 1\n  c:\n    - 2'],
    ['an item is the same as a key, a value and an entry', 'a: [b]\n', ['a', 0], 'key', 'b'],
    ['an entry in braces', 'a: {b: 1, c: 2}\n', ['a', 'b'], 'entry', 'b: 1'],
  ])('part: %s', (_, text, path, part, expected) => {
    expect(shown(text, path, part)).toBe(expected);
  });

  test.each<[string, string, Path, string]>([
    ['a field that is missing: the key of its mapping', 'a:\n  b:\n    c: 1\n', ['a', 'b', 'x'], 'b'],
    ['deeper than that', 'a:\n  b:\n    c: 1\n', ['a', 'x', 'y', 'z'], 'a'],
    ['a root field: the first key', 'a: 1\nb: 2\n', ['x'], 'a'],
    ['a field of an item: its first key', 'a:\n- b: 1\n', ['a', 0, 'x'], 'b'],
    ['an item that is missing: the key of the list', 'a:\n- b\n', ['a', 7], 'a'],
    ['within a scalar: its key', 'a: b\n', ['a', 'x'], 'a'],
    ['within an item that is a scalar', 'a:\n- b\n', ['a', 0, 'x'], 'b'],
    ['in an empty item: the dash', 'a:\n-\n', ['a', 0, 'x'], '-'],
  ])('not exact: %s', (_, text, path, expected) => {
    expect(shown(text, path)).toBe(expected);
    expect(locate(text, onlyDocument(text), path).exact).toBe(false);
  });
});

test('columns count in UTF-16 units', () => {
  const text = 'a: 1\n😀: {b: é, c: x}\n';
  const { span } = locate(text, onlyDocument(text), ['😀', 'c']);
  expect(positionAt(lineStarts(text), span.start)).toEqual({ line: 2, column: 15 });
});

test.each([
  ['a mapping that merges itself', 'a: &x\n  <<: *x\n  b: 1\n', ['a', 'c']],
  ['mappings that merge each other', 'a: &x {b: 1}\nc: &y {<<: *x}\nd: {<<: [*x, *y, *y, *y]}\n', ['d', 'nothing']],
])('merge keys without end are no trap: %s', (_, text, path) => {
  expect(locate(text, onlyDocument(text), path).exact).toBe(false);
});

describe('every scalar reads back from its span', () => {
  const files = [...CONSTRUCTS, ...writtenFiles()];

  test('in enough documents', () => {
    expect(files.length).toBeGreaterThan(100);
  });

  test.each(files.map(({ name, text }) => [name, text] as const))('%s', (_, text) => {
    for (const document of readAll(text).documents) {
      for (const path of pathsInto(document.value)) {
        const value = at(document.value, path);
        const { span, exact } = locate(text, document, path);
        expect(exact).toBe(true);
        expect(span.start).toBeGreaterThanOrEqual(document.start);
        expect(span.end).toBeLessThanOrEqual(document.end);
        const slice = text.slice(span.start, span.end);
        expect(slice.trim()).toBe(slice);
        expect(slice).not.toBe('');
        if (typeof value !== 'object') expect(readBack(slice, value)).toEqual(value);
      }
    }
  });
});

/** What a slice means alone. Aliases and templates mean nothing alone; tags stand outside of the slice; block scalars have lost their last line break. */
function readBack(slice: string, value: unknown): unknown {
  if (slice.startsWith('*') || slice.includes('{{')) return value;
  const { tree } = parseText(/^[|>]/.test(slice) ? `a: ${slice}\n` : `a: ${slice.replaceAll(/\r\n?|\n/g, '\n  ')}`);
  const node = (tree.contents as unknown as { items: { value: Parameters<typeof scalarValue>[0] }[] }).items[0]?.value;
  const read = node && scalarValue(node);
  if (/^[|>]/.test(slice)) return String(read).trimEnd() === String(value).trimEnd() ? value : read;
  return read !== value && typeof value === 'string' && resolvePlainScalar(slice) !== slice ? String(slice) : read;
}

test.each<[Path, Path, boolean]>([
  [[], ['a'], true],
  [['a', 0], ['a'], true],
  [['a'], ['a', 0, 'b'], true],
  [['a', 0], ['a', 1], false],
  [['a', 'b'], ['b'], false],
])('whether one of %j and %j leads through the other', (a, b, expected) => {
  expect(isAlong(a, b)).toBe(expected);
});
