import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { locate } from '../../src/yaml/locate.ts';
import { readYaml } from '../../src/yaml/read-yaml.ts';
import { CONSTRUCTS, readAll } from './support.ts';

/** Whatever holds of any text that is read. */
function checkContents(text: string): void {
  for (const strict of [true, false]) {
    const { documents, problems, templates, count } = readYaml(text, { wants: () => true, strict });
    expect(count).toBeGreaterThanOrEqual(documents.length);
    expect(count).toBeLessThanOrEqual((text.match(/---|\.\.\./g)?.length ?? 0) + 1);
    for (const { start, end } of [...documents, ...problems, ...templates, ...problems.flatMap((problem) => problem.other ?? [])]) {
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeGreaterThanOrEqual(start);
      expect(end).toBeLessThanOrEqual(text.length);
    }
    for (const { message } of problems) expect(message).toMatch(/^[^\n]{5,200}$/);
    for (const document of documents) locate(text, document, ['a', 0]);
  }
}

describe('no text makes it throw', () => {
  test('any characters', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), checkContents), { numRuns: 500 });
  });

  test('the characters that YAML is made of', () => {
    const unit = fc.constantFrom(
      ...'ab:-?[]{},#&*!|>\'"%@`~ \t\n\r\\<=.0x',
      ': ',
      '- ',
      '\n  ',
      '\n- ',
      '---\n',
      '\u0000',
      '\u0001',
      '\uFEFF',
      '\uD83D',
      '\uE000',
    );
    fc.assert(fc.property(fc.string({ unit, maxLength: 60 }), checkContents), { numRuns: 3000 });
  });

  test('bytes that are no text', () => {
    const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => new TextDecoder().decode(array));
    fc.assert(fc.property(bytes, checkContents), { numRuns: 1000 });
  });

  test('parts of documents', () => {
    const cut = fc.tuple(fc.constantFrom(...CONSTRUCTS), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }));
    const texts = cut.map(([{ text }, from, to]) => text.slice(Math.floor(from * text.length), Math.floor(to * text.length)));
    fc.assert(fc.property(texts, checkContents), { numRuns: 1000 });
  });
});

