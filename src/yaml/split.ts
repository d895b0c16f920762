import type { Span } from '../text/source-text.ts';
import { maskTemplates } from './template-text.ts';

/** `---` and `...` at column 0 end a document in every context (YAML 1.2.2, 9.1.2). A file pasted behind another may bring its byte order mark. */
const MARKER = /[\n\r]\uFEFF?(?:---|\.\.\.)(?!\S)/g;
const FIRST_MARKER = /^\uFEFF?(?:---|\.\.\.)(?!\S)/;

/** Where the documents of a text lie, without their markers. What stands on a marker's own line belongs to the document that it starts. */
export function splitDocuments(text: string): readonly Span[] {
  const spans: Span[] = [];
  const skipMark = text.includes('\uFEFF') ? behindMark : (_: string, start: number) => start;
  let start = FIRST_MARKER.exec(text)?.[0].length ?? 0;
  MARKER.lastIndex = start;
  for (let match = MARKER.exec(text); match; match = MARKER.exec(text)) {
    spans.push({ start: skipMark(text, start), end: match.index + 1 });
    start = match.index + match[0].length;
  }
  spans.push({ start: skipMark(text, start), end: text.length });
  return spans;
}

/** A byte order mark in front of the first key is no part of it. */
function behindMark(text: string, start: number): number {
  const lead = /^\s*/.exec(text.slice(start, start + 1000))?.[0] ?? '';
  return start + lead.lastIndexOf('\uFEFF') + 1;
}

/** Whether there are but comments and directives. */
export function isBlank(chunk: string): boolean {
  return !/^(?:[^\s#%]|[ \t\uFEFF]+[^\s#])/m.test(chunk);
}

/** Every line at column 0 that could say the root's kind, in whatever style. */
const KIND_LIKE = /^(?:\? *)?["']?kind["']?[ \t]*(?::|$)/gm;
const KIND_LINE = /kind:[ \t]+(["']?)([A-Za-z]\w*)\1(?:[ \t]+#.*|[ \t]*)$/my;

/**
 * The document's kind, if exactly one line says it plainly at column 0, and no other could. In a block mapping at the root such a line can
 * only be the root key: block scalars and continuation lines are indented. In doubt undefined: then the document is parsed.
 */
export function rootKind(chunk: string): string | undefined {
  KIND_LIKE.lastIndex = 0;
  const first = KIND_LIKE.exec(chunk);
  if (!first || KIND_LIKE.exec(chunk) || !startsBlockMapping(chunk)) return undefined;
  KIND_LINE.lastIndex = first.index;
  return KIND_LINE.exec(chunk)?.[2];
}

/** What else could bring a kind in: a merge key, a mapping that does not start at column 0, a key in quotes with escapes. */
const HIDDEN_KIND = /^<<|^["'][^"'\n\r]*\\/m;

/** Whether a document's root surely has no kind: a block mapping at column 0 none of whose lines could say one. */
export function saysNoKind(chunk: string): boolean {
  KIND_LIKE.lastIndex = 0;
  if (KIND_LIKE.test(chunk) || HIDDEN_KIND.test(chunk)) return false;
  return startsBlockMapping(chunk) && !/^[ \t\uFEFF]/.test(firstContent(chunk));
}

/** The first line that is neither empty nor a comment or directive, and what follows. */
function firstContent(chunk: string): string {
  return chunk.slice(Math.max(0, chunk.search(/^(?:[^\s#%]|[ \t\uFEFF]+[^\s#])/m)));
}

/** `{{- if … }}` and the like, which are no brackets of YAML. */
const TEMPLATE_LINE = /^\{(?:\{.*\}\}|%.*%\}|#.*#\})[ \t]*(?:[\n\r]|$)/;

/** Whether the first thing in a document is neither a bracket, which may hold anything at column 0, nor a tag or an anchor in front of one. */
function startsBlockMapping(chunk: string): boolean {
  let at = 0;
  while (at < chunk.length) {
    const unit = chunk.charCodeAt(at);
    if (unit === 35 || (unit === 123 && TEMPLATE_LINE.test(chunk.slice(at, at + 500)))) {
      while (at < chunk.length && chunk.charCodeAt(at) !== 10 && chunk.charCodeAt(at) !== 13) at++;
    } else if (unit > 32 && unit !== 0xfeff) {
      return /["'\w]/.test(chunk.charAt(at));
    } else at++;
  }
  return false;
}

/** A document's text as both parsers read it: templates masked, directives blanked; every offset as before. */
export function readableText(chunk: string): string {
  const masked = withLineFeeds(maskTemplates(chunk));
  // The parsers want a `---` behind directives, which the split took away.
  return /^%/m.test(masked) ? masked.replace(/^%.*$/gm, (line) => '#'.padEnd(line.length, ' ')) : masked;
}

/** A lone CR ends a line, which the parser of positions does not know. */
function withLineFeeds(text: string): string {
  return text.includes('\r') ? text.replace(/\r(?!\n)/g, '\n') : text;
}
