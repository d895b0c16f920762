// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates are among what is read
import { describe, expect, test } from 'vitest';
import { readYaml } from '../../src/yaml/read-yaml.ts';
import { unmasked } from '../../src/yaml/template-text.ts';
import { readAll } from './support.ts';

/** What is said of a text, as `text at the place: message`, with what the message also points at behind `<-`. */
function said(text: string): readonly string[] {
  return readAll(text).problems.map(({ start, end, message, other }) => {
    const first = other ? ` <- ${JSON.stringify(text.slice(other.start, other.end))} at ${other.start}` : '';
    return `${text.slice(start, end)}: ${message}${first}`;
  });
}

const TAB = 'a tab stands in the indentation; YAML wants spaces there';
const COLON = "an unquoted value holds ': ', which would start another key: put the value in quotes";
const SIDE_BY_SIDE = "list items ('- …') and keys stand side by side at one level; indent one of them";
const notClosed = (mark: string): string => `the quote ${mark} that opens here is not closed: put another ${mark} at the end of the value`;
const missing = (open: string, close: string): string => `the '${open}' that opens here is not closed: a '${close}' is missing`;
const reserved = (char: string): string => `a value cannot start with ${char} unless it is in quotes`;
const indented = (by: number, fitting: string): string => `this line is indented by ${by}; those above it that it could belong to are indented by ${fitting}`;

