import { resolvePlainScalar } from './scalars.ts';

/** Where a scalar is to stand: what may follow it, and what it may look like. */
export interface ScalarContext {
  /** Inside of `[ ]` or `{ }`: brackets and commas need quotes. */
  readonly isFlow: boolean;
  /** The quotes that it has now, or that its neighbors have; '' where there are none. */
  readonly quote: '"' | "'" | '';
}

/** The text of a value: unquoted or in the quotes that are there, if that reads back as the same value, else in double quotes. */
export function scalarText(value: string | number | boolean, context: ScalarContext): string {
  if (typeof value !== 'string') return String(value);
  if (context.quote === "'" && isPrintable(value)) return `'${value.replaceAll("'", "''")}'`;
  return context.quote === '' && readsBack(value, context.isFlow) ? value : doubleQuoted(value);
}

/** Whether a text may stand without quotes, and is then read as that very text. */
function readsBack(value: string, isFlow: boolean): boolean {
  if (resolvePlainScalar(value) !== value || value === '<<' || value === '=' || !isPrintable(value)) return false;
  if (/^(?:[-?:](?:\s|$)|[,[\]{}#&*!|>'"%@`]|---|\.\.\.)|^\s|\s$|:\s|:$|\s#/.test(value)) return false;
  return !isFlow || !/[,[\]{}]|^[-?:]|:(?=["'])/.test(value);
}

/** One line of characters that every YAML reader takes as they are. */
function isPrintable(value: string): boolean {
  return /^[ -~\u00A0-\u2027\u202A-\uD7FF\uE000-\uFEFE\uFF00-\uFFFD]*$/.test(value.replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g, ''));
}

/** Double quotes hold every text; JSON's escapes are YAML's, but JSON leaves some characters bare that YAML does not allow. */
function doubleQuoted(value: string): string {
  return JSON.stringify(value).replace(/[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
