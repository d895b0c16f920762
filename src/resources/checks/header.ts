/** HTTP headers that routes set, add, remove and match (pkg/config/validation: header names, header_value_validator.go; pkg/jwt/routing.go). */
import type { Path } from '../../yaml/locate.ts';
import type { Check, ReportProblem } from '../field.ts';
import { malformed } from './problem.ts';

/** RFC 7230's characters of names; Istio's own expression lets the comma through. */
const NAME = /^[!#$%&'*+,\-.^_`|~A-Za-z\d]+$/;
const PSEUDO_HEADERS: ReadonlySet<string> = new Set([':method', ':scheme', ':authority', ':path', ':status']);
const CLAIM = /^@request\.auth\.claims(?:\..|\[.+\]$)/is;

/** Whether a header's name in a match stands for a claim of the request's JWT. */
export const isClaim = (name: string): boolean => CLAIM.test(name);

/** `host` and `:authority` name the same thing. */
export const isAuthority = (name: string): boolean => /^(?::authority|host)$/i.test(name);

/** VS10 (webhook): names of headers in a match. */
export const matchedHeaders: Check<Readonly<Record<string, unknown>>> = (value, report) => {
  for (const name of Object.keys(value)) {
    if (!isClaim(name) && !PSEUDO_HEADERS.has(name) && !NAME.test(name)) report([name], malformed(name, expectedName(name)), 'webhook');
  }
};

/** VS22 (webhook): names of headers in a CORS policy, or `*`. */
export const corsHeader: Check<string> = (value, report) => {
  if (!NAME.test(value)) report([], malformed(value, `'*' or ${expectedName(value)}`), 'webhook');
};

function expectedName(name: string): string {
  return name === '' ? "a header's name; it is empty" : "a header's name: letters, digits and '-', without spaces and colons";
}

interface Operations {
  readonly set: Readonly<Record<string, string>>;
  readonly add: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

/** VS11 (webhook): a request's Host may be set or added, but not removed; other names with a colon belong to the protocol. */
export const requestHeaders: Check<Operations> = (value, report) => {
  operations(value, report, isAuthority);
};

/** VS11 (webhook): in a response neither Host nor names with a colon may be touched. */
export const responseHeaders: Check<Operations> = (value, report) => {
  operations(value, report, () => false);
};

function operations(value: Operations, report: ReportProblem, isAllowed: (name: string) => boolean): void {
  for (const operation of ['set', 'add'] as const) {
    for (const [name, text] of Object.entries(value[operation])) {
      if (!isAllowed(name)) changeable(name, [operation, name], report);
      headerValue(text, [operation, name], report);
    }
  }
  for (const [index, name] of value.remove.entries()) changeable(name, ['remove', index], report);
}

function changeable(name: string, path: Path, report: ReportProblem): void {
  if (name === '') report(path, malformed(name, "a header's name; it is empty"), 'webhook');
  else if (/^host$/i.test(name)) report(path, malformed(name, 'a header other than Host, which can only be set or added on requests'), 'webhook');
  else if (name.startsWith(':')) report(path, malformed(name, "a header's name without ':' in front; names with it belong to the protocol"), 'webhook');
}

/** VS11 (webhook): `%` starts a variable of Envoy, `%%` stands for itself, and there are no control characters but the tab. */
function headerValue(text: string, path: Path, report: ReportProblem): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\0-\x08\n-\x1f\x7f]/.test(text)) report(path, malformed(text, "a header's value, without line breaks and control characters"), 'webhook');
  else if (!hasClosedVariables(text)) {
    report(
      path,
      malformed(text, "a header's value in which every variable is closed (%VARIABLE% or %VARIABLE(argument)%); '%%' stands for a plain '%'"),
      'webhook',
    );
  }
}

/** Envoy's grammar of variables: `%NAME%`, `%NAME(text)%`, `%NAME(["text", "text"])%`. */
function hasClosedVariables(text: string): boolean {
  type State = 'literal' | 'name' | 'arguments' | 'array' | 'string' | 'separator' | 'end of arguments' | 'end';
  let state: State = 'literal';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    const isSpace = character === ' ';
    switch (state) {
      case 'literal':
        if (character !== '%') break;
        if (at + 1 === text.length) return false;
        if (text[at + 1] === '%') at++;
        else state = 'name';
        break;
      case 'name':
        if (character === '%') state = 'literal';
        else if (character === '(') state = 'arguments';
        break;
      case 'arguments':
        if (character === '[') state = 'array';
        else if (!isSpace) state = 'string';
        break;
      case 'array':
        if (character === '"') state = 'string';
        else if (!isSpace) return false;
        break;
      case 'string':
        if (character === '\\') {
          if (at + 1 === text.length) return false;
          at++;
        } else if (character === ')') state = 'end';
        else if (character === '"') state = 'separator';
        break;
      case 'separator':
        if (character === ',') state = 'array';
        else if (character === ']') state = 'end of arguments';
        else if (!isSpace) return false;
        break;
      case 'end of arguments':
        if (character === ')') state = 'end';
        else if (!isSpace) return false;
        break;
      case 'end':
        if (character === '%') state = 'literal';
        else if (!isSpace) return false;
        break;
      default:
        return state satisfies never;
    }
  }
  return state === 'literal';
}
