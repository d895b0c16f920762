import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineStarts, positionAt } from '../../src/text/source-text.ts';

test.each([
  ['nothing', '', [0]],
  ['one line', 'a', [0]],
  ['LF', 'a\nb\n', [0, 2, 4]],
  ['CRLF counts once', 'a\r\nb\r\n', [0, 3, 6]],
  ['lone CR', 'a\rb', [0, 2]],
  ['CR at the end', 'a\r', [0, 2]],
  ['all of them', '\n\r\r\n', [0, 1, 2, 4]],
  ['other separators end no line', 'a\u2028b\u0085c\fd', [0]],
])('line starts: %s', (_, text, expected) => {
  expect(lineStarts(text)).toEqual(expected);
});

test('a position has a line and a column from 1, counted in UTF-16 units', () => {
  const text = 'a\n😀b\r\nc';
  const starts = lineStarts(text);
  expect([0, 1, 2, 4, 5, 7, 8].map((offset) => positionAt(starts, offset))).toEqual([
    { line: 1, column: 1 },
    { line: 1, column: 2 },
    { line: 2, column: 1 },
    { line: 2, column: 3 },
    { line: 2, column: 4 },
    { line: 3, column: 1 },
    { line: 3, column: 2 },
  ]);
});

test('positions agree with counting by hand, for every offset of any text', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', '\n', '\r', '\r\n', '😀', ' ') });
  fc.assert(
    fc.property(texts, (text) => {
      const starts = lineStarts(text);
      for (let offset = 0; offset <= text.length; offset++) {
        // A CR in front of an LF is on the line that both end.
        const before = text.slice(0, offset).replace(/\r$/, text[offset] === '\n' ? '' : '\r');
        const lines = before.split(/\r\n|\r|\n/);
        expect(positionAt(starts, offset).line).toBe(lines.length);
      }
    }),
  );
});
