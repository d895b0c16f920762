import type { Span } from '../text/source-text.ts';
import { scan } from './scan.ts';

/** js-yaml's reason for a key that stands twice: the one mistake that a document can be read with. */
export const DUPLICATE_KEY = 'duplicated mapping key';

/** What a person has to look for, and where. */
export interface Explanation extends Span {
  readonly message: string;
  readonly other?: Span;
}

/** A document that does not parse, at the place where the parser gave up. */
interface Failed {
  readonly text: string;
  readonly reason: string;
  readonly position: number;
  /** The line of {@link position}. */
  readonly line: Span;
  readonly lineNumber: (offset: number) => number;
}

/** Tells one kind of mistake; undefined where it is another. */
type Teller = (failed: Failed) => Explanation | undefined;

/**
 * Puts a parser's reason into plain words, and points at the mistake instead of at the place where the parser noticed it.
 * @param reason js-yaml's own words
 * @param position where it noticed
 * @param lineNumber the number that the line of an offset has for the reader
 */
export function explain(text: string, reason: string, position: number, lineNumber: (offset: number) => number): Explanation {
  const failed = { text, reason, position, line: lineAt(text, position), lineNumber };
  for (const tell of TELLERS) {
    const told = tell(failed);
    if (told) return { ...told, end: Math.min(text.length, Math.max(told.end, told.start)) };
  }
  return { message: reason, ...restOfLine(failed) };
}

const TELLERS: readonly Teller[] = [
  badCharacter,
  mergeConflict,
  limits,
  duplicateKey,
  badKey,
  badAlias,
  badProperty,
  tab,
  badEscape,
  unclosed,
  reservedStart,
  textBehindEnd,
  colonInValue,
  missingColon,
  listBesideKeys,
  blockScalarHeader,
  indentation,
  secondRoot,
];

function badCharacter({ text, reason, position }: Failed): Explanation | undefined {
  if (/null byte/.test(reason))
    return { message: 'a NUL character: the file is binary, or saved as UTF-16; YAML has to be saved as UTF-8', start: position, end: position + 1 };
  if (!/non-printable|expected valid JSON character/.test(reason)) return undefined;
  const code = text.charCodeAt(position).toString(16).toUpperCase().padStart(4, '0');
  return { message: `the control character U+${code}, which YAML does not allow; delete it`, start: position, end: position + 1 };
}

function mergeConflict({ text }: Failed): Explanation | undefined {
  const match = /^(?:<{7} .*|>{7} .*)$/m.exec(text);
  return match ? { message: 'a merge conflict was left in the file: keep one side, delete the marker lines', ...spanOf(match) } : undefined;
}

function limits(failed: Failed): Explanation | undefined {
  const { reason } = failed;
  if (/nesting exceeded/.test(reason)) return { message: 'nested more than 100 levels deep', ...wordAt(failed.text, failed.position) };
  if (/endless alias|recursive alias/.test(reason))
    return { message: 'an alias stands for a value that contains the alias itself', ...wordAt(failed.text, failed.position) };
  if (/excessive aliasing|merge keys exceeded|abnormal merge/.test(reason))
    return { message: 'its aliases stand for far too much data; kubectl refuses that too', ...wordAt(failed.text, failed.position) };
  return undefined;
}

function duplicateKey({ text, reason, position, lineNumber }: Failed): Explanation | undefined {
  if (reason !== DUPLICATE_KEY) return undefined;
  const key = keyAt(text, position);
  const name = unquoted(text.slice(key.start, key.end));
  const other = sameKeyAbove(text, key, name);
  const hint = ['apiVersion', 'kind', 'metadata'].includes(name) ? "; is a line '---' missing between two resources?" : '';
  const first = other ? `, first on line ${lineNumber(other.start)}` : '';
  return {
    message: `the key '${name}' stands twice in one mapping${first}; kubectl silently takes this one, other tools refuse the document${hint}`,
    ...key,
    ...(other && { other }),
  };
}

function badKey({ text, reason, position }: Failed): Explanation | undefined {
  if (/complex key/.test(reason))
    return { message: 'a list or a mapping is used as a key; text in brackets or braces needs quotes', ...wordAt(text, position) };
  if (/null key/.test(reason)) return { message: 'a key is empty, or an unquoted null', ...wordAt(text, position) };
  return /cannot merge mappings/.test(reason) ? { message: "'<<' takes a mapping, or an alias of one", ...wordAt(text, position) } : undefined;
}

