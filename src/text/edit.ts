import type { Span } from './source-text.ts';

/** Replaces the text in a span; an empty span inserts. */
export interface TextEdit extends Span {
  readonly text: string;
}

/**
 * Applies edits to a text, leaving every other unit as it was.
 * @param edits in any order; of two that overlap, only the one that starts first is applied
 * @returns the new text and how many edits went in
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): { readonly text: string; readonly applied: number } {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  let result = '';
  let at = 0;
  let applied = 0;
  for (const edit of sorted) {
    if (edit.start < at) continue;
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
    applied++;
  }
  return { text: result + text.slice(at), applied };
}
