import type { Span } from './source-text.ts';

/** Whether the unit at an offset ends a line, or is part of a CRLF that does. */
export function isLineBreak(text: string, at: number): boolean {
  return text[at] === '\n' || text[at] === '\r';
}

/** The line in which an offset lies, without its line break. */
export function lineAt(text: string, offset: number): Span {
  let start = offset;
  let end = offset;
  while (start > 0 && !isLineBreak(text, start - 1)) start--;
  while (end < text.length && !isLineBreak(text, end)) end++;
  return { start, end };
}

/** The line above; of the first line, the line itself. */
export function lineAbove(text: string, line: Span): Span {
  let end = Math.max(0, line.start - 1);
  if (text[end] === '\n' && text[end - 1] === '\r') end--;
  return lineAt(text, end);
}

/** Where the line after an offset starts; the end of the text, if there is none. */
export function nextLineStart(text: string, offset: number): number {
  const { end } = lineAt(text, offset);
  if (end === text.length) return end;
  return end + (text[end] === '\r' && text[end + 1] === '\n' ? 2 : 1);
}

/** A span without the spaces and tabs at its ends. */
export function withoutBlanks(text: string, span: Span): Span {
  let { start, end } = span;
  while (start < end && ' \t'.includes(text[start] ?? '')) start++;
  while (end > start && ' \t'.includes(text[end - 1] ?? '')) end--;
  return { start, end };
}

/** How many units stand before an offset on its line. */
export function columnOf(text: string, offset: number): number {
  return offset - lineAt(text, offset).start;
}

/** What ends the lines of a text: its first line break. */
export function lineBreakOf(text: string): string {
  return /\r\n?|\n/.exec(text)?.[0] ?? '\n';
}
