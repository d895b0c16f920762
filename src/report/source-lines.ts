import { lineStarts, type SourceText } from '../text/source-text.ts';

/** A file's text by lines, each found without splitting the whole. */
export interface SourceLines {
  readonly text: string;
  /** Offsets at which lines start. */
  readonly starts: readonly number[];
  /** A line without its end and without a byte order mark before the first; '' beyond the last. */
  readonly line: (number: number) => { readonly text: string; readonly start: number };
}

/** Looks files up and works their lines out once for a report, however many findings they have. */
export function sourceLines(sources: (file: string) => SourceText | undefined): (file: string) => SourceLines | undefined {
  const known = new Map<string, SourceLines | undefined>();
  return (file) => {
    if (!known.has(file)) {
      const source = sources(file);
      known.set(file, source && linesOf(source.text));
    }
    return known.get(file);
  };
}

function linesOf(text: string): SourceLines {
  const starts = lineStarts(text);
  return {
    text,
    starts,
    line: (number) => {
      const start = starts[number - 1] ?? text.length;
      let end = starts[number] ?? text.length;
      if (number < starts.length) end -= text.startsWith('\r\n', end - 2) ? 2 : 1;
      const first = number === 1 && text.charCodeAt(0) === 0xfeff ? 1 : start;
      return { text: text.slice(first, Math.max(first, end)), start: first };
    },
  };
}
