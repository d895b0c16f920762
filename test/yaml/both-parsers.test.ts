import fc from 'fast-check';
import { expect, test } from 'vitest';
import { locate } from '../../src/yaml/locate.ts';
import { readableText } from '../../src/yaml/split.ts';
import { parseText } from '../../src/yaml/tree.ts';
import { at, CONSTRUCTS, pathsInto, plainValue, readAll, sorted, writtenFiles } from './support.ts';

/**
 * Values come from one parser, positions from another: where both read a document, they must read the same.
 * Intended differences: a scalar in quotes whose lines start under its key is read for positions as if its line breaks were spaces (scan.ts);
 * a byte order mark in the middle of a document, which only pasting makes, is text for one and nothing for the other.
 */
const files = [...CONSTRUCTS, ...writtenFiles()];

test.each(files.map(({ name, text }) => [name, text] as const))('%s', (name, text) => {
  for (const document of readAll(text).documents) {
    const chunk = text.slice(document.start, document.end);
    const { tree, text: read } = parseText(chunk);
    expect(tree.errors).toEqual([]);
    expect(read !== readableText(chunk)).toBe(name.startsWith('brackets under their keys'));
    if (read === readableText(chunk)) expect(sorted(plainValue(tree, tree.contents))).toEqual(sorted(document.value));
  }
});

/** Edits of the kind that people make by mistake. */
const mistakes = fc.array(
  fc.record({
    place: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat(3),
    insert: fc.constantFrom(
      ...[
        '',
        '',
        ' ',
        '  ',
        '\n',
        '\n\n',
        '\r\n',
        '\t',
        ':',
        ': ',
        '- ',
        '\n- ',
        '#',
        ' # ',
        '"',
        "'",
        '[',
        ']',
        '{',
        '}',
        ',',
        '|',
        '>',
        '|\n',
        '&a ',
        '*a',
        '!!str ',
        '!x ',
        '? ',
      ],
      ...[
        '---\n',
        '\n---\n',
        '\n...\n',
        '%',
        '@',
        '`',
        '<<: ',
        '<<: *a',
        '~',
        'yes',
        '0x1f',
        '\\',
        'é',
        '😀',
        '\uFEFF',
        '{{ x }}',
        '=',
        '-',
        '.',
        '\u2028',
        '\u0085',
      ],
    ),
  }),
  { minLength: 1, maxLength: 3 },
);

function mutated(text: string, edits: readonly { place: number; remove: number; insert: string }[]): string {
  return edits.reduce((current, { place, remove, insert }) => {
    const start = Math.floor(place * current.length);
    return current.slice(0, start) + insert + current.slice(start + remove);
  }, text);
}

/** Lone halves of a character, which only cutting a text in two makes. */
const BROKEN_CHARACTER = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

test('documents with mistakes in them', () => {
  const short = files.filter(({ text }) => text.length < 3000);
  let compared = 0;
  fc.assert(
    fc.property(fc.constantFrom(...short), mistakes, ({ text }, edits) => {
      const changed = mutated(text, edits);
      if (BROKEN_CHARACTER.test(changed)) return;
      for (const document of readAll(changed).documents) {
        const chunk = changed.slice(document.start, document.end);
        const { tree, text: read } = parseText(chunk);
        if (tree.errors.length > 0 || read !== readableText(chunk) || chunk.includes('\uFEFF')) continue;
        compared++;
        expect(sorted(plainValue(tree, tree.contents))).toEqual(sorted(document.value));
      }
    }),
    { numRuns: 4000 },
  );
  expect(compared).toBeGreaterThan(1000);
});

test('positions in documents with mistakes lie in the document, and lead somewhere', () => {
  fc.assert(
    fc.property(fc.constantFrom(...CONSTRUCTS), mistakes, ({ text }, edits) => {
      const changed = mutated(text, edits);
      for (const document of readAll(changed).documents) {
        for (const path of pathsInto(document.value)) {
          expect(at(document.value, path)).toBeDefined();
          const { span } = locate(changed, document, path);
          expect(span.start).toBeGreaterThanOrEqual(document.start);
          expect(span.end).toBeLessThanOrEqual(document.end);
          expect(span.end).toBeGreaterThanOrEqual(span.start);
        }
      }
    }),
    { numRuns: 1000 },
  );
});
