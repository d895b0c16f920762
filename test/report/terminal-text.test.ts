import { describe, expect, test } from 'vitest';
import { cellsOf, displayWidth, printable, printableLine, printableLines, wrap } from '../../src/report/terminal-text.ts';

describe('printable', () => {
  test.each([
    ['escape sequences', 'a\u001b[31mred', 'a␛[31mred'],
    ['a backspace and a bell', 'a\b\u0007', 'a␈␇'],
    ['delete', '\u007f', '␡'],
    ['C1 controls, of which some terminals make escape sequences', '\u009b31m', '\ufffd31m'],
    ['overrides of the direction of writing', 'a\u202eb\u2066c', 'a\ufffdb\ufffdc'],
    ['what cannot be seen: zero-width space, soft hyphen, byte order mark', 'a\u200bb\u00adc\ufeff', 'a\ufffdb\ufffdc\ufffd'],
    ['lone surrogates', 'a\ud83d b', 'a\ufffd b'],
    ['tabs', 'a\tb', 'a    b'],
    ['line breaks', 'a\nb\r', 'a␊b␍'],
    ['line separators', 'a\u2028b', 'a\ufffdb'],
  ])('replaces %s', (_, text, expected) => expect(printable(text)).toBe(expected));

  test('leaves text of all scripts and emoji with joiners as they are', () => {
    const text = 'käse 東京 👩‍👩‍👧 ✔️ नमस्ते';
    expect(printable(text)).toBe(text);
  });

  test('keeps line breaks where there may be several lines', () => expect(printableLines('a\r\n\u001bb\rc')).toEqual(['a', '␛b', 'c']));
  test('makes one line of several', () => expect(printableLine(' a \r\n  b\n\nc\u001b ')).toBe('a b c␛'));
});

describe('displayWidth', () => {
  test.each([
    ['abc', 3],
    ['', 0],
    ['é', 1],
    ['e\u0301', 1],
    ['東京', 4],
    ['ﾊﾝｶｸ', 4],
    ['ＡＢ', 4],
    ['한국', 4],
    ['👍', 2],
    ['👩‍👩‍👧', 2],
    ['🇩🇪', 2],
    ['1️⃣', 2],
    ['…', 1],
    ['𠮷', 2],
  ])('of %s is %i', (text, width) => expect(displayWidth(text)).toBe(width));
});

test('cells know their offsets in the line that they come from', () => {
  expect(cellsOf('a\t👍b')).toEqual([
    { text: 'a', width: 1, start: 0, end: 1 },
    { text: '    ', width: 4, start: 1, end: 2 },
    { text: '👍', width: 2, start: 2, end: 4 },
    { text: 'b', width: 1, start: 4, end: 5 },
  ]);
});

describe('wrap', () => {
  test.each([
    ['one line where it fits', 'aa bb', 5, 0, ['aa bb']],
    ['at spaces', 'aa bb cc', 5, 0, ['aa bb', 'cc']],
    ['less room for lines after the first', 'aa bb cc dd', 5, 2, ['aa bb', 'cc', 'dd']],
    ['words that are too long stay whole', 'a https://rates.bank.example b', 10, 0, ['a', 'https://rates.bank.example', 'b']],
    ['by columns, not by characters', '東京 東京', 8, 0, ['東京', '東京']],
    ['nothing', '', 10, 0, ['']],
  ])('%s', (_, text, width, indent, expected) => expect(wrap(text, width, indent)).toEqual(expected));
});
