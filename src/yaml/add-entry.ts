import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { TextEdit } from '../text/edit.ts';
import { columnOf, lineAt, lineBreakOf, nextLineStart } from '../text/lines.ts';
import { endOf, isRepeated, keepsBlankLines, lastScalar, tokensOf } from './extent.ts';
import { nodeSpan, type Path } from './locate.ts';
import type { YamlDocument } from './read-yaml.ts';
import { type Found, keyText, type ParsedTree, parseTree, walk } from './tree.ts';
import { blockStyle, entryInBraces, entryLines } from './write-block.ts';

/** What is added, and where. */
interface Addition {
  readonly parsed: ParsedTree;
  readonly found: Found;
  readonly key: string;
  readonly yaml: string;
  readonly lineBreak: string;
}

/**
 * Edits that add an entry to the end of the mapping at a path: a block mapping, one in braces, or none yet (`spec:` and `spec: {}`).
 * @param yaml what follows the key: text of one line, or a block whose lines start at column 0; it is indented as the document is
 */
export function addEntry(text: string, document: YamlDocument, path: Path, key: string, yaml: string): readonly TextEdit[] {
  const parsed = parseTree(text, document);
  const found = walk(parsed.tree, path);
  if (!found.exact || isRepeated(parsed.tree, found)) return [];
  const edits = added({ parsed, found, key, yaml, lineBreak: lineBreakOf(text) });
  return edits.map((edit) => ({ start: edit.start + document.start, end: edit.end + document.start, text: edit.text }));
}

function added(addition: Addition): readonly TextEdit[] {
  const { parsed, found, key } = addition;
  const { node } = found;
  if (isMap(node)) {
    if (node.items.some((pair) => keyText(parsed.tree, pair as Pair) === key)) return [];
    if (!node.flow) return intoBlock(addition, node);
    // The mapping of a single pair in a list, `[a: 1]`, has no braces of its own.
    if (!tokensOf(node)) return [];
    const isBare = parsed.text.slice((node.range?.[0] ?? 0) + 1, (node.range?.[1] ?? 0) - 1).trim() === '';
    return isBare && node.items.length === 0 && !isInFlow(found) && found.parents.length > 0 ? intoNothing(addition) : intoBraces(addition, node);
  }
  const isNothing = node === null || node === undefined || (isScalar(node) && node.type === 'PLAIN' && /^(?:~|null|Null|NULL|)$/.test(node.source ?? ''));
  if (!isNothing || (isScalar(node) && node.tag !== undefined)) return [];
  return isInFlow(found) ? intoNothingInFlow(addition) : intoNothing(addition);
}

function isInFlow({ parents }: Found): boolean {
  return parents.some((parent) => (isMap(parent) || isSeq(parent)) && parent.flow === true);
}

/** Behind the last entry, on lines of its own. */
function intoBlock({ parsed, key, yaml, lineBreak }: Addition, mapping: YAMLMap): readonly TextEdit[] {
  const { text } = parsed;
  const column = columnOf(text, mapping.range?.[0] ?? 0);
  const lines = entryLines(key, yaml, blockStyle(parsed)).map((line) => ' '.repeat(column) + line);
  const last = lastScalar(mapping);
  const end = keepsBlankLines(parsed, last) ? (last?.range?.[1] ?? 0) : endOf(text, mapping);
  if (end === 0) return [];
  const at = text[end - 1] === '\n' ? end : nextLineStart(text, end);
  if (at > 0 && !/[\n\r]/.test(text[at - 1] ?? '')) {
    // A line break behind the last line of a block scalar would become part of it.
    const isBlockScalar = isScalar(last) && last.type?.startsWith('BLOCK');
    return isBlockScalar ? [] : [{ start: at, end: at, text: lineBreak + lines.join(lineBreak) }];
  }
  return [{ start: at, end: at, text: lines.join(lineBreak) + lineBreak }];
}

