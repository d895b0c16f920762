/**
 * Regular expressions in RE2's syntax, as Go's regexp package takes them: Istio's webhook compiles every one (validateStringRegexp).
 * Only the syntax is read here. Unlike JavaScript, RE2 has no look-around and no backreferences.
 */

const MAX_BYTES = 1024;
const MAX_REPEAT = 1000;
const POSIX = new Set('alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit'.split(' '));

/** What a regular expression must be, or undefined if Istio accepts it. */
export function expectedRegex(text: string): string | undefined {
  if (text === '') return 'a regular expression; it is empty';
  if (utf8Length(text) > MAX_BYTES) return `a regular expression of at most ${MAX_BYTES} bytes`;
  const reason = new RegexReader(text).fault();
  return reason === undefined ? undefined : `a regular expression in RE2 syntax: ${reason}`;
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** Repetitions inside of an atom: RE2 bounds the product of nested counts. */
interface Atom {
  readonly count?: number;
  readonly inner: readonly Atom[];
}

const PLAIN: Atom = { inner: [] };

class RegexReader {
  private readonly characters: readonly string[];
  private at = 0;

  constructor(text: string) {
    this.characters = Array.from(text);
  }

  fault(): string | undefined {
    try {
      this.alternatives(0);
      return undefined;
    } catch (error) {
      if (error instanceof Fault) return error.message;
      throw error;
    }
  }

  /** Reads up to the end or, inside of a group, its closing parenthesis. @returns the repetitions in it */
  private alternatives(depth: number): readonly Atom[] {
    const done: Atom[] = [];
    /** What a repetition operator would apply to; forgotten after `|`. */
    let last: Atom | undefined;
    let afterRepeat = false;
    while (this.at < this.characters.length) {
      const character = this.characters[this.at];
      if (character === ')') {
        if (depth === 0) throw new Fault("')' without a '('");
        break;
      }
      const count = this.repeatCount();
      if (count !== undefined) {
        if (afterRepeat) throw new Fault('two repetition operators stand one after the other');
        if (!last) throw new Fault('a repetition operator has nothing to repeat');
        last = { count, inner: [last] };
        if (count >= 2 && !withinBound(last, MAX_REPEAT)) throw new Fault(`nested repetitions exceed ${MAX_REPEAT}`);
        done[done.length - 1] = last;
        afterRepeat = true;
        continue;
      }
      afterRepeat = false;
      if (character === '|') {
        this.at++;
        last = undefined;
        continue;
      }
      const atom = this.atom(depth);
      if (!atom) continue;
      last = atom;
      done.push(atom);
    }
    return done;
  }

  /** An atom; undefined for what is none: flags like `(?i)`, an empty `\Q\E`. */
  private atom(depth: number): Atom | undefined {
    switch (this.characters[this.at]) {
      case '(':
        return this.group(depth);
      case '[':
        this.characterClass();
        return PLAIN;
      case '\\':
        return this.escape() ? PLAIN : undefined;
      default:
        this.at++;
        return PLAIN;
    }
  }

  private group(depth: number): Atom | undefined {
    this.at++;
    if (this.characters[this.at] === '?' && !this.groupStart()) return undefined;
    const inner = this.alternatives(depth + 1);
    if (this.characters[this.at] !== ')') throw new Fault("a '(' is never closed");
    this.at++;
    return { inner };
  }

  /** What follows `(?`: a name, or flags. @returns false where the flags are closed at once and open no group */
  private groupStart(): boolean {
    const rest = this.characters.slice(this.at + 1).join('');
    const name = /^P?<([^>]*)(>?)/.exec(rest);
    if (name) {
      if (name[2] === '' || !/^\w+$/.test(name[1] ?? '')) {
        throw new Fault(/^<[=!]/.test(rest) ? 'look-behind is not supported' : "a group's name must be letters, digits and '_'");
      }
      this.at += 1 + Array.from(name[0]).length;
      return true;
    }
    const flags = /^(?:[imsU]*|[imsU]*-[imsU]+)([:)])/.exec(rest);
    if (!flags) throw new Fault(/^[=!]/.test(rest) ? 'look-ahead is not supported' : "what follows '(?' is not supported");
    this.at += 1 + flags[0].length;
    return flags[1] === ':';
  }

  /** The upper count of a repetition operator that stands here (1 for `*`, `+` and `?`), or undefined; a `{` that is none is a plain character. */
  private repeatCount(): number | undefined {
    const rest = this.characters.slice(this.at, this.at + 24).join('');
    const operator = /^(?:[*+?]|\{(0|[1-9]\d*)(,(0|[1-9]\d*)?)?\})/.exec(rest);
    if (!operator) return undefined;
    const [whole, min, comma, max] = operator;
    this.at += whole.length + (this.characters[this.at + whole.length] === '?' ? 1 : 0);
    if (min === undefined) return 1;
    const low = Number(min);
    const high = max === undefined ? low : Number(max);
    if (low > MAX_REPEAT || high > MAX_REPEAT || high < low) throw new Fault(`the repetition ${whole} is out of order or exceeds ${MAX_REPEAT}`);
    return comma !== undefined && max === undefined ? low : high;
  }

  /** An escape outside of a class. @returns false if it stands for nothing */
  private escape(): boolean {
    const next = this.characters[this.at + 1] ?? '';
    if (next === 'Q') {
      const literal = this.characters.slice(this.at + 2).join('');
      const end = literal.indexOf('\\E');
      const quoted = end === -1 ? literal : literal.slice(0, end);
      this.at += 2 + Array.from(quoted).length + (end === -1 ? 0 : 2);
      return quoted !== '';
    }
    if (next !== '' && 'AbBz'.includes(next)) this.at += 2;
    else if (!this.classEscape()) this.characterEscape();
    return true;
  }

  /** `\d`, `\pL` and the like. */
  private classEscape(): boolean {
    const next = this.characters[this.at + 1] ?? '';
    if (this.characters[this.at] !== '\\' || next === '') return false;
    if ('dDsSwW'.includes(next)) {
      this.at += 2;
      return true;
    }
    if (next !== 'p' && next !== 'P') return false;
    const name = /^(?:\{\^?[A-Za-z_ -]+\}|[A-Za-z])/.exec(this.characters.slice(this.at + 2).join(''));
    if (!name) throw new Fault(`'\\${next}' needs the name of a Unicode class`);
    this.at += 2 + name[0].length;
    return true;
  }

  /** An escape for one character. @returns its code */
  private characterEscape(): number {
    const rest = this.characters.slice(this.at + 1).join('');
    if (rest === '') throw new Fault("it ends in a single '\\'");
    const numeric = /^(?:0[0-7]{0,2}|[1-7][0-7]{1,2}|x[\da-fA-F]{2}|x\{[\da-fA-F]+\})/.exec(rest)?.[0];
    if (numeric !== undefined) {
      const code = numeric.startsWith('x') ? Number.parseInt(numeric.replace(/[x{}]/g, ''), 16) : Number.parseInt(numeric, 8);
      if (code > 0x10ffff) throw new Fault(`'\\${numeric}' is no character`);
      this.at += 1 + numeric.length;
      return code;
    }
    const next = this.characters[this.at + 1] ?? '';
    if (/^[1-9]$/.test(next)) throw new Fault(`backreferences like '\\${next}' are not supported`);
    if (!/^[afnrtv]$|^[\0-\x7f]$/.test(next) || /^[A-Zb-eg-mo-qsuw-z]$/.test(next)) throw new Fault(`the escape '\\${next}' is not supported`);
    this.at += 2;
    return next.codePointAt(0) ?? 0;
  }

  private characterClass(): void {
    this.at++;
    if (this.characters[this.at] === '^') this.at++;
    for (let first = true; first || this.characters[this.at] !== ']'; first = false) {
      if (this.namedClass() || this.classEscape()) continue;
      const low = this.classCharacter();
      if (this.characters[this.at] !== '-' || this.characters[this.at + 1] === undefined || this.characters[this.at + 1] === ']') continue;
      this.at++;
      if (this.classCharacter() < low) throw new Fault("a range in '[…]' runs backwards");
    }
    this.at++;
  }

  /** `[:alpha:]` inside of a class. */
  private namedClass(): boolean {
    if (this.characters[this.at] !== '[' || this.characters[this.at + 1] !== ':') return false;
    const rest = this.characters.slice(this.at + 2).join('');
    const end = rest.indexOf(':]');
    if (end === -1) return false;
    if (!POSIX.has(rest.slice(0, end).replace(/^\^/, ''))) throw new Fault(`there is no class '[:${rest.slice(0, end)}:]'`);
    this.at += 4 + Array.from(rest.slice(0, end)).length;
    return true;
  }

  private classCharacter(): number {
    const character = this.characters[this.at];
    if (character === undefined) throw new Fault("a '[' is never closed");
    if (character === '\\') return this.characterEscape();
    this.at++;
    return character.codePointAt(0) ?? 0;
  }
}

/** Ends the reading; never leaves this file. */
class Fault extends Error {}

function withinBound({ count, inner }: Atom, bound: number): boolean {
  if (count === 0) return true;
  if (count !== undefined && count > bound) return false;
  const left = count === undefined ? bound : Math.floor(bound / count);
  return inner.every((atom) => withinBound(atom, left));
}
