import { withoutBlanks } from '../text/lines.ts';
import type { Span } from '../text/source-text.ts';

/** Brackets and quotes of a text, as far as they matter for where its lines may break. */
export interface Scan {
  /** Where brackets and quotes open that are still open where the scan ends, the outermost first. */
  readonly open: readonly number[];
  /** Where a bracket closes another kind than was opened. */
  readonly mismatch: number | undefined;
  /** Scalars in quotes that break over lines. */
  readonly quotes: readonly Span[];
  /** Line breaks, comments and tabs inside of flow collections, and tabs in front of values. */
  readonly breaks: readonly Span[];
}

/**
 * A light reader for documents that do not parse: it knows quotes, brackets, comments and block scalars, and no errors.
 * @param end where to stop: the result then says what is open there
 */
export function scan(text: string, end = text.length): Scan {
  const scanner = new Scanner(text, end);
  scanner.run();
  return scanner;
}

class Scanner implements Scan {
  readonly open: number[] = [];
  readonly quotes: Span[] = [];
  readonly breaks: Span[] = [];
  mismatch: number | undefined;
  private readonly text: string;
  private readonly end: number;
  private at = 0;

  constructor(text: string, end: number) {
    this.text = text;
    this.end = end;
  }

  run(): void {
    while (this.at < this.end && this.mismatch === undefined) this.line();
  }

  /** One line of block structure; flow collections and quotes may take it over several. */
  private line(): void {
    const start = this.at;
    const parent = this.skipIndicators(start);
    let isValue = true;
    let hasKey = false;
    while (this.at < this.end && !this.isBreak(this.at)) {
      const char = this.text[this.at] ?? '';
      if (char === ' ' || char === '\t') {
        if (char === '\t' && isValue && hasKey) this.breaks.push({ start: this.at, end: this.at + 1 });
        this.at++;
      } else if (char === '#' && this.isSpace(this.at - 1)) this.at = this.lineEnd(this.at);
      else if (isValue && (char === '|' || char === '>')) {
        this.blockScalar(parent);
        return;
      } else if (isValue && (char === '&' || char === '!')) this.skipWord();
      else if (char === ':' && this.isSpace(this.at + 1)) {
        isValue = true;
        hasKey = true;
        this.at++;
      } else if (isValue && '"\'[{'.includes(char)) {
        const isClosed = char === '"' || char === "'" ? this.quote(char) : this.flow();
        if (!isClosed) return;
        isValue = false;
      } else {
        isValue = false;
        this.at++;
      }
    }
    this.at++;
  }

  /** Skips spaces, `- ` and `? `. @returns the column below which a block scalar of this line ends */
  private skipIndicators(start: number): number {
    while (this.text[this.at] === ' ') this.at++;
    while (/[-?]/.test(this.text[this.at] ?? '') && this.isSpace(this.at + 1) && !this.isBreak(this.at + 1)) {
      const dash = this.at++;
      while (this.text[this.at] === ' ') this.at++;
      if ('|>'.includes(this.text[this.at] ?? ' ')) return dash - start;
    }
    return this.at - start;
  }

  private blockScalar(parent: number): void {
    this.at = this.lineEnd(this.at) + 1;
    while (this.at < this.end) {
      let column = 0;
      while (this.text[this.at + column] === ' ') column++;
      const isBlank = this.isBreak(this.at + column) || this.at + column >= this.text.length;
      if (!isBlank && column <= parent) return;
      this.at = this.lineEnd(this.at) + 1;
    }
  }

  /** @returns whether it closes before the end */
  private quote(mark: string): boolean {
    const start = this.at++;
    this.open.push(start);
    while (this.at < this.end) {
      const char = this.text[this.at];
      if (char === '\\' && mark === '"') this.at++;
      else if (char === mark) {
        if (mark === '"' || this.text[this.at + 1] !== mark) {
          this.at++;
          this.open.pop();
          if (/[\n\r]/.test(this.text.slice(start, this.at))) this.quotes.push({ start, end: this.at });
          return true;
        }
        this.at++;
      }
      this.at++;
    }
    return false;
  }

