import { isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import type { Span } from '../text/source-text.ts';
import { nestedText } from './nested.ts';
import type { YamlDocument } from './read-yaml.ts';
import { type Found, parseText, parseTree, walk } from './tree.ts';

/** Keys and indices from a document's root to a value, or on into a scalar that is YAML itself. */
export type Path = readonly (string | number)[];

/** Whether one of two paths leads through the other. */
export function isAlong(a: Path, b: Path): boolean {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Which part of a mapping entry is meant: its key, its value, or both. For an item of a sequence they are the same. */
export type Part = 'key' | 'value' | 'entry';

/** Where a path leads: the node's own span without the comments and blank lines that follow it. */
export interface Located {
  readonly span: Span;
  /** False where the path ends before the place that was asked for; `span` is then the nearest parent's key. */
  readonly exact: boolean;
}

/**
 * The span of a path in a document, in offsets of the whole text. A value's span includes its quotes, but neither its anchor nor its tag.
 * A value that is not written (`host:`) is shown by its key, an empty list item by its dash.
 * Where the path leads to nothing (a field that is missing), the key of the deepest mapping that is there.
 */
export function locate(text: string, document: YamlDocument, path: Path, part: Part = 'value'): Located {
  const { tree, text: chunk } = parseTree(text, document);
  const found = walk(tree, path);
  const inside = found.exact ? undefined : locateInScalar(chunk, found, path, part);
  if (inside) return { span: { start: inside.start + document.start, end: inside.end + document.start }, exact: true };
  const local = smallestSpan(found, path, part) ?? { start: 0, end: firstLineEnd(chunk) };
  const trimmed = trimEnd(chunk, local);
  return { span: { start: trimmed.start + document.start, end: trimmed.end + document.start }, exact: found.exact };
}

/**
 * The smallest telling span: a scalar's own, a block collection's key. Code scanning shows an alert on a pull request only if all of its
 * lines are in the diff, so a finding never spans a whole block.
 */
function smallestSpan(found: Found, path: Path, part: Part): Span | undefined {
  const { node, pair, exact } = found;
  if (!exact) return pair ? nodeSpan(pair.key) : (firstKeySpan(node) ?? itemSpan(found, path));
  if (!pair) return (isBlock(node) ? firstKeySpan(node) : undefined) ?? itemSpan(found, path);
  const key = nodeSpan(pair.key);
  if (part === 'key' || (part === 'value' && isBlock(node))) return key;
  const value = nodeSpan(node);
  if (part === 'entry') return key && { start: key.start, end: Math.max(key.end, value?.end ?? 0) };
  return value && value.end > value.start ? value : key;
}

/** Follows the rest of a path into the YAML that a scalar holds: `data.mesh.rootNamespace` of a ConfigMap. */
function locateInScalar(chunk: string, found: Found, path: Path, part: Part): Span | undefined {
  const nested = nestedText(chunk, found.node);
  if (!nested) return undefined;
  const rest = path.slice(found.parents.length);
  const { tree, text } = parseText(nested.text);
  const within = walk(tree, rest);
  // Plain text, read as YAML, is the same text again.
  const deeper = within.exact || within.parents.length === 0 ? undefined : locateInScalar(text, within, rest, part);
  const span = within.exact ? smallestSpan(within, rest, part) : deeper;
  return span && nested.outside(trimEnd(text, span));
}

function isBlock(node: Node | null | undefined): boolean {
  return (isMap(node) || isSeq(node)) && !node.flow;
}

function firstKeySpan(node: Node | null | undefined): Span | undefined {
  const first = isMap(node) ? (node.items[0] as Pair | undefined) : undefined;
  return first && nodeSpan(first.key);
}

/** A list item's own span; the dash, where nothing stands behind it. */
function itemSpan({ node, parents }: Found, path: Path): Span | undefined {
  const own = nodeSpan(node);
  if (own && own.end > own.start) return own;
  const list = parents.at(-1);
  const token = isSeq(list) ? list.srcToken : undefined;
  const index = path[parents.length - 1];
  if (!token || !('items' in token) || typeof index !== 'number') return own;
  const dash = token.items[index]?.start.find((each) => each.type === 'seq-item-ind');
  return dash ? { start: dash.offset, end: dash.offset + 1 } : own;
}

/** Where a node stands within the parsed text. */
export function nodeSpan(node: unknown): Span | undefined {
  const range = isNode(node) ? node.range : undefined;
  if (!range) return undefined;
  // An empty value counts from where something could stand, which may be a comment.
  return isScalar(node) && node.source === '' && node.type === 'PLAIN' ? { start: range[0], end: range[0] } : { start: range[0], end: range[1] };
}

function isNode(node: unknown): node is Node {
  return typeof node === 'object' && node !== null && 'range' in node;
}

function firstLineEnd(text: string): number {
  const end = text.search(/\S[^\n\r]*/);
  return end === -1 ? 0 : end + 1;
}

function trimEnd(text: string, span: Span): Span {
  let end = span.end;
  while (end > span.start && /\s/.test(text[end - 1] ?? '')) end--;
  return { start: span.start, end: end > span.start ? end : span.end };
}
