import { unmasked } from '../yaml/template-text.ts';

/**
 * Text from files, made fit for a terminal: nothing that moves the cursor, sets colors or reverses the direction of writing gets through,
 * and the number of columns that a text takes is known.
 */

/** Controls, formats (bidirectional overrides, zero-width space, byte order mark, tags), lone surrogates, Unicode's line separators. Joiners make emoji and stay. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029]|(?![\u200c\u200d])\p{Cf}/gu;
const TAB = '    ';

/**
 * A text in which everything that a terminal would act on, or not show, is replaced by a visible sign: ESC becomes `␛`.
 * Tabs become four spaces, newlines `␊`.
 */
export function printable(text: string): string {
  return unmasked(text).replace(UNPRINTABLE, visible);
}

/** As {@link printable}, for text that may have several lines: LF stays, CRLF and CR become LF. */
export function printableLines(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/).map(printable);
}

/** As {@link printable}, in one line: each run of white space with a line break becomes one space. */
export function printableLine(text: string): string {
  return printable(text.replace(/\s*[\r\n]\s*/g, ' ').trim());
}

/** A text with its lone surrogates replaced, as encoding it in UTF-8 would. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd');
}

function visible(unprintable: string): string {
  const code = unprintable.charCodeAt(0);
  if (code === 9) return TAB;
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : '\ufffd';
}

/** A character as people see it, with its place in the line that it comes from. */
export interface Cell {
  readonly text: string;
  /** Columns: 0, 1, 2, or 4 for a tab. */
  readonly width: number;
  /** UTF-16 offset of its first unit, and of the first one after it. */
  readonly start: number;
  readonly end: number;
}

/** One column each, whatever stands beside: ASCII, Latin, dashes, quotes, the ellipsis. Looking for graphemes costs 15 ms the first time. */
const PLAIN = /^[\x20-\x7e\xa1-\xac\xae-\u02af\u2010-\u2027\u2030-\u205e\u2190-\u2193\u2500-\u257f\u2713\u2717]*$/;
let segmenter: Intl.Segmenter | undefined;

/** Splits a raw line into characters as people see them, each printable. */
export function cellsOf(line: string): readonly Cell[] {
  if (PLAIN.test(line)) return Array.from(line, (text, start) => ({ text, width: 1, start, end: start + 1 }));
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(line), ({ segment, index }) => {
    const text = printable(segment);
    const width = segment === text ? graphemeWidth(text) : text.length;
    return { text, width, start: index, end: index + segment.length };
  });
}

/** How many columns a printable text takes. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const cell of cellsOf(text)) width += cell.width;
  return width;
}

const INVISIBLE = /^[\p{M}\u200c\u200d]+$/u;
const EMOJI = /^\p{Emoji_Presentation}|\ufe0f/u;

function graphemeWidth(grapheme: string): number {
  if (INVISIBLE.test(grapheme)) return 0;
  if (EMOJI.test(grapheme)) return 2;
  return isWide(grapheme.codePointAt(0) ?? 0) ? 2 : 1;
}

/** Blocks whose characters take two columns: East Asian Width W and F of Unicode's annex 11, by block. */
const WIDE: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
];

function isWide(code: number): boolean {
  return code >= 0x1100 && WIDE.some(([first, last]) => first <= code && code <= last);
}

/**
 * Breaks a printable text at spaces so that no line is wider than `width`. Words that are wider stay whole: commands and URLs are copied.
 * @param indent columns that lines after the first lose at their beginning; the caller writes them
 */
export function wrap(text: string, width: number, indent = 0): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let taken = 0;
  for (const word of text.split(' ')) {
    const wide = displayWidth(word);
    const room = width - (lines.length === 0 ? 0 : indent);
    if (line === '') {
      line = word;
      taken = wide;
    } else if (taken + 1 + wide <= room) {
      line += ` ${word}`;
      taken += 1 + wide;
    } else {
      lines.push(line);
      line = word;
      taken = wide;
    }
  }
  return [...lines, line];
}
