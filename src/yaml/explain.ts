import { columnOf, lineAbove, lineAt } from '../text/lines.ts';
import type { Span } from '../text/source-text.ts';
import { colonInValue, indentation, listBesideKeys, missingColon, secondRoot, tab } from './explain-lines.ts';
import { type Explanation, type Failed, restOfLineFrom } from './failed.ts';
import { scan } from './scan.ts';

/** js-yaml's reason for a key that stands twice: the one mistake that a document can be read with. */
export const DUPLICATE_KEY = 'duplicated mapping key';

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
  return { message: reason, ...restOfLineFrom(text, position) };
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

function badEscape({ text, reason, position }: Failed): Explanation | undefined {
  if (!/unknown escape|hexadecimal/.test(reason)) return undefined;
  const start = text.lastIndexOf('\\', position);
  const escaped = text.slice(start, start + 2);
  return { message: `${escaped} means nothing in double quotes; write \\${escaped}, or use single quotes`, start, end: start + 2 };
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

function blockScalarHeader({ text, reason, position }: Failed): Explanation | undefined {
  if (!/line break is expected|indentation (?:width|indicator)|chomping/.test(reason)) return undefined;
  return {
    message: "behind '|' or '>' the text starts on the next line; a value that starts with one of them needs quotes",
    ...restOfLineFrom(text, position),
  };
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
  const target = columnOf(text, key.start);
  let line = lineAt(text, key.start);
  if (!/^[ \t]*(?:-[ \t]+)*$/.test(text.slice(line.start, key.start))) return undefined;
  while (line.start > 0) {
    line = lineAbove(text, line);
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

function wordAt(text: string, position: number): Span {
  const word = /^[^\s,]*/.exec(text.slice(position, position + 200))?.[0] ?? '';
  return { start: position, end: position + word.length };
}

function spanOf(match: RegExpExecArray): Span {
  return { start: match.index, end: match.index + match[0].length };
}