describe('what is wrong, where a person has to look', () => {
  test.each([
    // tabs
    ['a tab', 'spec:\n\thosts: x\n', `\t: ${TAB}`],
    ['a tab behind spaces', 'spec:\n  hosts:\n  \t- x\n', `\t: ${TAB}`],
    ['a tab in a later line', 'spec:\n  a: 1\n\tb: 2\n', `\t: ${TAB}`],
    ['tabs in a block scalar', 'a: |\n x\n\tz: 1\n', `\t: ${TAB}`],
    // quotes
    ['an open quote', 'host: "a.example\nport: 1\n', `"a.example: ${notClosed('"')}`],
    ['an open quote, with others further down', 'spec:\n  host: "a.example\n  port: "1"\n', `"a.example: ${notClosed('"')}`],
    ['an open single quote', "- 'a.example\n- b\n", `'a.example: ${notClosed("'")}`],
    ["an apostrophe in '…'", "a: 'it's'\nb: 1\n", "s': there is text behind the closing quote; a ' inside of single quotes is written ''"],
    ['a quote in "…"', 'a: "say "hi""\n', 'hi"": there is text behind the closing quote; a " inside of double quotes is written \\"'],
    ['an escape that is none', 'regex: "\\d+"\n', '\\d: \\d means nothing in double quotes; write \\\\d, or use single quotes'],
    // brackets
    ['an open bracket', 'hosts: [a, b\nports: 1\n', `[: ${missing('[', ']')}`],
    ['an open bracket at the end', 'hosts: [a, b\n', `[: ${missing('[', ']')}`],
    ['an open bracket inside of another', 'a: {b: [c, d: {e: 1}}\n', "[: the '[' that opens here needs a ']' before the '}' on line 1"],
    ['an open brace', 'a: {b: 1\nd: 3\n', `{: ${missing('{', '}')}`],
    ['an open brace of JSON', '{"a": {"b": 1}', `{: ${missing('{', '}')}`],
    ['the wrong bracket', '{\n  "a": [1, 2}\n}', "[: the '[' that opens here needs a ']' before the '}' on line 2"],
    ['a bracket too many', 'a: {b: 1}}\n', "}: there is text behind the closing '}'"],
    ['a comma too many', 'a: [1,,2]\n', ",: a value is missing before this ','"],
    ['no comma', '{"a": 1 "b": 2}', '{: a comma is missing, or a value with special characters needs quotes, in the { … } that starts here'],
    // characters
    ['a star', 'hosts:\n- *.bank.example\n', '*.bank.example: a value that starts with * needs quotes: "*.bank.example"'],
    ['a star alone', 'hosts: [*]\n', '*: a value that starts with * needs quotes: "*"'],
    ['a star with a namespace', 'hosts:\n- */*\n', '*/*: a value that starts with * needs quotes: "*/*"'],
    ['an alias without an anchor', 'a: *base\n', '*base: the alias *base has no anchor &base above it in this document; text that starts with * needs quotes'],
    ['an at sign', 'a: @b\n', `@b: ${reserved('@')}`],
    ['a backtick', 'a: `b`\n', `\`b\`: ${reserved('`')}`],
    ['a percent sign', 'a: %REQ(B)%\n', `%REQ(B)%: ${reserved('%')}`],
    ['an ampersand', 'a: &\n', '&: a value that starts with & needs quotes'],
    ['a bar', 'a: |b\n', "b: behind '|' or '>' the text starts on the next line; a value that starts with one of them needs quotes"],
    ['a control character', 'a: b\u0001c\n', '\u0001: the control character U+0001, which YAML does not allow; delete it'],
    ['a NUL', 'a: b\u0000c\n', '\u0000: a NUL character: the file is binary, or saved as UTF-16; YAML has to be saved as UTF-8'],
    // colons
    ['a colon in a value', 'message: error: no route\n', `error: no route: ${COLON}`],
    ['a colon in the value of an item', '- name: a\n  message: error: no route # c\n', `error: no route # c: ${COLON}`],
    ['a colon that is missing', 'spec:\n  hosts\n  ports: 1\n', "hosts: a colon is missing behind 'hosts'"],
    ['a space that is missing', 'host:a\nport: 1\n', "host:a: a space is missing behind the colon in 'host:a'"],
    ['a line that is nothing', 'spec:\n  hosts:\n  - a\n  b\n', "b: this line is neither a key (no ': ' behind it) nor a list item (no '- ' in front)"],
    ['an item behind its key', 'a: - b\n', "-: a list item cannot stand on the line of its key: put '- ' on a line of its own"],
    // indentation
    ['too deep', 'spec:\n  a: 1\n   b: 2\n', `b: 2: ${indented(3, '2 or 0')}`],
    ['too deep in an item', 'spec:\n  - host: a\n     port: 1\n', `port: 1: ${indented(5, '4, 2 or 0')}`],
    ['not deep enough', 'spec:\n    a: 1\n  b: 2\n', `b: 2: ${indented(2, '4 or 0')}`],
    ['between two levels', 'spec:\n  a:\n    b: 1\n   c: 2\n', `c: 2: ${indented(3, '4, 2 or 0')}`],
    ['under a value', 'a: x\n  b: 1\n', `b: 1: ${indented(2, '0')}`],
    ['items of different depth', 'a:\n  - b\n - c\n', `- c: ${indented(1, '2 or 0')}`],
    ['a key beside items', 'a:\n  - b\n  c: 1\n', `c: 1: ${SIDE_BY_SIDE}`],
    ['an item beside keys', 'b:\n  c: 1\n  - a\n', `- a: ${SIDE_BY_SIDE}`],
    ['an item beside keys at the root', 'b: 1\n- a\n', `- a: ${SIDE_BY_SIDE}`],
    // documents
    [
      'a merge conflict',
      'a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\n',
      '<<<<<<< HEAD: a merge conflict was left in the file: keep one side, delete the marker lines',
    ],
    ['two documents of JSON', '{"a": 1}\n{"b": 2}\n', '{"b": 2}: the document ended before this; two documents need a line \'---\' between them'],
    // keys
    ['brackets as a key', '[your.domain]: 1\n', '[your.domain]:: a list or a mapping is used as a key; text in brackets or braces needs quotes'],
    ['no key', ': 1\n', ':: a key is empty, or an unquoted null'],
    ['a null as a key', '~: 1\n', '~:: a key is empty, or an unquoted null'],
    ['a merge key of a text', 'a:\n  <<: b\n', "<<:: '<<' takes a mapping, or an alias of one"],
  ])('%s', (_, text, expected) => {
    expect(said(text)).toEqual([expected]);
    expect(readAll(text).documents).toEqual([]);
  });
});

describe('a key that stands twice', () => {
  const twice = (key: string, line: number): string =>
    `the key '${key}' stands twice in one mapping, first on line ${line}; kubectl silently takes this one, other tools refuse the document`;

  test.each([
    ['names both places', 'a: 1\nb: 2\na: 3\n', `a: ${twice('a', 1)} <- "a" at 0`, { a: 3, b: 2 }],
    ['in quotes and without', 'x:\n  a: 1\n  "a": 2\n', `"a": ${twice('a', 2)} <- "a" at 5`, { x: { a: 2 } }],
    ['in an item', '- a: 1\n  b: 2\n  a: 3\n', `a: ${twice('a', 1)} <- "a" at 2`, [{ a: 3, b: 2 }]],
    ['with another mapping between', 'a:\n  a: 1\nb:\n  a: 1\na: 2\n', `a: ${twice('a', 1)} <- "a" at 0`, { a: 2, b: { a: 1 } }],
    ['the line counts from the top of the file', 'x: 1\n---\n\na: 1\na: 2\n', `a: ${twice('a', 4)} <- "a" at 10`, { a: 2 }],
    [
      'in braces the first place is not searched',
      'a: {b: 1, b: 2}\n',
      "b: the key 'b' stands twice in one mapping; kubectl silently takes this one, other tools refuse the document",
      { a: { b: 2 } },
    ],
    [
      'two resources without a line between them',
      'kind: A\nx: 1\nkind: B\n',
      `kind: ${twice('kind', 1)}; is a line '---' missing between two resources? <- "kind" at 0`,
      { kind: 'B', x: 1 },
    ],
  ])('%s; the document is read, the last one wins', (_, text, expected, value) => {
    expect(said(text)).toEqual([expected]);
    const { documents, problems } = readAll(text);
    expect(documents.at(-1)?.value).toEqual(value);
    expect(problems[0]?.isRead).toBe(true);
  });

  test('a key of its own wins over a merge key without a word', () => {
    expect(said('a: &x {b: 1}\nc: {<<: *x, b: 2}\n')).toEqual([]);
  });
});

describe('what kubectl reads is no problem', () => {
  test.each([
    ['a bracket under its key', 'hosts: [\n  "a",\n]\nb: 1\n', { hosts: ['a'], b: 1 }],
    ['braces under their key', 'a:\n  b: {\n    c: 1 # c\n  }\n  d: 2\n', { a: { b: { c: 1 }, d: 2 } }],
    ['lines of a flow list at column 0', 'a:\n  b: [\nc, "d\n  e",\nf]\n', { a: { b: ['c', 'd e', 'f'] } }],
    ['tabs between brackets', 'a: [\n\tb,\n\tc\n]\n', { a: ['b', 'c'] }],
    ['tabs in front of values and behind them', 'a:\t[b,\tc\t]\nd:\t{e:\tf}\n', { a: ['b', 'c'], d: { e: 'f' } }],
    ['quotes that go on at column 0', 'a: "b\nc"\nd: 1\n', { a: 'b c', d: 1 }],
    ['with empty lines and escapes', 'a: "b \\\n  c\n\nd\\n"\n', { a: 'b c\nd\n' }],
    ['single quotes that go on at column 0', "a: 'it''s\n\n\n\"b\" \\c'\n", { a: 'it\'s\n\n"b" \\c' }],
    ['a key twice in it', 'a: {\nb: 1\n}\na: 2\n', { a: 2 }],
    ['tags of other tools', 'a: !Ref b\nc: !Sub [d]\ne: !!set {f}\n', { a: 'b', c: ['d'], e: { f: null } }],
    ['aliases', 'a: &x [1]\nb: *x\n', { a: [1], b: [1] }],
    ['keys that are words of YAML', 'yes: 1\n443: 2\n1.5: 3\n', { true: 1, 443: 2, '1.5': 3 }],
    ['a key like no other', '__proto__: 1\nconstructor: 2\n', JSON.parse('{"__proto__": 1, "constructor": 2}')],
  ])('%s', (_, text, value) => {
    const { documents, problems } = readAll(text);
    expect(documents.map((document) => document.value)).toEqual([value]);
    expect(problems.filter((problem) => !problem.isRead)).toEqual([]);
  });
});

describe('templates are no mistakes', () => {
  test.each([
    ['lines that come and go', 'kind: ServiceEntry\nspec:\n  {{- if .x }}\n  hosts: []\n  {{- end }}\n', 'ServiceEntry'],
    ['a template over two lines', 'kind: ServiceEntry\nspec: {{ .x |\n  toYaml }}\n', 'ServiceEntry'],
    ['lines of a variable', 'kind: ServiceEntry\nspec:\n  hosts: [a]\n  ${EXTRA}\n', 'ServiceEntry'],
    ['ytt', 'kind: ServiceEntry\nmetadata:\n  namespace: #@ data.values.namespace\n', 'ServiceEntry'],
    ['kinds to choose from', 'apiVersion: networking.istio.io/v1\n{{ if .x }}\nkind: Gateway\n{{ else }}\nkind: Sidecar\n{{ end }}\n', undefined],
  ])('%s', (_, text, kind) => {
    expect(readAll(text)).toEqual({ documents: [], problems: [], templates: [{ start: 0, end: text.length, kind }], count: 1 });
  });

  test('a value is masked, and the rest is read', () => {
    const [document] = readAll('host: {{ .Values.host }}\nport: 443\n').documents;
    const host = '{{ .Values.host }}';
    expect(document?.value).toEqual({ host: expect.stringMatching(new RegExp(`^[\\uE020-\\uE07E]{${host.length}}$`)), port: 443 });
    expect(unmasked(JSON.stringify(document?.value))).toBe(JSON.stringify({ host, port: 443 }));
  });
});

test('without a kind that is ours, only text that a person named is reported', () => {
  const broken = 'a: b: c\n';
  const options = { wants: () => true };
  const ours = [
    `kind: ServiceEntry\n${broken}`,
    `apiVersion: networking.istio.io/v1\n"kind": X\n${broken}`,
    `- apiVersion: gateway.networking.k8s.io/v1\n${broken}`,
    '{"kind": "X", "apiVersion": "security.istio.io/v1"',
  ];
  for (const text of ours) expect(readAll(text).problems).toEqual([expect.anything()]);
  expect(readAll(broken).problems).toHaveLength(1);
  expect(readYaml(broken, options).problems).toEqual([]);
  for (const text of ours) expect(readYaml(text, options).problems).toHaveLength(1);
});
