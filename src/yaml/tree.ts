import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, parseDocument, visit } from 'yaml';
import type { Path } from './locate.ts';
import type { YamlDocument } from './read-yaml.ts';
import { resolveScalar, type ScalarValue } from './scalars.ts';
import { joinLines } from './scan.ts';
import { readableText } from './split.ts';

export type Tree = Document.Parsed;

/** A document parsed with positions, which are offsets into `text`; `text` is as long as the document. */
export interface ParsedTree {
  readonly tree: Tree;
  readonly text: string;
}

let lastDocument: YamlDocument | undefined;
let lastParsed: ParsedTree | undefined;

/** Parses a document of `text` with positions. Only the last tree is kept: findings are printed document by document. */
export function parseTree(text: string, document: YamlDocument): ParsedTree {
  if (document === lastDocument && lastParsed) return lastParsed;
  lastParsed = parseText(text.slice(document.start, document.end));
  lastDocument = document;
  return lastParsed;
}

/** Parses the text of one document, with the same leniency as read-yaml.ts. */
export function parseText(chunk: string): ParsedTree {
  const text = readableText(chunk);
  const tree = parse(text);
  if (tree.errors.length === 0) return { tree, text };
  const joined = joinLines(text)?.positions;
  const again = joined === undefined ? undefined : parse(joined);
  return joined !== undefined && again && again.errors.length === 0 ? { tree: again, text: joined } : { tree, text };
}

function parse(text: string): Tree {
  return parseDocument(text, {
    schema: 'failsafe',
    merge: false,
    uniqueKeys: false,
    strict: false,
    keepSourceTokens: true,
    logLevel: 'silent',
    prettyErrors: false,
  });
}

/** What is known of a place when a path has been followed. */
export interface Found {
  /** The value at the end of the path, or the deepest one that is there; an alias is not followed at the end. */
  readonly node: Node | null | undefined;
  /** The mapping entry whose value it is, or in which the item's list lies where the path ends before its place. */
  readonly pair: Pair | undefined;
  /** Collections on the way, from the root, each holding the next. */
  readonly parents: readonly Node[];
  /** Whether the way leads through an alias or a merge key: then the place is written elsewhere, and shared. */
  readonly isShared: boolean;
  readonly exact: boolean;
}

/** Follows a path as far as it goes. Aliases are followed to their anchors, merge keys to the mappings they bring in. */
export function walk(tree: Tree, path: Path): Found {
  let node = tree.contents as Node | null | undefined;
  let pair: Pair | undefined;
  let isShared = false;
  const parents: Node[] = [];
  for (const step of path) {
    const inner = isAlias(node) ? node.resolve(tree) : node;
    isShared ||= isAlias(node);
    if (isMap(inner)) {
      const next = entryOf(tree, inner.items as Pair[], String(step), 0);
      if (!next) return { node, pair, parents, isShared, exact: false };
      isShared ||= !inner.items.includes(next as (typeof inner.items)[number]);
      parents.push(inner);
      pair = next;
      node = next.value as Node | null;
    } else if (isSeq(inner) && typeof step === 'number' && step >= 0 && step < inner.items.length) {
      parents.push(inner);
      node = inner.items[step] as Node;
      pair = undefined;
    } else return { node, pair, parents, isShared, exact: false };
  }
  return { node, pair, parents, isShared, exact: true };
}

/** Merge keys within merge keys deeper than this are no configuration; a mapping may even merge itself. */
const MAX_MERGES = 50;

/** The entry of a key: the mapping's own (the last one, where a key stands twice), else what merge keys bring in. */
function entryOf(tree: Tree, items: readonly Pair[], key: string, depth: number): Pair | undefined {
  const own = items.findLast((item) => !isMerge(item) && keyText(tree, item) === key);
  if (own || depth > MAX_MERGES) return own;
  for (const item of items) {
    if (!isMerge(item)) continue;
    const value = isAlias(item.value) ? item.value.resolve(tree) : item.value;
    for (const source of isSeq(value) ? value.items : [value]) {
      const target = isAlias(source) ? source.resolve(tree) : source;
      const found = isMap(target) ? entryOf(tree, target.items as Pair[], key, depth + 1) : undefined;
      if (found) return found;
    }
  }
  return undefined;
}

/** Whether the found entry's key stands twice in its mapping, or comes in by a merge key as well: without the entry, the other one would count. */
export function isTwin(tree: Tree, { pair, parents }: Found): boolean {
  const mapping = parents.at(-1);
  if (!pair || !isMap(mapping)) return false;
  const others = (mapping.items as Pair[]).filter((item) => item !== pair);
  return entryOf(tree, others, keyText(tree, pair) ?? '', 0) !== undefined;
}

/** Whether an entry is a merge key: an unquoted `<<`. */
export function isMerge(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.type === 'PLAIN' && pair.key.source === '<<' && pair.key.tag === undefined;
}

/** A key as {@link import('./read-yaml.ts').readYaml} has it: an unquoted `on` is the key `true`. */
export function keyText(tree: Tree, pair: Pair): string | undefined {
  const key = isAlias(pair.key) ? pair.key.resolve(tree) : pair.key;
  return isScalar(key) ? String(scalarValue(key)) : undefined;
}

/** The value of a scalar as {@link import('./read-yaml.ts').readYaml} has it. */
export function scalarValue(node: Node): ScalarValue {
  if (!isScalar(node)) return null;
  const source = typeof node.value === 'string' ? node.value : (node.source ?? '');
  return resolveScalar(source, node.type === 'PLAIN' || node.type === undefined, node.tag);
}

/** Whether an offset of the whole text lies in a block scalar or in quotes. The line on which a block scalar starts (`|`) may end with a comment. */
export function isInScalar(text: string, document: YamlDocument, offset: number): boolean {
  const local = offset - document.start;
  const { tree, text: chunk } = parseTree(text, document);
  let isInside = false;
  visit(tree, {
    Scalar(_, node) {
      if (!node.range || local < node.range[0] || local >= node.range[1]) return undefined;
      isInside = !node.type?.startsWith('BLOCK') || /[\n\r]/.test(chunk.slice(node.range[0], local));
      return visit.BREAK;
    },
  });
  return isInside;
}
