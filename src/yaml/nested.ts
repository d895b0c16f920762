import { isScalar, type Node, type Scalar } from 'yaml';
import type { Span } from '../text/source-text.ts';

/** The text of a scalar that is YAML itself, like the key `mesh` of a ConfigMap. */
export interface NestedText {
  readonly text: string;
  /** Where a piece of the text stands in the document that holds it. */
  readonly outside: (span: Span) => Span;
}

/** For each unit of the value, where it stands in the document; as many as the value has. */
type Offsets = readonly number[];

/**
 * The text of a scalar with the way back to its places. Block scalars lose their indentation, quoted ones their escapes and line breaks.
 * @param chunk the text that was parsed
 * @returns undefined for what is no text, and where places cannot be told exactly (folded blocks, `>`, whose lines run together)
 */
export function nestedText(chunk: string, node: Node | null | undefined): NestedText | undefined {
  if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return undefined;
  const text = node.value;
  const offsets = offsetsOf(chunk, node, node.range[0], node.range[1], text);
  // Whatever the style, each unit must be where it is said to be: escapes aside, the last look is the parser's own value.
  if (!offsets || offsets.length !== text.length) return undefined;
  const at = (offset: number): number => offsets[offset] ?? (offsets.at(-1) ?? node.range?.[0] ?? 0) + 1;
  return { text, outside: ({ start, end }) => ({ start: at(start), end: end > start ? at(end - 1) + 1 : at(start) }) };
}

function offsetsOf(chunk: string, node: Scalar, start: number, end: number, text: string): Offsets | undefined {
  switch (node.type) {
    case 'BLOCK_LITERAL':
      return literal(chunk, start, end, text);
    case 'QUOTE_DOUBLE':
      return flow(chunk, start + 1, end - 1, text, escapeAt);
    case 'QUOTE_SINGLE':
      return flow(chunk, start + 1, end - 1, text, doubledQuote);
    case 'PLAIN':
      return flow(chunk, start, end, text, () => undefined);
    default:
      return undefined;
  }
}

/** Each line of the value is a line of the block without its indentation. */
function literal(chunk: string, start: number, end: number, text: string): Offsets | undefined {
  const offsets: number[] = [];
  let line = nextLine(chunk, start);
  let indent: number | undefined;
  for (const content of text.split('\n')) {
    const lineEnd = endOfLine(chunk, line);
    if (content !== '') indent ??= lineEnd - line - content.length;
    const from = content === '' ? Math.min(line + (indent ?? 0), lineEnd) : line + (indent ?? 0);
    if (chunk.slice(from, from + content.length) !== content) return undefined;
    for (let unit = 0; unit < content.length; unit++) offsets.push(from + unit);
    if (offsets.length < text.length) offsets.push(lineEnd);
    line = nextLine(chunk, line);
    // Line breaks at the end of the value may be counted that the file lacks.
    if (line > end + 1 && offsets.length < text.length) return undefined;
  }
  return offsets;
}

function endOfLine(chunk: string, from: number): number {
  const end = chunk.indexOf('\n', from);
  if (end === -1) return chunk.length;
  return chunk[end - 1] === '\r' ? end - 1 : end;
}

function nextLine(chunk: string, from: number): number {
  const end = chunk.indexOf('\n', from);
  return end === -1 ? chunk.length : end + 1;
}

/** What one or several units of a quoted scalar stand for: a text, and how many units they are. */
interface Escaped {
  readonly text: string;
  readonly length: number;
}

const BREAKS = /[ \t]*(?:\r?\n[ \t]*)+/y;

/** Scalars in quotes, and plain ones: a line break with the blanks around it is a space, each further one a line break (YAML 1.2.2, 6.5). */
function flow(chunk: string, start: number, end: number, text: string, read: (chunk: string, at: number) => Escaped | undefined): Offsets | undefined {
  const offsets: number[] = [];
  const units: string[] = [];
  let kept = 0;
  const add = (piece: string, at: number): void => {
    for (const unit of piece.split('')) {
      units.push(unit);
      offsets.push(at);
    }
  };
  for (let at = start; at < end; ) {
    const escaped = read(chunk, at);
    const breaks = escaped ? undefined : breaksAt(chunk, at);
    if (escaped) {
      add(escaped.text, at);
      at += escaped.length;
      kept = units.length;
    } else if (breaks) {
      while (units.length > kept && isBlank(units.at(-1))) units.pop();
      offsets.length = units.length;
      add(breaks.count === 1 ? ' ' : '\n'.repeat(breaks.count - 1), at);
      at += breaks.length;
      kept = units.length;
    } else add(chunk[at] ?? '', at++);
  }
  return units.join('') === text ? offsets : undefined;
}

function breaksAt(chunk: string, at: number): { readonly count: number; readonly length: number } | undefined {
  if (!isBlank(chunk[at]) && chunk[at] !== '\n' && chunk[at] !== '\r') return undefined;
  BREAKS.lastIndex = at;
  const blanks = BREAKS.exec(chunk)?.[0];
  return blanks === undefined ? undefined : { count: blanks.split('\n').length - 1, length: blanks.length };
}

function isBlank(unit: string | undefined): boolean {
  return unit === ' ' || unit === '\t';
}

function doubledQuote(chunk: string, at: number): Escaped | undefined {
  return chunk.startsWith("''", at) ? { text: "'", length: 2 } : undefined;
}

const NAMED: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
};

function escapeAt(chunk: string, at: number): Escaped | undefined {
  if (chunk[at] !== '\\') return undefined;
  const [continued] = /^\\\r?\n[ \t]*/.exec(chunk.slice(at, at + 200)) ?? [];
  if (continued !== undefined) return { text: '', length: continued.length };
  const [numbered, digits = ''] = /^\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8}))/i.exec(chunk.slice(at, at + 10))?.filter(Boolean) ?? [];
  if (numbered !== undefined) return { text: String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(digits, 16))), length: numbered.length };
  const named = NAMED[chunk[at + 1] ?? ''];
  return named === undefined ? undefined : { text: named, length: 2 };
}
