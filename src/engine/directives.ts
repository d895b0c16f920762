import type { LoadedFile } from '../mesh/load.ts';
import { lineStarts, positionAt, type Span } from '../text/source-text.ts';
import type { YamlDocument } from '../yaml/read-yaml.ts';
import { isInScalar } from '../yaml/tree.ts';

/** A comment that silences rules: `# egress-lint-disable-next-line NAME, … -- reason`, also `-line` and `-file`. */
export interface Directive {
  /** The comment, from `#` to its last character. */
  readonly span: Span;
  /** As written, without `egress-lint-`: `disable-next-line`, `disable-line`, `disable-file`, or what was meant to be one of them. */
  readonly verb: string;
  /** The names as written, and where; none means all rules. */
  readonly names: readonly (Span & { readonly text: string })[];
  /** The lines, from 1, both inclusive, in which the rules stay silent; undefined where the comment reaches none. */
  readonly lines: { readonly from: number; readonly to: number } | undefined;
  /** The documents that it reaches and that are read; its own, where it reaches nothing. */
  readonly documents: readonly YamlDocument[];
}

export const VERBS = ['disable-next-line', 'disable-line', 'disable-file'] as const;

const DIRECTIVE = /(?<![^\s])#[ \t]*egress-lint-((?:disable|enable|ignore)[\w-]*)([^\n\r]*)/g;

/** The directives of a file, in the order of its text. What only looks like a comment, inside of a value, is none. */
export function directivesIn({ source, contents }: LoadedFile): readonly Directive[] {
  const { text } = source;
  if (!text.includes('egress-lint-')) return [];
  const directives: Directive[] = [];
  const starts = lineStarts(text);
  let lines: readonly string[] | undefined;
  for (const match of text.matchAll(DIRECTIVE)) {
    const [whole, verb = '', rest = ''] = match;
    const own = contents.documents.find((document) => document.start <= match.index && match.index < document.end);
    if (own && isInScalar(text, own, match.index)) continue;
    lines ??= text.split(/\r\n|\n|\r/);
    const scope = scopeOf(lines, verb, positionAt(starts, match.index).line - 1);
    const span = scope && { start: starts[scope.from] ?? 0, end: starts[scope.to + 1] ?? text.length };
    directives.push({
      span: { start: match.index, end: match.index + whole.trimEnd().length },
      verb,
      names: namesIn(rest, match.index + whole.length - rest.length),
      lines: scope && { from: scope.from + 1, to: scope.to + 1 },
      documents: contents.documents.filter((document) => (span ? document.start < span.end && span.start < document.end : document === own)),
    });
  }
  return directives;
}

function namesIn(rest: string, offset: number): Directive['names'] {
  const listed = rest.split(/(?:^|\s)--(?:\s|$)/, 1)[0] ?? '';
  return [...listed.matchAll(/[^\s,]+/g)].map((match) => ({ text: match[0], start: offset + match.index, end: offset + match.index + match[0].length }));
}

/** Lines from 0, both inclusive. */
interface Lines {
  readonly from: number;
  readonly to: number;
}

/** The node on the comment's line, or on the next one with content, with everything that is nested in it. */
function scopeOf(lines: readonly string[], verb: string, own: number): Lines | undefined {
  if (verb === 'disable-file') return { from: 0, to: lines.length - 1 };
  if (verb === 'disable-line') {
    const line = lines[own] ?? '';
    const isAlone = line.trimStart().startsWith('#');
    return isAlone ? undefined : { from: own, to: lastLineOfNode(lines, own, /^\s*(?:-\s+)*/.exec(line)?.[0].length ?? 0) };
  }
  if (verb !== 'disable-next-line') return undefined;
  let next = own + 1;
  while (next < lines.length && !hasContent(lines[next] ?? '')) next++;
  if (next === lines.length) return undefined;
  if (startsDocument(lines, next)) return { from: next, to: lastLineOfDocument(lines, next) };
  return { from: next, to: lastLineOfNode(lines, next, indentOf(lines[next] ?? '')) };
}

/** Blank lines, comments, and lines between documents have none. */
function hasContent(line: string): boolean {
  return !/^\s*(?:#|$)|^%/.test(line) && !isMarker(line);
}

function isMarker(line: string): boolean {
  return /^\uFEFF?(?:---|\.\.\.)(?:\s+#.*|\s*)$/.test(line);
}

/** Above the first line of a document a comment speaks of the whole of it. */
function startsDocument(lines: readonly string[], line: number): boolean {
  for (let above = line - 1; above >= 0; above--) {
    if (isMarker(lines[above] ?? '')) return true;
    if (hasContent(lines[above] ?? '')) return false;
  }
  return true;
}

function lastLineOfDocument(lines: readonly string[], first: number): number {
  const end = lines.findIndex((line, index) => index > first && isMarker(line));
  return end === -1 ? lines.length - 1 : end - 1;
}

/** The last line of the block that starts on a line at a column, told by indentation; a list may stand at its key's own column. */
function lastLineOfNode(lines: readonly string[], first: number, column: number): number {
  const key = withoutComment(lines[first] ?? '').slice(column);
  const mayHoldList = !key.startsWith('- ') && /:(?:\s+[&!]\S*)*$/.test(key.trimEnd());
  let last = first;
  for (let index = first + 1; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (isMarker(line)) break;
    if (!hasContent(line)) continue;
    const indent = indentOf(line);
    const isItem = mayHoldList && indent === column && /^-(?:\s|$)/.test(line.slice(indent));
    if (indent <= column && !isItem) break;
    last = index;
  }
  return last;
}

function withoutComment(line: string): string {
  const comment = line.search(/\s#/);
  return comment === -1 ? line : line.slice(0, comment);
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
