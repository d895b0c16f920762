import { lineAt, withoutBlanks } from '../text/lines.ts';
import type { Span } from '../text/source-text.ts';

/** What a person has to look for, and where. */
export interface Explanation extends Span {
  readonly message: string;
  readonly other?: Span;
}

/** A document that does not parse, at the place where the parser gave up. */
export interface Failed {
  readonly text: string;
  readonly reason: string;
  readonly position: number;
  /** The line of {@link position}. */
  readonly line: Span;
  readonly lineNumber: (offset: number) => number;
}

/** From a place to the end of its line, without the spaces around it. */
export function restOfLineFrom(text: string, start: number): Span {
  return withoutBlanks(text, { start, end: lineAt(text, start).end });
}
