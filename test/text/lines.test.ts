import { expect, test } from 'vitest';
import { columnOf, lineAbove, lineAt, lineBreakOf, nextLineStart, withoutBlanks } from '../../src/text/lines.ts';

const text = 'first\r\n  second \n\nlast';

const shown = (span: { start: number; end: number }): string => text.slice(span.start, span.end);

test('the line at an offset comes without its line break', () => {
  expect([0, 5, 7, 17, 18].map((offset) => shown(lineAt(text, offset)))).toEqual(['first', 'first', '  second ', '', 'last']);
});

test('the line above steps over CRLF and blank lines one by one, and stays at the first', () => {
  const steps = [lineAt(text, text.length)];
  for (let i = 0; i < 4; i++) steps.push(lineAbove(text, steps.at(-1) ?? { start: 0, end: 0 }));
  expect(steps.map(shown)).toEqual(['last', '', '  second ', 'first', 'first']);
});

test('the next line starts behind CR, LF or both; behind the last one the text ends', () => {
  expect([0, 7, 17, 18].map((offset) => nextLineStart(text, offset))).toEqual([7, 17, 18, 22]);
  expect(nextLineStart('a\rb', 0)).toBe(2);
});

test('blanks at the ends of a span go, others stay', () => {
  expect(shown(withoutBlanks(text, lineAt(text, 7)))).toBe('second');
  expect(withoutBlanks('  ', { start: 0, end: 2 })).toEqual({ start: 2, end: 2 });
});

test('columns count from the start of the line', () => {
  expect([0, 9, 18].map((offset) => columnOf(text, offset))).toEqual([0, 2, 0]);
});

test('the first line break decides', () => {
  expect(['', 'a\nb\r\n', 'a\r\nb\n', 'a\rb'].map(lineBreakOf)).toEqual(['\n', '\n', '\r\n', '\r']);
});
