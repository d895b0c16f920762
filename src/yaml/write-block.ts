import { isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { columnOf } from '../text/lines.ts';
import { resolveScalar } from './scalars.ts';
import { type ParsedTree, parseText, scalarValue, type Tree } from './tree.ts';
import { scalarText } from './write-scalar.ts';

/** How a document indents. */
export interface BlockStyle {
  /** Columns from a key to the keys of the mapping under it. */
  readonly step: number;
  /** Columns from a key to the dashes of the list under it: 0, or the step. */
  readonly dash: number;
}

/** What a person wrote, or as most do: two spaces. */
export function blockStyle({ tree, text }: ParsedTree): BlockStyle {
  let step: number | undefined;
  let dash: number | undefined;
  const visit = (node: unknown): void => {
    if (step !== undefined && dash !== undefined) return;
    if (isMap(node)) {
      for (const { key, value } of node.items as Pair[]) {
        const column = columnOf(text, (key as Node | null)?.range?.[0] ?? 0);
        const inner = (value as Node | null)?.range?.[0];
        const distance = inner === undefined ? 0 : columnOf(text, inner) - column;
        if (isMap(value) && !value.flow && distance > 0) step ??= distance;
        if (isSeq(value) && !value.flow && distance >= 0) dash ??= distance;
        visit(value);
      }
    } else if (isSeq(node)) for (const item of node.items) visit(item);
  };
  visit(tree.contents);
  return { step: step ?? 2, dash: dash ?? step ?? 2 };
}

/** An entry as lines of a block mapping that starts at column 0. @param yaml what follows the key; its comments are left out */
export function entryLines(key: string, yaml: string, style: BlockStyle): readonly string[] {
  const { tree } = parseText(yaml);
  return pairLines(scalarText(key, { isFlow: false, quote: '' }), tree.contents, style);
}

/** An entry on one line, as it stands in braces. @param isJson whether keys and texts have to have quotes */
export function entryInBraces(key: string, yaml: string, isJson: boolean): string {
  const { tree } = parseText(yaml);
  return `${inlineText(key, isJson)}: ${inline(tree.contents, tree, isJson)}`;
}

function pairLines(key: string, value: Node | null | undefined, style: BlockStyle): readonly string[] {
  if ((isMap(value) || isSeq(value)) && value.items.length > 0 && !value.flow) {
    const indent = ' '.repeat(isSeq(value) ? style.dash : style.step);
    return [`${key}:`, ...blockLines(value, style).map((line) => indent + line)];
  }
  const text = value ? inline(value, undefined, false) : '';
  return [text === '' || text === 'null' ? `${key}:` : `${key}: ${text}`];
}

function blockLines(node: Node, style: BlockStyle): readonly string[] {
  if (isMap(node)) {
    return (node.items as Pair<Node, Node | null>[]).flatMap(({ key, value }) =>
      pairLines(scalarText(scalarOf(key), { isFlow: false, quote: '' }), value, style),
    );
  }
  if (!isSeq(node)) return [inline(node, undefined, false)];
  return (node.items as Node[]).flatMap((item) => {
    const isCollection = (isMap(item) || isSeq(item)) && item.items.length > 0 && !item.flow;
    const lines = isCollection ? blockLines(item, style) : [inline(item, undefined, false)];
    return lines.map((line, index) => (index === 0 ? '- ' : '  ') + line);
  });
}

function inline(node: Node | null | undefined, tree: Tree | undefined, isJson: boolean): string {
  if (isMap(node)) {
    const pairs = (node.items as Pair<Node, Node | null>[]).map(({ key, value }) => `${inlineText(scalarOf(key), isJson)}: ${inline(value, tree, isJson)}`);
    return `{${pairs.join(', ')}}`;
  }
  if (isSeq(node)) return `[${(node.items as Node[]).map((item) => inline(item, tree, isJson)).join(', ')}]`;
  if (!isScalar(node)) return 'null';
  const value = scalarValue(node);
  // Numbers and booleans as they are written, but for JSON, which has no octal numbers and no `yes`.
  if (typeof value !== 'string') return isJson || !node.source ? JSON.stringify(value) : node.source;
  const quote = node.type === 'QUOTE_DOUBLE' || isJson ? '"' : node.type === 'QUOTE_SINGLE' ? "'" : '';
  return scalarText(value, { isFlow: tree !== undefined, quote });
}

function inlineText(text: string, isJson: boolean): string {
  return scalarText(text, { isFlow: true, quote: isJson ? '"' : '' });
}

function scalarOf(key: Node): string {
  return isScalar(key) ? String(resolveScalar(String(key.value), false, undefined)) : '';
}
