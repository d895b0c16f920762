import type { Path } from '../yaml/locate.ts';

/** The plain value at a path, or undefined where the path leads to nothing. */
export function valueAt(raw: unknown, path: Path): unknown {
  let value = raw;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

/** Whether a value other than null is written at a path, be it in the field's name or, as decoding repairs it, in snake_case. */
export function isWritten(raw: unknown, path: Path): boolean {
  let value = raw;
  for (const step of path) {
    const snakeCase = String(step).replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
    value = valueAt(value, [step]) ?? valueAt(value, [snakeCase]);
  }
  return value !== undefined && value !== null;
}

/** Whether a value is a mapping. */
export function isRecord(raw: unknown): raw is Readonly<Record<string, unknown>> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

/** What a value is, in the words of a message. */
export function actualType(raw: unknown): string {
  if (raw === null) return 'nothing';
  if (Array.isArray(raw)) return 'a list';
  if (typeof raw === 'object') return 'a mapping';
  if (typeof raw === 'string') return raw.length > 30 ? 'text' : `the text '${raw}'`;
  return `the ${typeof raw} ${String(raw)}`;
}

/** The whole number that a text spells; undefined for what spells none. */
export function numeric(raw: unknown): number | undefined {
  return typeof raw === 'string' && /^\d+$/.test(raw) ? Number(raw) : undefined;
}
