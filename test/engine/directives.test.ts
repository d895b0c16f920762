import { describe, expect, test } from 'vitest';
import { directivesIn } from '../../src/engine/directives.ts';
import { load } from '../../src/mesh/load.ts';

/** What each directive of a text says and reaches, as `verb names: from-to`. */
function reached(text: string): readonly string[] {
  const [file] = load([{ file: 'test.yaml', text, named: true }]);
  if (!file) throw new Error('no file');
  return directivesIn(file).map(({ verb, names, lines }) => {
    const said = [verb, ...names.map((name) => name.text)].join(' ');
    return `${said}: ${lines ? `${lines.from}-${lines.to}` : 'nothing'}`;
  });
}

const NEXT = '# egress-lint-disable-next-line';

describe('the scope of a comment is the node on its line', () => {
  test.each([
    ['a scalar', `a: 1\n${NEXT} x\nb: 2\nc: 3\n`, '3-3'],
    ['a mapping with everything in it', `a: 1\n${NEXT} x\nb:\n  c: 1\n\n  # c\n  d:\n    - 2\ne: 3\n`, '3-8'],
    ['a list under its key', `a: 1\n${NEXT} x\nb:\n- 1\n- c: 2\n  d: 3\ne: 4\n`, '3-6'],
    ['a list under its key, behind an anchor', `a: 1\n${NEXT} x\nb: &b # c\n- 1\ne: 4\n`, '3-4'],
    ['an item with all of its keys', `a:\n  ${NEXT} x\n  - b: 1\n    c:\n      - 2\n  - d: 3\n`, '3-5'],
    ['an item with a list under its first key', `a:\n${NEXT} x\n- b:\n  - 1\n- c\n`, '3-4'],
    ['the first of two items at the column of their key', `x: 1\na:\n${NEXT} x\n- b\n- c\n`, '4-4'],
    ['a block scalar', `a: 1\n${NEXT} x\nb: |\n  c: 1\n\n  d\ne: 2\n`, '3-6'],
    ['brackets over lines', `a: 1\n${NEXT} x\nb: [\n  c,\n  d]\ne: 2\n`, '3-5'],
    ['over comments and blank lines', `a: 1\n${NEXT} x\n\n# c\n  # d\nb: 2\n`, '6-6'],
    ['the last line', `a: 1\n${NEXT} x\nb: 2`, '3-3'],
    ['a node ends with its document', `a: 1\n${NEXT} x\nb:\n  c: 1\n--- # c\n  d: 1\n`, '3-4'],
    ['a value that looks like the end of one', `a: 1\n${NEXT} x\nb: |\n  ---\n  c\nd: 1\n`, '3-5'],
    ['CRLF', `a: 1\r\n${NEXT} x\r\nb:\r\n  c: 1\r\nd: 2\r\n`, '3-4'],
    ['lone CR', `a: 1\r${NEXT} x\rb:\r  c: 1\rd: 2\r`, '3-4'],
    ['nothing, at the end', `a: 1\n${NEXT} x\n# c\n`, 'nothing'],
  ])('next line: %s', (_, text, lines) => {
    expect(reached(text)).toEqual([`disable-next-line x: ${lines}`]);
  });

  test.each([
    ['above the first line', `${NEXT} x\na: 1\nb:\n  c: 2\n---\nd: 3\n`, '2-4'],
    ['under other comments', `# license\n\n${NEXT} x\n\na: 1\nb: 2\n`, '5-6'],
    ['behind the marker', `a: 1\n---\n${NEXT} x\nb: 1\nc: 2\n...\nd: 3\n`, '4-5'],
    ['in front of the marker', `a: 1\n${NEXT} x\n---\nb: 1\nc: 2\n`, '4-5'],
    ['under a directive of YAML', `%YAML 1.1\n---\n${NEXT} x\na: 1\nb: 2\n`, '4-5'],
  ])('next line: the whole document, %s', (_, text, lines) => {
    expect(reached(text.replace(/\n$/, ''))).toEqual([`disable-next-line x: ${lines}`]);
  });

  const LINE = '# egress-lint-disable-line';

  test.each([
    ['a scalar', `a: 1\nb: 2 ${LINE} x\nc: 3\n`, '2-2'],
    ['the first line of a document is an entry like others', `a: 1 ${LINE} x\nb: 2\n`, '1-1'],
    ['a mapping with everything in it', `a: ${LINE} x\n  b: 1\n  c: 2\nd: 3\n`, '1-3'],
    ['a list under its key', `a: ${LINE} x\n- b\n- c\nd: 3\n`, '1-3'],
    ['the first key of an item, not the item', `- a: 1 ${LINE} x\n  b: 2\n- c\n`, '1-1'],
    ['the first key of an item with what is in it', `- a: ${LINE} x\n    b: 1\n  c: 2\n`, '1-2'],
    ['behind brackets', `a: [b, c] ${LINE} x\nd: 1\n`, '1-1'],
    ['on a line of its own', `a: 1\n${LINE} x\nb: 2\n`, 'nothing'],
  ])('line: %s', (_, text, lines) => {
    expect(reached(text)).toEqual([`disable-line x: ${lines}`]);
  });

  test('file: every line, wherever it stands', () => {
    expect(reached('a: 1\n---\nb: 2\n# egress-lint-disable-file x\n---\nc: 3\n')).toEqual(['disable-file x: 1-7']);
  });
});