function badAlias({ text, reason, position }: Failed): Explanation | undefined {
  if (!/alias/.test(reason)) return undefined;
  const start = text.lastIndexOf('*', position);
  const name = /^[^\s,[\]{}]*/.exec(text.slice(start, start + 200))?.[0] ?? '*';
  const isHost = name === '*' || /^\*[.\-/]/.test(name);
  const message = isHost
    ? `a value that starts with * needs quotes: "${name}"`
    : `the alias ${name} has no anchor &${name.slice(1)} above it in this document; text that starts with * needs quotes`;
  return { message, start, end: start + name.length };
}

/** Anchors and tags are rarely meant where they are wrong: the value only starts with & or !. */
function badProperty({ text, reason, position }: Failed): Explanation | undefined {
  if (!/\b(?:anchor|tag)\b/.test(reason)) return undefined;
  const mark = /\banchor\b/.test(reason) ? '&' : '!';
  const start = Math.max(text.lastIndexOf(mark, position), lineAt(text, position).start);
  return { message: `a value that starts with ${mark} needs quotes`, ...restOfLineFrom(text, start) };
}

function tab({ text, reason, position, line }: Failed): Explanation | undefined {
  const before = lineAt(text, Math.max(0, line.start - 1));
  for (const { start, end } of [line, before]) {
    const lead = /^[ \t]*/.exec(text.slice(start, end))?.[0] ?? '';
    const at = lead.indexOf('\t');
    if (at !== -1) return { message: TAB, start: start + at, end: start + lead.lastIndexOf('\t') + 1 };
  }
  return /tab character/.test(reason) ? { message: TAB, start: position, end: position + 1 } : undefined;
}

const TAB = 'a tab stands in the indentation; YAML wants spaces there';

function badEscape({ text, reason, position }: Failed): Explanation | undefined {
  if (!/unknown escape|hexadecimal/.test(reason)) return undefined;
  const start = text.lastIndexOf('\\', position);
  const escape = text.slice(start, start + 2);
  return { message: `${escape} means nothing in double quotes; write \\${escape}, or use single quotes`, start, end: start + 2 };
}

/** Quotes and brackets without their ends. The parser notices only where the text that swallowed the lines below it makes no sense. */
function unclosed({ text, reason, position, line, lineNumber }: Failed): Explanation | undefined {
  const { open, mismatch } = scan(text, position);
  const start = open.at(-1);
  if (start === undefined) return undefined;
  const mark = text[start] ?? '';
  if (mark === '"' || mark === "'") {
    return { message: `the quote ${mark} that opens here is not closed: put another ${mark} at the end of the value`, start, end: lineAt(text, start).end };
  }
  const close = mark === '[' ? ']' : '}';
  const found = text[position] ?? '';
  if (mismatch !== undefined || (']}'.includes(found) && found !== close && found !== ''))
    return {
      message: `the '${mark}' that opens here needs a '${close}' before the '${found}' on line ${lineNumber(mismatch ?? position)}`,
      start,
      end: start + 1,
    };
  if (/missed comma/.test(reason) && lineAt(text, start).start === line.start && scan(text).open.length === 0)
    return {
      message: `a comma is missing, or a value with special characters needs quotes, in the ${mark} … ${close} that starts here`,
      start,
      end: start + 1,
    };
  if (/expected the node content/.test(reason)) return { message: `a value is missing before this '${found}'`, start: position, end: position + 1 };
  return { message: `the '${mark}' that opens here is not closed: a '${close}' is missing`, start, end: start + 1 };
}

