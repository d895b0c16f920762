/**
 * Indented JSON that ends with a newline. What a terminal would act on (C1 controls, changes of writing direction) is escaped, as JSON itself
 * does with C0 controls only.
 */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2).replace(UNPRINTABLE, escaped)}\n`;
}

/** As {@link jsonText}, in one line. */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value).replace(UNPRINTABLE, escaped)}\n`;
}

const UNPRINTABLE = /[\x7f-\x9f\u2028\u2029]|\p{Bidi_Control}/gu;

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
