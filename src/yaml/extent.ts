import { type CST, isAlias, isMap, isScalar, isSeq, type Node, type Pair, visit } from 'yaml';
import { lineAt } from '../text/lines.ts';
import type { Span } from '../text/source-text.ts';
import { nodeSpan } from './locate.ts';
import type { Found, ParsedTree, Tree } from './tree.ts';

/** An entry of a mapping or an item of a list as it stands in the text. */
export interface Extent extends Span {
  /** The offset of the comma that parts it from the one before, and from the one after; flow collections only. */
  readonly commaBefore: number | undefined;
  readonly commaAfter: number | undefined;
  readonly isFlow: boolean;
  readonly isOnly: boolean;
}

type Collection = CST.BlockMap | CST.BlockSequence | CST.FlowCollection;

/** The tokens of a collection; undefined for the mapping of a single pair in a list (`[a: 1]`), which has none of its own. */
export function tokensOf(node: Node | null | undefined): Collection | undefined {
  const token = isMap(node) || isSeq(node) ? node.srcToken : undefined;
  return token && 'items' in token ? (token as Collection) : undefined;
}

/** Where the entry or item that a path has found stands: from its `-`, `?`, anchor or key to the last character of its value. */
export function extentOf(text: string, found: Found, step: string | number): Extent | undefined {
  const parent = found.parents.at(-1);
  const tokens = tokensOf(parent);
  if (!tokens || !(isMap(parent) || isSeq(parent))) return undefined;
  const items: readonly CST.CollectionItem[] = tokens.items;
  const index = found.pair ? items.indexOf(found.pair.srcToken as CST.CollectionItem) : Number(step);
  const item = items[index];
  const start = item && startOf(item);
  if (!item || start === undefined) return undefined;
  const isFlow = tokens.type === 'flow-collection';
  return {
    start,
    end: Math.max(endOfTokens(item, start), nodeSpan(found.pair?.key)?.end ?? 0, endOf(text, found.node)),
    isFlow,
    isOnly: parent.items.length === 1,
    commaBefore: isFlow ? commaIn(item) : undefined,
    commaAfter: isFlow ? commaIn(items[index + 1]) : undefined,
  };
}

function commaIn(item: CST.CollectionItem | undefined): number | undefined {
  return item?.start.find((token) => token.type === 'comma')?.offset;
}

const MEANINGLESS = new Set(['space', 'newline', 'comment', 'comma']);

function startOf(item: CST.CollectionItem): number | undefined {
  const token = item.start.find((each) => !MEANINGLESS.has(each.type)) ?? item.key ?? item.sep?.[0] ?? item.value;
  return token && 'offset' in token ? token.offset : undefined;
}

/** The end of what stands before the value: indicators, anchors, tags, the key. */
function endOfTokens(item: CST.CollectionItem, start: number): number {
  let end = start;
  for (const token of [...item.start, ...(item.sep ?? [])]) {
    if (!MEANINGLESS.has(token.type)) end = Math.max(end, token.offset + token.source.length);
  }
  if (item.key && 'source' in item.key && !item.sep) end = Math.max(end, item.key.offset + item.key.source.length);
  return end;
}

/** The end of the last character of a node that means something: no comments, no blank lines. 0 for a value that is not written. */
export function endOf(text: string, node: unknown): number {
  if ((isMap(node) || isSeq(node)) && !node.flow && node.items.length > 0) {
    const tokens = tokensOf(node);
    const last = node.items.at(-1);
    const value = isPairOf(last) ? last.value : last;
    const item = isPairOf(last) ? (last.srcToken as CST.CollectionItem | undefined) : tokens?.items[node.items.length - 1];
    return Math.max(endOf(text, value), item ? endOfTokens(item, 0) : 0, isPairOf(last) ? (nodeSpan(last.key)?.end ?? 0) : 0);
  }
  const span = nodeSpan(node);
  if (!span || span.end === span.start) return 0;
  // A block scalar counts up to the line break behind its last line, and beyond.
  return isScalar(node) && node.type?.startsWith('BLOCK') ? span.start + text.slice(span.start, span.end).trimEnd().length : span.end;
}

function isPairOf(item: unknown): item is Pair {
  return typeof item === 'object' && item !== null && 'key' in item;
}

/** The last scalar of a node, in the order of the text. */
export function lastScalar(node: unknown): Node | undefined {
  if ((isMap(node) || isSeq(node)) && node.items.length > 0) {
    const last = node.items.at(-1);
    return lastScalar(isPairOf(last) ? last.value : last);
  }
  return isScalar(node) ? node : undefined;
}

/** Whether a scalar keeps the blank lines behind it (`|+`). */
export function keepsBlankLines({ text }: ParsedTree, node: Node | undefined): boolean {
  if (!isScalar(node) || !node.type?.startsWith('BLOCK') || !node.range) return false;
  return /^[|>]\d?\+/.test(text.slice(node.range[0], lineAt(text, node.range[0]).end));
}

/** Whether another place of the document repeats what stands here: then a change here would change that too. */
export function isRepeated(tree: Tree, found: Found): boolean {
  if (found.isShared) return true;
  const anchors = [...found.parents, found.node].flatMap((node) => anchorOf(node) ?? []);
  if (anchors.length === 0) return false;
  const used = aliasesIn(tree.contents);
  return anchors.some((anchor) => used.includes(anchor));
}

/** Whether something outside of a node refers to an anchor inside of it. */
export function isReferredTo(tree: Tree, found: Found): boolean {
  const inside: string[] = [];
  for (const part of [found.node, found.pair?.key]) {
    if (isNode(part)) visit(part, { Node: (_, node) => void inside.push(...(anchorOf(node) ?? [])) });
  }
  if (inside.length === 0) return false;
  const within = aliasesIn(found.node);
  const all = aliasesIn(tree.contents);
  return inside.some((anchor) => all.filter((name) => name === anchor).length > within.filter((name) => name === anchor).length);
}

function isNode(part: unknown): part is Node {
  return typeof part === 'object' && part !== null && 'range' in part;
}

function anchorOf(node: unknown): string[] | undefined {
  return typeof node === 'object' && node !== null && 'anchor' in node && typeof node.anchor === 'string' ? [node.anchor] : undefined;
}

function aliasesIn(root: Node | null | undefined): readonly string[] {
  const names: string[] = [];
  if (root) visit(root, { Alias: (_, alias) => void (isAlias(alias) && names.push(alias.source)) });
  return names;
}
