import { isMasked, unmasked } from '../yaml/template-text.ts';

/**
 * Indented JSON that ends with a newline. What a terminal would act on (C1 controls, changes of writing direction) is escaped, as JSON itself
 * does with C0 controls only.
 */
export function jsonText(value: unknown): string {
  return `${stringified(value, 2).replace(UNPRINTABLE, escaped)}\n`;
}

/** As {@link jsonText}, in one line. */
export function jsonLine(value: unknown): string {
  return `${stringified(value, 0).replace(UNPRINTABLE, escaped)}\n`;
}

/** Template text in it as people wrote it. Few values hold any, and a function that is asked about each value costs more than all the rest. */
function stringified(value: unknown, indent: number): string {
  const text = JSON.stringify(value, undefined, indent);
  return isMasked(text) ? JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? unmasked(part) : part), indent) : text;
}

const UNPRINTABLE = /[\x7f-\x9f\u2028\u2029]|\p{Bidi_Control}/gu;

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
