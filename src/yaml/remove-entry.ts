import { type CST, isMap, isSeq, type Node } from 'yaml';
import type { TextEdit } from '../text/edit.ts';
import { isLineBreak, lineAbove, lineAt, nextLineStart } from '../text/lines.ts';
import type { Span } from '../text/source-text.ts';
import { type Extent, extentOf, isReferredTo, isRepeated, keepsBlankLines, lastScalar, tokensOf } from './extent.ts';
import type { Path } from './locate.ts';
import type { YamlDocument } from './read-yaml.ts';
import { type Found, isTwin, type ParsedTree, parseTree, walk } from './tree.ts';

/**
 * Edits that remove a mapping entry or a list item with all of its lines. What is left without any gets `{}` or `[]`.
 * Comments above stay, unless they switch a rule off for the entry alone; comments behind and below that are indented deeper go with it.
 */
export function removeEntry(text: string, document: YamlDocument, path: Path): readonly TextEdit[] {
  const parsed = parseTree(text, document);
  const found = walk(parsed.tree, path);
  const step = path.at(-1);
  if (!found.exact || step === undefined || isRepeated(parsed.tree, { ...found, node: undefined }) || isReferredTo(parsed.tree, found)) return [];
  if (isTwin(parsed.tree, found)) return [];
  const extent = extentOf(parsed.text, found, step);
  if (!extent) return [];
  const edits = extent.isFlow ? removedFromFlow(parsed.text, found, extent) : removedFromBlock(parsed, path, found, extent);
  return edits.map((edit) => ({ start: edit.start + document.start, end: edit.end + document.start, text: edit.text }));
}

const cut = ({ start, end }: Span): TextEdit => ({ start, end, text: '' });

function removedFromBlock(parsed: ParsedTree, path: Path, found: Found, extent: Extent): readonly TextEdit[] {
  const { text } = parsed;
  const line = lineAt(text, extent.start);
  const startsLine = text.slice(line.start, extent.start).trim() === '';
  if (extent.isOnly) return emptied(parsed, path, found, extent, startsLine);
  if (!startsLine) return [cut({ start: extent.start, end: nextContent(text, extent.end) })];
  const column = extent.start - line.start;
  const lines = { start: withDirectives(text, line).start, end: withDeeperComments(text, nextLineStart(text, extent.end), column) };
  return changesKeptLines(parsed, found, lines) ? [] : [cut(lines)];
}

/** The place of the next entry, or of the comment above it. */
function nextContent(text: string, end: number): number {
  let at = nextLineStart(text, end);
  while (at < text.length && /\s/.test(text[at] ?? '')) at++;
  return at;
}