/** Characters with which no unquoted value may start. */
function reservedStart({ text, position }: Failed): Explanation | undefined {
  const char = text[position] ?? '';
  const before = text.slice(Math.max(0, position - 200), position);
  if (!/(?:[:\-?][ \t]+|^[ \t]*)$/m.test(before)) return undefined;
  if (/^[-?](?:\s|$)/.test(text.slice(position, position + 2)) && /:[ \t]+$/.test(before))
    return { message: `a list item cannot stand on the line of its key: put '${char} ' on a line of its own`, start: position, end: position + 1 };
  if (!/[@`%,\]}&]/.test(char)) return undefined;
  return { message: `a value cannot start with ${char} unless it is in quotes`, ...restOfLineFrom(text, position) };
}

function textBehindEnd({ text, position, line }: Failed): Explanation | undefined {
  const before = text.slice(line.start, position).trimEnd();
  const mark = before.at(-1) ?? '';
  if (text[position] === ':' || !['"', "'", ']', '}'].includes(mark) || !/[\s"'\]}]/.test(text[position - 1] ?? '')) return undefined;
  const rest = restOfLineFrom(text, position);
  if (mark === ']' || mark === '}') return { message: `there is text behind the closing '${mark}'`, ...rest };
  const inside = mark === "'" ? "a ' inside of single quotes is written ''" : 'a " inside of double quotes is written \\"';
  return { message: `there is text behind the closing quote; ${inside}`, ...rest };
}

/** `message: error: no route`: a second `: ` on a line. */
function colonInValue({ text, position, line }: Failed): Explanation | undefined {
  if (text[position] !== ':') return undefined;
  const before = text.slice(line.start, position);
  const key = /^[ \t]*(?:[-?][ \t]+)*(?:"[^"]*"|'[^']*'|[^\s"'#][^#]*?)[ \t]*:[ \t]+(?=\S)/.exec(before);
  if (!key) return undefined;
  return {
    message: "an unquoted value holds ': ', which would start another key: put the value in quotes",
    ...restOfLineFrom(text, line.start + key[0].length),
  };
}

/** A line without a colon above or at the place: `hosts` or `port:80`. */
function missingColon({ text, reason, position, line }: Failed): Explanation | undefined {
  if (/expected ':' after/.test(reason)) {
    const content = contentOf(text, line);
    return { message: "this line is neither a key (no ': ' behind it) nor a list item (no '- ' in front)", ...content };
  }
  if (text[position] !== ':') return undefined;
  const above = contentOf(text, previousLine(text, line));
  const words = text.slice(above.start, above.end);
  const own = contentOf(text, line);
  if (words === '' || words.startsWith('- ') || words.startsWith('#')) return undefined;
  if (/^[\w-]+:[^\s/:]/.test(words)) return { message: `a space is missing behind the colon in '${words}'`, ...above };
  if (/^[^:]+$/.test(words) && column(text, above.start) <= column(text, own.start)) return { message: `a colon is missing behind '${words}'`, ...above };
  return undefined;
}

function listBesideKeys({ text, line }: Failed): Explanation | undefined {
  const own = contentOf(text, line);
  const isItem = /^-(?:\s|$)/.test(text.slice(own.start, own.start + 2));
  for (let above = previousLine(text, line); above.start < own.start; above = previousLine(text, above)) {
    const content = contentOf(text, above);
    if (content.end > content.start && text[content.start] !== '#') {
      const difference = column(text, content.start) - column(text, own.start);
      const aboveIsItem = /^-(?:\s|$)/.test(text.slice(content.start, content.start + 2));
      if (difference === 0 && isItem !== aboveIsItem)
        return { message: "list items ('- …') and keys stand side by side at one level; indent one of them", ...own };
      if (difference <= 0) return undefined;
    }
    if (above.start === 0) return undefined;
  }
  return undefined;
}

function blockScalarHeader({ text, reason, position }: Failed): Explanation | undefined {
  if (!/line break is expected|indentation (?:width|indicator)|chomping/.test(reason)) return undefined;
  return {
    message: "behind '|' or '>' the text starts on the next line; a value that starts with one of them needs quotes",
    ...restOfLineFrom(text, position),
  };
}

/** A line that starts at a column at which nothing above it starts. */
function indentation({ text, reason, position, line }: Failed): Explanation | undefined {
  if (!/indentation|multiline key|end of the stream/.test(reason)) return undefined;
  const own = contentOf(text, line);
  if (position > own.start && text[position] !== ':')
    return { message: 'this belongs to nothing on its line; does the value need quotes?', ...restOfLineFrom(text, position) };
  const indent = column(text, own.start);
  const columns = columnsAbove(text, line);
  if (columns.length > 0 && !columns.includes(indent)) {
    const fitting = columns.length === 1 ? columns[0] : `${columns.slice(0, -1).join(', ')} or ${columns.at(-1)}`;
    return { message: `this line is indented by ${indent}; those above it that it could belong to are indented by ${fitting}`, ...own };
  }
  return /indentation of a/.test(reason) ? { message: 'the indentation of this line does not fit the lines above it', ...own } : undefined;
}

/** The columns at which a line may go on with what is open above it, the nearest first. */
function columnsAbove(text: string, line: Span): readonly number[] {
  const columns: number[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let above = line; above.start > 0 && least > 0; ) {
    above = previousLine(text, above);
    const content = contentOf(text, above);
    if (content.end === content.start || text[content.start] === '#') continue;
    const outer = content.start - above.start;
    const dash = /^-[ ]+/.exec(text.slice(content.start, content.start + 80))?.[0].length ?? 0;
    if (dash > 0 && outer + dash < least) columns.push(outer + dash);
    if (outer < least) columns.push(outer);
    least = Math.min(least, outer);
  }
  return columns;
}

function secondRoot(failed: Failed): Explanation | undefined {
  if (!/end of the stream/.test(failed.reason)) return undefined;
  return { message: "the document ended before this; two documents need a line '---' between them", ...restOfLine(failed) };
}

function keyAt(text: string, position: number): Span {
  const mark = text[position - 1];
  if (mark === '"' || mark === "'") {
    const close = text.indexOf(mark, position);
    return { start: position - 1, end: close === -1 ? position : close + 1 };
  }
  const key = /^[^\n\r]*?(?=[ \t]*:(?:[\s,[\]{}]|$)|[,}\n\r])/.exec(text.slice(position, position + 1024))?.[0] ?? '';
  return { start: position, end: position + key.length };
}

/** The key of the same name at the same column further up, in the same block mapping. */
function sameKeyAbove(text: string, key: Span, name: string): Span | undefined {
  const target = column(text, key.start);
  let line = lineAt(text, key.start);
  if (!/^[ \t]*(?:-[ \t]+)*$/.test(text.slice(line.start, key.start))) return undefined;
  while (line.start > 0) {
    line = previousLine(text, line);
    const lead = /^[ ]*(?:-[ ]+)*/.exec(text.slice(line.start, line.end))?.[0] ?? '';
    const start = line.start + lead.length;
    if (lead.length < target && start < line.end && text[start] !== '#') return undefined;
    if (lead.length !== target) continue;
    const candidate = keyAt(text, /["']/.test(text[start] ?? '') ? start + 1 : start);
    if (unquoted(text.slice(candidate.start, candidate.end)) === name) return candidate;
  }
  return undefined;
}

function unquoted(key: string): string {
  return /^(["']).*\1$/.test(key) ? key.slice(1, -1) : key;
}

function lineAt(text: string, position: number): Span {
  let start = position;
  let end = position;
  while (start > 0 && !isBreak(text, start - 1)) start--;
  while (end < text.length && !isBreak(text, end)) end++;
  return { start, end };
}

function previousLine(text: string, line: Span): Span {
  let end = Math.max(0, line.start - 1);
  if (text[end] === '\n' && text[end - 1] === '\r') end--;
  return lineAt(text, end);
}

function isBreak(text: string, at: number): boolean {
  return text[at] === '\n' || text[at] === '\r';
}

/** A line without the white space around it. */
function contentOf(text: string, line: Span): Span {
  let { start, end } = line;
  while (start < end && ' \t'.includes(text[start] ?? '')) start++;
  while (end > start && ' \t'.includes(text[end - 1] ?? '')) end--;
  return { start, end };
}

function column(text: string, offset: number): number {
  return offset - lineAt(text, offset).start;
}

function restOfLine({ text, position }: Failed): Span {
  return restOfLineFrom(text, position);
}

function restOfLineFrom(text: string, start: number): Span {
  return contentOf(text, { start, end: lineAt(text, start).end });
}

function wordAt(text: string, position: number): Span {
  const word = /^[^\s,]*/.exec(text.slice(position, position + 200))?.[0] ?? '';
  return { start: position, end: position + word.length };
}

function spanOf(match: RegExpExecArray): Span {
  return { start: match.index, end: match.index + match[0].length };
}