  /** @returns whether it closes before the end */
  private flow(): boolean {
    const depth = this.open.length;
    this.open.push(this.at++);
    let isStart = true;
    while (this.at < this.end) {
      const char = this.text[this.at] ?? '';
      if (char === '[' || char === '{') {
        this.open.push(this.at++);
        isStart = true;
      } else if (char === ']' || char === '}') {
        const opened = this.text[this.open.at(-1) ?? 0];
        if ((opened === '[') !== (char === ']')) {
          this.mismatch = this.at;
          return false;
        }
        this.open.pop();
        this.at++;
        isStart = false;
        if (this.open.length === depth) return true;
      } else if (isStart && (char === '"' || char === "'")) {
        if (!this.quote(char)) return false;
        isStart = false;
      } else if (char === '#' && this.isSpace(this.at - 1)) {
        const start = this.at;
        this.at = this.lineEnd(this.at);
        this.breaks.push({ start, end: this.at });
      } else {
        if (this.isBreak(this.at) || (char === '\t' && (isStart || this.endsHere()))) this.breaks.push({ start: this.at, end: this.at + 1 });
        if (char === ',' || char === ':') isStart = true;
        else if (!this.isSpace(this.at)) isStart = false;
        this.at++;
      }
    }
    return false;
  }

  /** Whether nothing but white space stands in front of the next bracket, comma, comment or line. */
  private endsHere(): boolean {
    let at = this.at;
    const limit = this.at + 100;
    while (at < limit && (this.text[at] === ' ' || this.text[at] === '\t')) at++;
    return at >= this.end || /[,\]}#\n\r]/.test(this.text[at] ?? '');
  }

  private skipWord(): void {
    while (this.at < this.end && !this.isSpace(this.at)) this.at++;
  }

  private lineEnd(from: number): number {
    let at = from;
    while (at < this.end && !this.isBreak(at)) at++;
    return at;
  }

  private isBreak(at: number): boolean {
    return this.text[at] === '\n' || this.text[at] === '\r';
  }

  private isSpace(at: number): boolean {
    const unit = at < 0 ? 32 : this.text.charCodeAt(at);
    return unit === 32 || unit === 10 || unit === 13 || unit === 9 || Number.isNaN(unit);
  }
}

/** A text that says the same, in which no flow collection and no scalar in quotes breaks over lines; undefined where some are not closed. */
export interface Joined {
  /** For reading values. */
  readonly values: string;
  /** Of the same length, for reading positions; scalars in quotes that broke over lines have another value. */
  readonly positions: string;
}

/**
 * Kubernetes' YAML reader lets the lines of flow collections and of scalars in quotes start at any column; YAML, and the parsers here, want
 * them indented deeper than the key (`hosts: [` … `]` with the bracket under the key is frequent).
 */
export function joinLines(text: string): Joined | undefined {
  const { open, mismatch, quotes, breaks } = scan(text);
  if (open.length > 0 || mismatch !== undefined || (breaks.length === 0 && quotes.length === 0)) return undefined;
  const spans = [...breaks, ...quotes].sort((a, b) => a.start - b.start);
  return { values: replaced(text, spans, folded), positions: replaced(text, spans, (quoted) => quoted.replace(/[\n\r]/g, ' ')) };
}

function replaced(text: string, spans: readonly Span[], onQuoted: (quoted: string) => string): string {
  let result = '';
  let at = 0;
  for (const { start, end } of spans) {
    const piece = text.slice(start, end);
    result += text.slice(at, start) + (/^["']/.test(piece) ? onQuoted(piece) : ' '.repeat(piece.length));
    at = end;
  }
  return result + text.slice(at);
}

/** A scalar in quotes on one line: a line break is a space, an empty line a line break (YAML 1.2.2, 6.5). */
function folded(quoted: string): string {
  const inner = quoted.slice(1, -1);
  const escaped = quoted.startsWith('"')
    ? inner.replace(/\\(?:(?:\r\n?|\n)[ \t]*|([\s\S]))/g, (_, char: string | undefined) => (char === undefined ? '' : `\\${char}`))
    : inner.replaceAll("''", "'").replace(/[\\"]/g, (char) => `\\${char}`);
  const lines = escaped.split(/\r\n?|\n/);
  let result = '';
  let blank = 0;
  for (const [index, line] of lines.entries()) {
    const isLast = index === lines.length - 1;
    const trimmed = withoutBlanks(line, { start: 0, end: line.length });
    const content = line.slice(index > 0 ? trimmed.start : 0, isLast ? line.length : trimmed.end);
    if (index === 0) result = content;
    else if (content === '' && !isLast) blank++;
    else {
      result += (blank > 0 ? '\\n'.repeat(blank) : ' ') + content;
      blank = 0;
    }
  }
  return `"${result}"`;
}
