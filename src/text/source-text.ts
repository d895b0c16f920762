/** A file's decoded text under the name that is printed for it. Offsets everywhere are UTF-16 code units into `text`, BOM included. */
export interface SourceText {
  /** Path as printed: relative to the root of the run, with `/` between its parts. */
  readonly file: string;
  readonly text: string;
}

/** A half-open range of UTF-16 offsets: `start` is the first unit, `end` the first one after. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A 1-based line and a 1-based column in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Offsets at which the lines of `text` start; LF, CRLF and lone CR end a line, as editors and GitHub count them. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 10 || (unit === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return starts;
}

/**
 * The line and column of an offset.
 * @param starts the result of {@link lineStarts} for the same text
 * @param offset 0 to the text's length; beyond it counts as on the last line
 */
export function positionAt(starts: readonly number[], offset: number): Position {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}
