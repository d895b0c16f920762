import { describe, expect, test } from 'vitest';
import { codeFrame, type Label } from '../../src/report/code-frame.ts';
import { paintFor } from '../../src/report/paint.ts';
import { sourceLines } from '../../src/report/source-lines.ts';
import { displayWidth } from '../../src/report/terminal-text.ts';
import { type MarkedFile, marked } from './support.ts';

const paint = paintFor({ color: 0, width: 80, hyperlinks: false });

/** The frame of a text in which the first mark is the primary place; the texts are the labels'. */
function frameOf(source: MarkedFile, texts: readonly string[] = [], width = 80): readonly string[] {
  const labels = source.places.map((location, index): Label => ({ location, text: texts[index] ?? '', ...(index === 0 && { primary: 'error' }) }));
  const lines = sourceLines(() => source)(source.file);
  if (!lines) throw new Error('no source');
  const digits = Math.max(...source.places.map(({ endLine }) => String(endLine).length));
  return codeFrame(lines, labels, { digits, width, paint });
}

describe('codeFrame', () => {
  test('underlines places with their labels and folds what lies between', () => {
    const source = marked('a.yaml', `kind: Sidecar\nspec:\n  egress:\n    - hosts: [«./a.example»]\n${'#\n'.repeat(6)}      «port»: 443\n`);
    expect(frameOf(source, ['not registered', 'for this port'])).toEqual([
      '   |',
      ' 4 |     - hosts: [./a.example]',
      '   |               ^^^^^^^^^^^ not registered',
      '...',
      '11 |       port: 443',
      '   |       ---- for this port',
    ]);
  });

  test('shows neighbors without a fold, and the one line between two instead of a fold', () => {
    expect(frameOf(marked('a.yaml', '«a»: 1\n«b»: 2\n\n«d»: 4\n'))).toEqual(['  |', '1 | a: 1', '  | ^', '2 | b: 2', '  | -', '3 |', '4 | d: 4', '  | -']);
  });

  test('gives each of several places in one line its row, the primary first', () => {
    const source = marked('a.yaml', '{ «host»: «rates.example», port: «8O» }');
    expect(frameOf(source, ['one', 'two', 'three'])).toEqual([
      '  |',
      '1 | { host: rates.example, port: 8O }',
      '  |   ^^^^ one',
      '  |         ------------- two',
      '  |                              -- three',
    ]);
  });

  test.each([
    ['tabs', 'a:\t\t«b»', '1 | a:        b', '  |           ^'],
    ['wide characters', '東京: «京都» # x', '1 | 東京: 京都 # x', '  |       ^^^^'],
    ['emoji', '👩‍👩‍👧 👍: «👍👍»', '1 | 👩‍👩‍👧 👍: 👍👍', '  |        ^^^^'],
    ['combining characters', 'e\u0301: «e\u0301x»', '1 | e\u0301: e\u0301x', '  |    ^^'],
    ['escape sequences', '\u001b[2J: «\u001b[31mx»', '1 | ␛[2J: ␛[31mx', '  |       ^^^^^^'],
    ['a byte order mark', '\ufeff«kind»: x', '1 | kind: x', '  | ^^^^'],
    ['CRLF', '«kind»: x\r\nspec:\r\n', '1 | kind: x', '  | ^^^^'],
    ['an empty place', 'a: «»b', '1 | a: b', '  |    ^'],
    ['an empty place at the end of a line', 'a:«»\nb:', '1 | a:', '  |   ^'],
    ['the end of the file', 'a: «b»', '1 | a: b', '  |    ^'],
  ])('lines carets up with %s', (_, text, code, carets) => expect(frameOf(marked('a.yaml', text))).toEqual(['  |', code, carets]));

  test('shows the empty line after the last line end', () => {
    expect(frameOf(marked('a.yaml', 'a: b\n«»'), ['the file ends here'])).toEqual(['  |', '2 |', '  | ^ the file ends here']);
  });

  test('underlines a place of two lines to the end of the first and from the indentation of the second', () => {
    expect(frameOf(marked('a.yaml', 'a: «x # y  \n   zz»: 1\n'), ['said once'])).toEqual([
      '  |',
      '1 | a: x # y',
      '  |    ^^^^^',
      '2 |    zz: 1',
      '  |    ^^ said once',
    ]);
  });

  test('folds the middle of a long place', () => {
    expect(frameOf(marked('a.yaml', '«a1\nb2\nc3\nd4\ne5\nf6»\n'), ['all of it'])).toEqual([
      '  |',
      '1 | a1',
      '  | ^^',
      '2 | b2',
      '  | ^^',
      '...',
      '5 | e5',
      '  | ^^',
      '6 | f6',
      '  | ^^ all of it',
    ]);
  });

  test('a place that ends with a line end does not reach into the next line', () => {
    expect(frameOf(marked('a.yaml', 'a: «|\n  b\n»c: d\n'), ['block'])).toEqual(['  |', '1 | a: |', '  |    ^', '2 |   b', '  |   ^ block']);
  });

  test('wraps a label beside its carets, and puts it below where there is little room', () => {
    expect(frameOf(marked('a.yaml', 'a: «b»'), ['a label that is so long that it takes more room than is left beside the carets'], 60)).toEqual([
      '  |',
      '1 | a: b',
      '  |    ^ a label that is so long that it takes more room',
      '  |      than is left beside the carets',
    ]);
    expect(frameOf(marked('a.yaml', `${'a'.repeat(30)}: «bbbbbbbbbb»`), ['a label of which it takes two rows to tell'], 60)).toEqual([
      '  |',
      `1 | ${'a'.repeat(30)}: bbbbbbbbbb`,
      '  |                                 ^^^^^^^^^^',
      '  |                 a label of which it takes two rows to',
      '  |                 tell',
    ]);
  });

  test('a label is one row of text, whatever a file put into it', () => {
    expect(frameOf(marked('a.yaml', 'a: «b»'), ['x\u001b[2J\n::error::y'])).toEqual(['  |', '1 | a: b', '  |    ^ x␛[2J ::error::y']);
  });

  describe('of a long line', () => {
    const item = '{"host":"rates.example","port":443},';

    test('shows the piece around the place', () => {
      const rows = frameOf(marked('a.json', `[${item.repeat(30)}{"host":"«quotes.example»"},${item.repeat(30)}]`), ['here']);
      expect(rows).toEqual([
        '  |',
        '1 | …"rates.example","port":443},{"host":"quotes.example"},{"host":"rates.examp…',
        '  |                                       ^^^^^^^^^^^^^^ here',
      ]);
      expect(rows.map(displayWidth).every((width) => width <= 80)).toBe(true);
    });

    test('shows its beginning or its end where the place is there', () => {
      expect(frameOf(marked('a.json', `[{"«kind»":1},${item.repeat(30)}`))[1]).toMatch(/^1 \| \[\{"kind":1\},.*…$/);
      expect(frameOf(marked('a.json', `${item.repeat(30)}{"«kind»":1}]`))[1]).toMatch(/^1 \| ….*\{"kind":1\}\]$/);
    });

    test('shows a piece for each place where they lie far apart, and one where they lie together', () => {
      const rows = frameOf(marked('a.json', `{"«a»":1,"«b»":2},${item.repeat(30)}{"«c»":3}${item.repeat(30)}`), ['one', 'two', 'three']);
      expect(rows).toHaveLength(6);
      expect(rows[1]).toMatch(/^1 \| \{"a":1,"b":2\},.*…$/);
      expect(rows.slice(2, 4)).toEqual(['  |   ^ one', '  |         - two']);
      const [code = '', marks = ''] = rows.slice(4);
      expect(code).toMatch(/^1 \| ….*\{"c":3\}.*…$/);
      expect(marks.trimEnd().endsWith('- three')).toBe(true);
      expect(marks.indexOf('-')).toBe(code.indexOf('{"c"') + 2);
    });

    test('a place that is longer than the room is underlined as far as it is shown', () => {
      const rows = frameOf(marked('a.json', `[«${item.repeat(40)}»]`), ['all']);
      expect(rows[1]).toMatch(/^1 \| \[\{"host.*…$/);
      expect(rows[2]).toMatch(/^ {2}\| {2}\^+$/);
      expect(displayWidth(rows[2] ?? '')).toBeLessThanOrEqual(80);
      expect(rows.slice(3)).toEqual(['  |  all']);
    });

    test('takes no longer for a line of megabytes', () => {
      const text = `[${item.repeat(60_000)}{"host":"«東京.example»"},${item.repeat(60_000)}]`;
      const source = marked('a.json', text);
      const started = performance.now();
      const rows = frameOf(source, ['here']);
      expect(performance.now() - started).toBeLessThan(1000);
      expect(rows[2]).toMatch(/^ {2}\| +\^{12} here$/);
    });
  });
});
