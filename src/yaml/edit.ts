import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import type { TextEdit } from '../text/edit.ts';
import { lineAt } from '../text/lines.ts';
import { isRepeated } from './extent.ts';
import type { Path } from './locate.ts';
import { nodeSpan } from './locate.ts';
import type { YamlDocument } from './read-yaml.ts';
import { type Found, isTwin, keyText, type ParsedTree, parseTree, walk } from './tree.ts';
import { scalarText } from './write-scalar.ts';

/*
 * Edits of a document's text. What is not asked for stays as it is: other values, comments, order, quotes, indentation, line ends.
 * Each function gives no edits where the change cannot be made that way: the path leads nowhere, or to a value that an alias repeats elsewhere.
 */

/**
 * Gives a scalar, or a value that is not written (`host:`), another value.
 * @param value text keeps the quotes that are there, and gets some where it would be read as anything else without; numbers and booleans stand bare
 */
export function replaceScalar(text: string, document: YamlDocument, path: Path, value: string | number | boolean): readonly TextEdit[] {
  const parsed = parseTree(text, document);
  const found = walk(parsed.tree, path);
  const { node, pair } = found;
  if (!found.exact || isRepeated(parsed.tree, found) || isMap(node) || isSeq(node)) return [];
  if (isAlias(node)) return inText(document, [replacing(node, scalarText(value, contextOf(found, '')))]);
  if (!isScalar(node) || node.tag !== undefined) return [];
  if (isBlockScalar(node)) return inText(document, replacedBlock(parsed, node, scalarText(value, contextOf(found, ''))));
  if (nodeSpan(node)?.start !== nodeSpan(node)?.end) return inText(document, [replacing(node, scalarText(value, contextOf(found, quoteOf(node))))]);
  // Nothing is written: the value goes behind the colon, or the anchor.
  const at = pair?.srcToken?.sep?.findLast((token) => token.type === 'map-value-ind' || token.type === 'anchor');
  if (!at) return [];
  const end = at.offset + at.source.length;
  return inText(document, [{ start: end, end, text: ` ${scalarText(value, contextOf(found, ''))}` }]);
}

/** Renames a key; its quotes stay. No edits where the mapping has the new key already. */
export function renameKey(text: string, document: YamlDocument, path: Path, key: string): readonly TextEdit[] {
  const { tree } = parseTree(text, document);
  const found = walk(tree, path);
  const own = found.pair?.key;
  if (!found.exact || isRepeated(tree, { ...found, node: undefined }) || !isScalar(own) || isBlockScalar(own) || own.tag !== undefined) return [];
  if (isTwin(tree, found)) return [];
  const mapping = found.parents.at(-1);
  if (!isMap(mapping) || mapping.items.some((pair) => keyText(tree, pair) === key) || own.anchor !== undefined) return [];
  const { isFlow } = contextOf(found, '');
  const name = scalarText(key, { isFlow, quote: quoteOf(own) });
  // A key longer than that has to be marked by a '?'.
  return name.length > 1000 ? [] : inText(document, [replacing(own as Node, name)]);
}

/** Moves edits of a document's own text to its place in the whole text. */
function inText(document: YamlDocument, edits: readonly TextEdit[]): readonly TextEdit[] {
  return edits.map(({ start, end, text }) => ({ start: start + document.start, end: end + document.start, text }));
}

function replacing(node: Node, text: string): TextEdit {
  const range = node.range ?? [0, 0, 0];
  return { start: range[0], end: range[1], text };
}

function isBlockScalar(node: Scalar): boolean {
  return node.type?.startsWith('BLOCK') ?? false;
}

function quoteOf(node: unknown): '"' | "'" | '' {
  if (!isScalar(node)) return '';
  if (node.type === 'QUOTE_DOUBLE') return '"';
  return node.type === 'QUOTE_SINGLE' ? "'" : '';
}

/** In JSON every text has quotes. */
function contextOf({ parents, pair }: Found, quote: '"' | "'" | ''): { isFlow: boolean; quote: '"' | "'" | '' } {
  const isFlow = parents.some((parent) => (isMap(parent) || isSeq(parent)) && parent.flow === true);
  return { isFlow, quote: quote === '' && isFlow && quoteOf(pair?.key) === '"' ? '"' : quote };
}

/** A block scalar becomes one line; a comment behind its `|` stays. */
function replacedBlock({ text }: ParsedTree, node: Scalar, value: string): readonly TextEdit[] {
  const [start, end] = node.range ?? [0, 0];
  const header = text.slice(start, lineAt(text, start).end);
  const comment = /\s#.*$/.exec(header)?.[0] ?? '';
  const lineBreak = /(?:\r\n?|\n)$/.exec(text.slice(start, end))?.[0] ?? '';
  return [{ start, end, text: value + comment.trimEnd() + lineBreak }];
}