function intoBraces({ parsed, found, key, yaml, lineBreak }: Addition, mapping: YAMLMap): readonly TextEdit[] {
  const { text } = parsed;
  const [start, end] = mapping.range ?? [0, 0];
  const first = mapping.items[0] as Pair | undefined;
  const neighbor = first?.key ?? found.pair?.key;
  const isJson = isScalar(neighbor) && neighbor.type === 'QUOTE_DOUBLE';
  const entry = entryInBraces(key, yaml, isJson);
  if (!first) return [{ start: start + 1, end: start + 1, text: entry }];
  const firstKey = nodeSpan(first.key)?.start ?? start;
  const lastEnd = lastPairEnd(text, mapping);
  const comma = tokensOf(mapping)
    ?.items.at(-1)
    ?.start.find((token) => token.type === 'comma' && token.offset >= lastEnd);
  const behind = comma ? comma.offset + 1 : lastEnd;
  const isOnLines = lineAt(text, firstKey).start > start && lineAt(text, behind).end < end;
  if (!isOnLines) return [{ start: behind, end: behind, text: comma ? ` ${entry}` : `, ${entry}` }];
  const line = lineBreak + text.slice(lineAt(text, firstKey).start, firstKey) + entry;
  const lineEnd = lineAt(text, behind).end;
  if (comma || lineEnd === behind) return [{ start: lineEnd, end: lineEnd, text: comma ? line : `,${line}` }];
  return [
    { start: behind, end: behind, text: ',' },
    { start: lineEnd, end: lineEnd, text: line },
  ];
}

function lastPairEnd(text: string, mapping: YAMLMap): number {
  const last = mapping.items.at(-1) as Pair | undefined;
  const colon = last?.srcToken?.sep?.findLast((token) => !['space', 'newline', 'comment'].includes(token.type));
  return Math.max(endOf(text, last?.value), nodeSpan(last?.key)?.end ?? 0, colon ? colon.offset + colon.source.length : 0);
}

/** Under a key without a value, or behind a dash; an empty pair of braces goes. */
function intoNothing({ parsed, found, key, yaml, lineBreak }: Addition): readonly TextEdit[] {
  const { text } = parsed;
  const { node, pair } = found;
  const style = blockStyle(parsed);
  const lines = entryLines(key, yaml, style);
  const written = nodeSpan(node);
  const isWritten = written !== undefined && written.end > written.start;
  if (!pair) {
    if (!isWritten || found.parents.length === 0) return [];
    const indent = lineBreak + ' '.repeat(columnOf(text, written.start));
    return [{ ...written, text: lines.join(indent) }];
  }
  const keyStart = nodeSpan(pair.key)?.start;
  const mark = pair.srcToken?.sep?.findLast((token) => ['map-value-ind', 'anchor', 'tag'].includes(token.type));
  if (keyStart === undefined || !mark) return [];
  const end = mark.offset + mark.source.length;
  if (isWritten && lineAt(text, end).end < written.start) return [];
  const indent = ' '.repeat(columnOf(text, keyStart) + style.step);
  const block = lines.map((line) => indent + line);
  const removal = isWritten ? [{ start: end, end: written.end, text: '' }] : [];
  const at = nextLineStart(text, isWritten ? written.end : end);
  const isLastLine = !/[\n\r]/.test(text[at - 1] ?? '');
  const insertion = isLastLine ? lineBreak + block.join(lineBreak) : block.join(lineBreak) + lineBreak;
  return [...removal, { start: at, end: at, text: insertion }];
}

function intoNothingInFlow({ found, key, yaml }: Addition): readonly TextEdit[] {
  const { node, pair } = found;
  const quoted = isScalar(pair?.key) && pair.key.type === 'QUOTE_DOUBLE';
  const text = `{${entryInBraces(key, yaml, quoted)}}`;
  const span = nodeSpan(node as Node | null | undefined);
  if (span && span.end > span.start) return [{ ...span, text }];
  const colon = pair?.srcToken?.sep?.find((token) => token.type === 'map-value-ind');
  return colon ? [{ start: colon.offset + 1, end: colon.offset + 1, text: ` ${text}` }] : [];
}