describe('traps', () => {
  test.each([
    ['lists', '[', ']'],
    ['mappings', '{a: ', '}'],
    ['JSON', '{"a":[', ']}'],
    ['items', '- ', ''],
    ['explicit keys', '? ', ''],
    ['anchors and lists', '&a [', ']'],
    ['tags and lists', '!t [', ']'],
  ])('%s in each other 10,000 times', (_, open, close) => {
    const { documents, problems } = readAll(`kind: x\na: ${open.repeat(10_000)}${close.repeat(10_000)}\n`);
    expect(documents).toEqual([]);
    expect(problems).toHaveLength(1);
    const text = readAll(open.repeat(10_000) + close.repeat(10_000)).problems;
    expect(text.map((problem) => problem.message)).toEqual(['nested more than 100 levels deep']);
  });

  test('mappings in each other by indentation', () => {
    const text = Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n');
    expect(readAll(text).problems.map((problem) => problem.message)).toEqual(['nested more than 100 levels deep']);
  });

  test('as deep as it may be', () => {
    expect(readAll('['.repeat(90) + ']'.repeat(90)).problems).toEqual([]);
  });

  const lists = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array.from({ length: 9 }, () => `*l${i}`).join(', ')}]`);
  const REFUSED = 'its aliases stand for far too much data; kubectl refuses that too';
  const ENDLESS = 'an alias stands for a value that contains the alias itself';

  test.each([
    ['a bomb of aliases', `l0: &l0 [x]\n${lists.join('\n')}\n`, REFUSED],
    ['a list in itself', 'a: &a [*a]\n', ENDLESS],
    ['a mapping in itself', 'a: &a\n  b: *a\n', ENDLESS],
    ['a chain of aliases in the wrong order', chain(3000), ENDLESS],
    ['merge keys without end', `a: &a {${Array.from({ length: 200 }, (_, i) => `k${i}: 1`).join(', ')}}\nb:\n${'  - <<: *a\n'.repeat(100)}`, REFUSED],
  ])('%s', (_, text, message) => {
    expect(readAll(text).problems.map((problem) => problem.message)).toEqual([message]);
  });

  test('many aliases of small things are no bomb', () => {
    const text = `a: &a {b: 1}\nc:\n${'- *a\n'.repeat(500)}`;
    expect(readAll(text)).toMatchObject({ problems: [], count: 1 });
  });

  test('a large document with a star and an ampersand in it is no bomb', () => {
    const text = `note: "& *"\nitems:\n${'- {a: "*", b: [1, 2, 3, 4, 5, 6, 7, 8]}\n'.repeat(40_000)}`;
    expect(readAll(text)).toMatchObject({ problems: [], count: 1 });
  });

  test('keys that other objects have', () => {
    const [document] = readAll('__proto__: {a: 1}\nconstructor: 1\ntoString: 2\nhasOwnProperty: 3\n').documents;
    expect(Object.keys(document?.value as object)).toEqual(['__proto__', 'constructor', 'toString', 'hasOwnProperty']);
    expect(({} as { a?: number }).a).toBeUndefined();
    const [merged] = readAll('a: &a\n  __proto__: {x: 1}\nb:\n  <<: *a\n').documents;
    expect(Object.getPrototypeOf((merged?.value as { b: object } | undefined)?.b)).toBe(Object.prototype);
  });
});

/** Each line holds the next one's anchor, and integer keys come in the order of their numbers. */
function chain(length: number): string {
  return `${length}: &a${length} x\n${Array.from({ length }, (_, i) => `${length - i - 1}: &a${length - i - 1} [*a${length - i}]`).join('\n')}\n`;
}

/** Milliseconds of one run; a second one, where the first was disturbed. */
function time(run: () => void): number {
  const once = (): number => {
    const start = performance.now();
    run();
    return performance.now() - start;
  };
  const first = once();
  return first < 3000 ? first : Math.min(first, once());
}

describe('what is large takes seconds at most', () => {
  /** Five megabytes on one line, less on many, whose number is what counts. */
  const filled = (unit: string): string => unit.repeat(Math.ceil((unit.includes('\n') ? 500_000 : 5_000_000) / unit.length));

  test.each([
    ['one line of text', `kind: x\na: ${filled('x')}\n`],
    ['one line of words', `kind: x\na: ${filled('x ')}\n`],
    ['one line in quotes', `kind: x\na: "${filled('x ')}"\n`],
    ['one key', `kind: x\n${filled('x')}: 1\n`],
    ['one line of spaces', `kind: x\n${filled(' ')}x: 1\n`],
    ['one line of tabs', `kind: x\n${filled('\t')}x: 1\n`],
    ['spaces behind a value', `kind: x\na: b${filled(' ')}c: 1\n`],
    ['blank lines', `kind: x\n${filled('\n')}a: b: c\n`],
    ['lines of spaces', `kind: x\n${filled('   \n')}a: b: c\n`],
    ['comments', `kind: x\n${filled('# x\n')}a: b: c\n`],
    ['markers', filled('---\n')],
    ['almost markers', `kind: x\n${filled('----\n')}`],
    ['stars', `kind: x\na: ${filled('*')}\n`],
    ['colons', `kind: x\na: ${filled(': ')}\n`],
    ['open braces', `kind: x\na: ${filled('{{')}\n`],
    ['open braces on lines', `kind: x\na: ${filled('{{\n')}}}\n`],
    ['dollars and braces', `kind: x\na: b: ${filled('${')}\n`],
    ['angle brackets', `kind: x\na: b: ${filled('<a')}\n`],
    ['an open quote', `kind: x\na: "${filled('x\n')}`],
    ['an open quote and spaces', `kind: x\na: "b\n${filled(' ')}c`],
    ['quotes that go on at column 0', `kind: x\na: "${filled('x   \n')}"\n`],
    ['an open bracket', `kind: x\na: [${filled('x,\n')}`],
    ['a bracket under its key', `kind: x\na: [${filled('x,\n')}]\n`],
    ['tabs in brackets', `kind: x\na: [b${filled('\t')}]\n`],
    ['one line of a flow list', `kind: x\na: [${filled('x, ').slice(0, 1_000_000)}]\n`],
    ['a literal', `kind: x\na: |\n${filled('  x\n')}`],
    ['a literal with broken lines behind it', `kind: x\na: |\n${filled('  x\n')}b: c: d\n`],
    ['kinds', filled('kind: x\n')],
    ['almost an API version', `kind : x\napiVersion: ${filled('istio.i')}\n`],
    ['lines that almost are', `kind : x\n${filled('apiVersion\n')}a: b: c\n`],
    ['dashes', `kind: x\na: b: c\n${filled('- ')}`],
    ['broken documents', filled('kind: x\na: b: c\n---\n').slice(0, 60_000)],
  ])('%s', (_, text) => {
    expect(time(() => void readAll(text))).toBeLessThan(8000);
  });
});
