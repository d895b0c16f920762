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

/** The words for what the interpreter of descriptions found. */
export function describeProblem(config: ConfigDocument, problem: Problem): ConfigProblem {
  const { path } = problem;
  const name = keyText(path);
  switch (problem.type) {
    case 'unknown-field': {
      const meant = nearest(problem.field, problem.siblings);
      const hint = meant === undefined ? `write one of ${problem.siblings.join(', ')}` : `did you mean '${meant}'?`;
      return problemAt(config, path, `there is no key '${problem.field}' in ${problem.within}`, hint, 'key');
    }
    case 'snake-case-field':
      return problemAt(config, path, `there is no key '${problem.field}'`, `did you mean '${problem.camelCase}'?`, 'key');
    case 'missing-field':
      return problemAt(config, path, `${name} lacks '${problem.field}'`, `add '${problem.field}'`, 'key');
    case 'wrong-type':
      return problemAt(config, path, `${name} must be ${problem.expected}, and is ${problem.actual}`);
    case 'yaml-boolean':
      return problemAt(config, path, `${name} must be text, and YAML reads this as true or false`, 'put it in quotes');
    case 'unknown-value': {
      return problemAt(config, path, `${name} cannot be '${problem.value}'`, wordHint(problem.value, problem.allowed));
    }
    case 'out-of-range':
      return problemAt(
        config,
        path,
        `${name} is ${problem.value === '' ? 'empty' : problem.value}`,
        `it has to be ${problem.range.replace(/^(.+) to $/, 'at least $1')}`,
      );
    case 'malformed-value':
      return problemAt(config, path, `${name} must be ${problem.expected}, and is '${problem.value}'`);
    case 'conflicting-fields':
      return problemAt(config, path, problem.why);
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
