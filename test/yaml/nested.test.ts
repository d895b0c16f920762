import { describe, expect, test } from 'vitest';
import { locate, type Part, type Path } from '../../src/yaml/locate.ts';
import { readYaml } from '../../src/yaml/read-yaml.ts';

/** What a path shows in the last document of a text. */
function shown(text: string, path: Path, part: Part = 'value'): string {
  const document = readYaml(text, { wants: () => true, strict: true }).documents.at(-1);
  if (!document) throw new Error('no document');
  const { span, exact } = locate(text, document, path, part);
  return exact ? text.slice(span.start, span.end) : `(not there) ${text.slice(span.start, span.end)}`;
}

const LITERAL = `kind: Other
---
kind: ConfigMap
data:
  mesh: |-
    # of the mesh
    rootNamespace: 'istio-system'

    outboundTrafficPolicy:
      mode: REGISTRY_ONLY
    defaultServiceExportTo:
    - "."
    - shop
  other: text
`;

describe('a path into a block of YAML', () => {
  test.each<readonly [string, Path, Part | undefined, string]>([
    ['a value', ['data', 'mesh', 'outboundTrafficPolicy', 'mode'], undefined, 'REGISTRY_ONLY'],
    ['its key', ['data', 'mesh', 'outboundTrafficPolicy', 'mode'], 'key', 'mode'],
    ['both', ['data', 'mesh', 'outboundTrafficPolicy', 'mode'], 'entry', 'mode: REGISTRY_ONLY'],
    ['a quoted value', ['data', 'mesh', 'rootNamespace'], undefined, "'istio-system'"],
    ['a mapping, by its key', ['data', 'mesh', 'outboundTrafficPolicy'], undefined, 'outboundTrafficPolicy'],
    ['an item of a list', ['data', 'mesh', 'defaultServiceExportTo', 1], undefined, 'shop'],
    ['the block itself, by its key', ['data', 'mesh'], 'key', 'mesh'],
    ['what is not there, by the key of the block', ['data', 'mesh', 'trustDomain'], undefined, '(not there) mesh'],
    ['a path into text that is no YAML of that shape', ['data', 'other', 'mode'], undefined, '(not there) other'],
  ])('%s', (_, path, part, expected) => expect(shown(LITERAL, path, part)).toBe(expected));

  test('CRLF', () => expect(shown(LITERAL.replaceAll('\n', '\r\n'), ['data', 'mesh', 'outboundTrafficPolicy', 'mode'])).toBe('REGISTRY_ONLY'));

  test.each(['|', '|+', '|-', '|2', '|2-', '| # comment'])('header %s', (header) => {
    const text = `data:\n  mesh: ${header}\n    a: 1\n\n    b:\n      c: two\n\n\nkind: ConfigMap\n`;
    expect(shown(text, ['data', 'mesh', 'b', 'c'])).toBe('two');
    expect(shown(text, ['data', 'mesh', 'a'], 'key')).toBe('a');
  });

  test('a block that starts with deeper lines', () => expect(shown('mesh: |1\n   a:\n    - b\n', ['mesh', 'a', 0])).toBe('b'));

  test('a block without a line break at its end', () => expect(shown('mesh: |\n  a: 1\n  b: two', ['mesh', 'b'])).toBe('two'));

  test('a character of two units before it', () => expect(shown('mesh: |\n  # 😀\n  a: "😀"\n  b: two\n', ['mesh', 'b'])).toBe('two'));

  test('template text before it', () => expect(shown('mesh: |\n  a: {{ .Values.a }}\n  b: two\n', ['mesh', 'b'])).toBe('two'));
});

describe('a path into YAML in quotes', () => {
  test.each([
    ['double, escaped breaks', 'mesh: "a: 1\\nb:\\n  c: two\\n"'],
    ['double, escaped quotes and letters', 'mesh: "a: \\"\\u00e4\\x41\\"\\nb: {c: two}"'],
    ['double, over lines', 'mesh: "a: 1\\n\\\n    b: {c:\n    two}"'],
    ['single', "mesh: 'b: {c: two}'"],
    ['single, doubled quotes', "mesh: 'a: ''it''''s''\n\n  b: {c: two}'"],
    ['single, over lines', "mesh: 'a: 1  \n\n  b: {c:  \n   two}\n\n  '"],
    ['none', 'mesh: {b: {c: two}}'],
  ])('%s', (_, text) => expect(shown(text, ['mesh', 'b', 'c'])).toBe('two'));
});

test('YAML within YAML within YAML', () => {
  expect(shown("outer: |\n  inner: |\n    a: 'b: {c: two}'\n", ['outer', 'inner', 'a', 'b', 'c'])).toBe('two');
});

test('the lines of a folded block run together: it is shown by its key', () => {
  expect(shown('mesh: >\n  a: 1\n\n  b: two\n', ['mesh', 'b'])).toBe('(not there) mesh');
});