/** Takes along comments right above that speak to the linter of the next line only. */
function withDirectives(text: string, line: Span): Span {
  let first = line;
  while (first.start > 0) {
    const above = lineAbove(text, first);
    if (!/^\s*#\s*egress-lint-disable-next-line\b/.test(text.slice(above.start, above.end))) break;
    first = above;
  }
  return first;
}

/** Takes along comment lines below that are indented deeper than the entry. */
function withDeeperComments(text: string, from: number, column: number): number {
  let end = from;
  for (let at = from; at < text.length; at = nextLineStart(text, at)) {
    const lead = /^[ \t]*(?=#)/.exec(text.slice(at, lineAt(text, at).end))?.[0];
    if (lead === undefined || lead.length <= column) break;
    end = nextLineStart(text, at);
  }
  return end;
}

/** Whether blank lines behind the entry would become the end of a block scalar before it. */
function changesKeptLines(parsed: ParsedTree, found: Found, lines: Span): boolean {
  const rest = parsed.text.slice(lines.end);
  if (rest !== '' && !/^[ \t]*(?:\r|\n)/.test(rest)) return false;
  return [...found.parents].reverse().some((parent) => {
    const before = entryBefore(parent, lines.start);
    return before !== undefined && keepsBlankLines(parsed, lastScalar(before));
  });
}

/** The value of the last entry of a collection that ends before an offset. */
function entryBefore(parent: Node, offset: number): unknown {
  if (!isMap(parent) && !isSeq(parent)) return undefined;
  const values = parent.items.map((item) => (isMap(parent) ? (item as { value: unknown }).value : item));
  return values.findLast((value) => {
    const range = (value as Node | null)?.range;
    return range !== null && range !== undefined && range[0] < offset;
  });
}

/** The only entry goes: `{}` or `[]` takes its place, or stands behind the key where the entry has lines of its own. */
function emptied(parsed: ParsedTree, path: Path, found: Found, extent: Extent, startsLine: boolean): readonly TextEdit[] {
  const { text, tree } = parsed;
  const brackets = isSeq(found.parents.at(-1)) ? '[]' : '{}';
  const owner = startsLine && path.length > 1 ? ownerEnd(walk(tree, path.slice(0, -1)), path.at(-2)) : undefined;
  if (owner === undefined) return [{ start: extent.start, end: extent.end, text: brackets }];
  const line = lineAt(text, extent.start);
  const lines = {
    start: withDirectives(text, line).start,
    end: withDeeperComments(text, nextLineStart(text, extent.end), extent.start - line.start),
  };
  return [{ start: owner, end: owner, text: ` ${brackets}` }, cut(lines)];
}

/** The end of the colon, dash, anchor or tag behind which a collection starts. */
function ownerEnd(owner: Found, step: string | number | undefined): number | undefined {
  const tokens = owner.pair ? owner.pair.srcToken?.sep : itemTokens(owner, step);
  const last = tokens?.findLast((token) => ['map-value-ind', 'seq-item-ind', 'anchor', 'tag'].includes(token.type));
  return last && last.offset + last.source.length;
}

function itemTokens(owner: Found, step: string | number | undefined): readonly CST.SourceToken[] | undefined {
  return typeof step === 'number' ? tokensOf(owner.parents.at(-1))?.items[step]?.start : undefined;
}

function removedFromFlow(text: string, found: Found, extent: Extent): readonly TextEdit[] {
  const { commaBefore, commaAfter, start, end } = extent;
  if (commaAfter !== undefined) return [cut(wholeLines(text, { start, end: commaAfter + 1 }))];
  if (commaBefore !== undefined) return [{ start: commaBefore, end: commaBefore + 1, text: '' }, ...lastPiece(text, commaBefore + 1, { start, end })];
  const range = found.parents.at(-1)?.range;
  if (!range) return [];
  const inner = { start: range[0] + 1, end: range[1] - 1 };
  const isAlone = text.slice(inner.start, start).trim() === '' && text.slice(end, inner.end).trim() === '';
  return [cut(isAlone ? inner : { start, end })];
}

/** The last item without a comma behind it: with the white space up to the comma before it, unless a comment stands there. */
function lastPiece(text: string, from: number, { start, end }: Span): readonly TextEdit[] {
  return [cut(text.slice(from, start).trim() === '' ? { start: from, end } : wholeLines(text, { start, end }))];
}

/** A piece between brackets with the white space that would be left over, and with its lines, if nothing else stands on them. */
function wholeLines(text: string, { start, end }: Span): Span {
  const first = lineAt(text, start);
  let from = start;
  while (from > first.start && ' \t'.includes(text[from - 1] ?? '')) from--;
  let to = end;
  while (to < text.length && ' \t'.includes(text[to] ?? '')) to++;
  const endsLine = to === text.length || isLineBreak(text, to) || text[to] === '#';
  if (!endsLine) return { start, end: to };
  const endOfLine = text[to] === '#' ? lineAt(text, to).end : to;
  if (from === first.start && from > 0) return { start: from, end: nextLineStart(text, endOfLine) };
  return { start: from, end: text[to] === '#' ? end : to };
}
