import type { Problem } from '../resources/field.ts';
import { nearest } from '../text/nearest.ts';
import { lineStarts, positionAt, type SourceText, type Span } from '../text/source-text.ts';
import { locate, type Part, type Path } from '../yaml/locate.ts';
import type { YamlDocument } from '../yaml/read-yaml.ts';

/** What is wrong with a configuration file, and the way out. */
export interface ConfigProblem {
  /** As printed; the line and column are 1-based and missing where the file as a whole is meant. */
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly problem: string;
  readonly hint?: string;
}

/** A configuration file that could be read as YAML. */
export interface ConfigDocument {
  readonly source: SourceText;
  /** Undefined where the file holds comments alone. */
  readonly document: YamlDocument | undefined;
}

/** Where a key or value of a configuration file stands; the file's start where nothing is written there. */
export function spanIn({ source, document }: ConfigDocument, path: Path, part: Part = 'value'): Span {
  return document ? locate(source.text, document, path, part).span : { start: 0, end: 0 };
}

/** A problem at a key or value of a configuration file. */
export function problemAt(config: ConfigDocument, path: Path, problem: string, hint?: string, part?: Part): ConfigProblem {
  return problemWithin(config.source, spanIn(config, path, part), problem, hint);
}

/** A problem at a piece of a file. */
export function problemWithin({ file, text }: SourceText, { start }: Span, problem: string, hint?: string): ConfigProblem {
  const { line, column } = positionAt(lineStarts(text), start);
  return { file, line, column, problem, ...(hint !== undefined && { hint }) };
}

/** The words for what the interpreter of descriptions found, with their place. */
export function describeProblem(config: ConfigDocument, problem: Problem): ConfigProblem {
  const { text, hint, part } = wordsFor(problem);
  return problemAt(config, problem.path, text, hint, part);
}

interface Words {
  readonly text: string;
  readonly hint?: string;
  readonly part?: Part;
}

/** The words for what the interpreter of descriptions found: what is wrong, and the way out. */
export function wordsFor(problem: Problem): Words {
  const name = keyText(problem.path);
  switch (problem.type) {
    case 'unknown-field': {
      const meant = nearest(problem.field, problem.siblings);
      const hint = meant === undefined ? `write one of ${problem.siblings.join(', ')}` : `did you mean '${meant}'?`;
      return { text: `there is no key '${problem.field}' in ${problem.within}`, hint, part: 'key' };
    }
    case 'snake-case-field':
      return { text: `there is no key '${problem.field}'`, hint: `did you mean '${problem.camelCase}'?`, part: 'key' };
    case 'missing-field':
      return { text: `${name} lacks '${problem.field}'`, hint: `add '${problem.field}'`, part: 'key' };
    case 'wrong-type':
      return { text: `${name} must be ${problem.expected}, and is ${problem.actual}` };
    case 'yaml-boolean':
      return { text: `${name} must be text, and YAML reads this as true or false`, hint: 'put it in quotes' };
    case 'unknown-value':
      return { text: `${name} cannot be '${problem.value}'`, hint: wordHint(problem.value, problem.allowed) };
    case 'out-of-range': {
      const hint = `it has to be ${problem.range.replace(/^(.+) to $/, 'at least $1')}`;
      return { text: `${name} is ${problem.value === '' ? 'empty' : problem.value}`, hint };
    }
    case 'malformed-value':
      return { text: `${name} must be ${problem.expected}, and is '${problem.value}'` };
    case 'conflicting-fields':
      return { text: problem.why };
    default:
      return problem satisfies never;
  }
}

/** The one of several words that was probably meant, also where it is cut short (`warn`); else all of them. */
export function wordHint(written: string, words: readonly string[]): string {
  const meant = nearest(written, words) ?? (written === '' ? undefined : words.find((word) => word.startsWith(written)));
  return meant === undefined ? `write one of ${words.join(', ')}` : `did you mean '${meant}'?`;
}

/** A path as people write it: `assume.gateways[0].name`. */
function keyText(path: Path): string {
  if (path.length === 0) return 'the file';
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}
