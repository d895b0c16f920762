import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, parseDocument } from 'yaml';
import type { Span } from '../text/source-text.ts';
import type { YamlDocument } from './read-yaml.ts';
import { resolvePlainScalar } from './scalars.ts';
import { maskTemplates } from './template-text.ts';

/** Keys and indices from a document's root to a value. */
export type Path = readonly (string | number)[];

/** Which part of a mapping entry is meant: its key, its value, or both. For an item of a sequence they are the same. */
export type Part = 'key' | 'value' | 'entry';

/** Where a path leads: the node's own span without the comments and blank lines that follow it. */
export interface Located {
  readonly span: Span;
  /** False where the path ends before the place that was asked for; `span` is then the nearest parent's key. */
  readonly exact: boolean;
}

interface Parsed {
  readonly tree: Document.Parsed;
  readonly text: string;
}

let lastDocument: YamlDocument | undefined;
let lastParsed: Parsed | undefined;

/** Parses a document of `text` with positions. Only the last tree is kept: findings are printed document by document. */
export function parseTree(text: string, document: YamlDocument): Parsed {
  if (document === lastDocument && lastParsed) return lastParsed;
  const chunk = maskTemplates(text.slice(document.start, document.end)).replace(/^%.*$|^\.\.\.(?=\s|$)/gm, (line) => '#'.padEnd(line.length, ' '));
  const tree = parseDocument(chunk, { schema: 'failsafe', merge: false, uniqueKeys: false, strict: false, logLevel: 'silent', prettyErrors: false });
  lastDocument = document;
  lastParsed = { tree, text: chunk };
  return lastParsed;
}

/**
 * The span of a path in a document, in offsets of the whole text.
 * Where the path leads to nothing (a field that is missing), the key of the deepest mapping that is there.
 */
export function locate(text: string, document: YamlDocument, path: Path, part: Part = 'value'): Located {
  const { tree, text: chunk } = parseTree(text, document);
  const found = walk(tree, path);
  const span = smallestSpan(found, part);
  const local = span ?? { start: 0, end: 0 };
  const trimmed = trimEnd(chunk, local);
  return { span: { start: trimmed.start + document.start, end: trimmed.end + document.start }, exact: found.exact };
}

/**
 * The smallest telling span: a scalar's own, a block collection's key. Code scanning shows an alert on a pull request only if all of its
 * lines are in the diff, so a finding never spans a whole block.
 */
function smallestSpan(found: Found, part: Part): Span | undefined {
  const { node, pair, exact } = found;
  if (!exact) return pair ? pairSpan(pair, 'key') : firstKeySpan(node);
  if (part === 'entry') return pair ? pairSpan(pair, 'entry') : nodeSpan(node);
  const isBlock = (isMap(node) || isSeq(node)) && !node.flow;
  if (pair) return pairSpan(pair, part === 'key' || isBlock ? 'key' : 'value');
  return isBlock ? firstKeySpan(node) : nodeSpan(node);
}

function firstKeySpan(node: Node | null | undefined): Span | undefined {
  const first = isMap(node) ? (node.items[0] as Pair | undefined) : undefined;
  return (first && pairSpan(first, 'key')) ?? nodeSpan(node);
}

interface Found {
  readonly node: Node | null | undefined;
  readonly pair: Pair | undefined;
  readonly exact: boolean;
}

/** Follows a path as far as it goes. Aliases are followed to their anchors, merge keys to the mappings they bring in. */
export function walk(tree: Document.Parsed, path: Path): Found {
  let node = tree.contents as Node | null | undefined;
  let pair: Pair | undefined;
  for (const step of path) {
    const inner = isAlias(node) ? node.resolve(tree) : node;
    if (isMap(inner) && (typeof step === 'string' || typeof step === 'number')) {
      const next = entryOf(tree, inner.items as Pair[], String(step));
      if (!next) return { node, pair, exact: false };
      pair = next;
      node = next.value as Node | null;
      continue;
    }
    if (isSeq(inner) && typeof step === 'number' && step < inner.items.length) {
      node = inner.items[step] as Node;
      pair = undefined;
      continue;
    }
    return { node, pair, exact: false };
  }
  return { node, pair, exact: true };
}

function entryOf(tree: Document.Parsed, items: readonly Pair[], key: string): Pair | undefined {
  for (const item of items) if (keyText(item) === key) return item;
  for (const item of items) {
    if (keyText(item) !== '<<') continue;
    const sources = isSeq(item.value) ? item.value.items : [item.value];
    for (const source of sources) {
      const target = isAlias(source) ? source.resolve(tree) : source;
      const found = isMap(target) ? entryOf(tree, target.items as Pair[], key) : undefined;
      if (found) return found;
    }
  }
  return undefined;
}

/** A key as {@link import('./read-yaml.ts').readYaml} has it: an unquoted `on` is the key `true`. */
export function keyText(pair: Pair): string | undefined {
  if (!isScalar(pair.key)) return undefined;
  const { value, type } = pair.key;
  return type === 'PLAIN' ? String(resolvePlainScalar(String(value))) : String(value);
}

/** Where an entry, or its key or value, stands within the parsed text. */
export function pairSpan(pair: Pair, part: Part): Span | undefined {
  const key = nodeSpan(pair.key as Node);
  const value = nodeSpan(pair.value as Node | null);
  if (part === 'key') return key;
  if (part === 'value') return value ?? key;
  return key && { start: key.start, end: value?.end ?? key.end };
}

/** Where a node stands within the parsed text. */
export function nodeSpan(node: Node | null | undefined): Span | undefined {
  const range = node?.range;
  return range ? { start: range[0], end: range[1] } : undefined;
}

function trimEnd(text: string, span: Span): Span {
  let end = span.end;
  while (end > span.start && /\s/.test(text[end - 1] ?? '')) end--;
  return { start: span.start, end: end > span.start ? end : span.end };
}