test.each([
  ['none: all rules', '', ''],
  ['one', ' one', ' one'],
  ['several, with commas', ' one, two,three', ' one two three'],
  ['several, with spaces', '  one two', ' one two'],
  ['codes', ' EL101 el102', ' EL101 el102'],
  ['a reason', ' one -- because two, three', ' one'],
  ['a reason for all rules', ' -- because', ''],
  ['two dashes within a name are none', ' a--b -- c', ' a--b'],
  ['two dashes at the end', ' one --', ' one'],
  ['no dashes: everything is a name', ' one because', ' one because'],
])('names: %s', (_, rest, names) => {
  expect(reached(`a: 1\n${NEXT}${rest}\nb: 2\n`)).toEqual([`disable-next-line${names}: 3-3`]);
});

describe('what is a directive', () => {
  test.each([
    ['without a space', 'a: 1 #egress-lint-disable-line x\n', 1],
    ['with several', 'a: 1 #  egress-lint-disable-line x\n', 1],
    ['behind a tab', 'a: 1\t# egress-lint-disable-line x\n', 1],
    ['behind the bar of a literal', 'a: | # egress-lint-disable-line x\n  b\n', 1],
    ['between the lines of brackets', 'a: [ # egress-lint-disable-line x\n  b]\n', 1],
    ['a verb that does not exist', 'a: 1 # egress-lint-disable-nextline x\n', 1],
    ['in a literal', 'a: |\n  # egress-lint-disable-next-line x\n  b\n', 0],
    ['in a folded text', 'a: >-\n  b\n  # egress-lint-disable-next-line x\n', 0],
    ['between quotes', 'a: "b # egress-lint-disable-line x"\n', 0],
    ['between quotes over lines', 'a: "b\n  # egress-lint-disable-line x"\n', 0],
    ['within a word', 'a: b#egress-lint-disable-line\n', 0],
    ['in the middle of a comment', 'a: b # see egress-lint-disable-line\n', 0],
    ['another word', 'a: b # egress-lint-docker\n', 0],
    ['another comment', 'a: b # egress-lint disable-line x\n', 0],
  ])('%s', (_, text, count) => {
    expect(reached(text)).toHaveLength(count);
  });
});

test('it reaches the documents that it stands for', () => {
  const text = `kind: Service\n---\n${NEXT} x\nkind: Service\na: 1\n---\nkind: Service\n# egress-lint-disable-file y\n`;
  const [file] = load([{ file: 'test.yaml', text, named: true }]);
  const documents = file?.contents.documents ?? [];
  expect(file && directivesIn(file).map((directive) => directive.documents)).toEqual([[documents[1]], documents]);
});

test('its places are those of the comment and of the names', () => {
  const text = `a: 1\n${NEXT} one, two -- why  \nb: 2\n`;
  const [file] = load([{ file: 'test.yaml', text, named: true }]);
  const [directive] = file ? directivesIn(file) : [];
  const shown = [directive?.span, ...(directive?.names ?? [])].map((span) => text.slice(span?.start, span?.end));
  expect(shown).toEqual([`${NEXT} one, two -- why`, 'one', 'two']);
});
