import { nearest } from '../text/nearest.ts';
import type { Path } from '../yaml/locate.ts';
import { stepInto } from '../yaml/step-into.ts';
import { isTemplateText, isWordInCapitals } from '../yaml/template-text.ts';
import { type DeprecatedPart, DeprecatedParts } from './deprecated-parts.ts';
import type { CheckContext, FieldNode, ListNode, MapNode, ObjectNode, PresenceNode, Problem, ProblemDetail, RefusedBy } from './field.ts';
import { actualType, isRecord, isWritten, numeric } from './plain-value.ts';

/** What checks learn of the object beside the value itself. */
export type ObjectContext = Pick<CheckContext, 'labels' | 'namespace'> & {
  /** Whether the value comes from where nothing replaces text: then none is taken for template text. */
  readonly isPlain?: boolean;
};

/** What decoding a value gives: typed data on which everything else can rely, and what is wrong with the value as written. */
export interface Decoded {
  /**
   * The value as it would be once repaired: misspelt enum values replaced by the nearest, snake_case fields renamed, what has the wrong type left out.
   * Lists keep their length, so that indices stay those of the document; an item that is no value at all becomes an empty one.
   * Parts in which nothing is repaired or filled in are the given ones: memory holds them once.
   */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Paths of values that hold template text. Their scalars are left out of `value`; nothing follows from them. */
  readonly templates: readonly Path[];
  readonly deprecated: readonly DeprecatedPart[];
}

const NOTHING: readonly never[] = Object.freeze([]);
const EMPTY: Readonly<Record<string, never>> = Object.freeze({});

/**
 * Reads a plain value by its description. Never throws, whatever the value.
 * @param at the value's path from its document's root; the paths of problems start with it
 */
export function decode(field: FieldNode, raw: unknown, at: Path, context: ObjectContext): Decoded {
  const decoder = new Decoder(context);
  const value = decoder.value(field, raw, at);
  return { value, problems: decoder.problems, templates: decoder.templates, deprecated: decoder.deprecated.found };
}

/** What is expected where a word in capitals is a placeholder: nothing else looks like one. */
const NAME_OF_A_PLACE = /^(?:a host|a URL|an IP address)/;

class Decoder {
  readonly problems: Problem[] = [];
  readonly templates: Path[] = [];
  readonly deprecated = new DeprecatedParts();
  private readonly context: ObjectContext;

  constructor(context: ObjectContext) {
    this.context = context;
  }

  private isTemplate(text: string): boolean {
    return !this.context.isPlain && isTemplateText(text);
  }

  value(field: FieldNode, raw: unknown, at: Path): unknown {
    if (field.deprecated !== undefined) this.deprecated.addField(field.deprecated, raw, at);
    if (field.type === 'presence') return true;
    if (raw === null || raw === undefined) return zeroValue(field);
    if (typeof raw === 'string' && this.isTemplate(raw)) {
      this.templates.push(at);
      return field.type === 'string' || field.type === 'any' ? undefined : zeroValue(field);
    }
    // `host: [your.domain]`, which YAML reads as a list.
    if (field.type === 'string' && Array.isArray(raw) && raw.length === 1 && /^your(?![a-z])/i.test(String(raw[0])) && this.isTemplate(`[${raw[0]}]`)) {
      this.templates.push(at);
      return undefined;
    }
    const templates = this.templates.length;
    const problems = this.problems.length;
    const value = this.typed(field, raw, at);
    // What holds template text somewhere is not checked as a whole: the text may complete it.
    if (value === undefined || !field.checks || this.templates.length !== templates) return value;
    if (!this.hasItsProblem(field, at, problems)) this.check(field, raw, value, at);
    return value;
  }

  private typed(field: Exclude<FieldNode, PresenceNode>, raw: unknown, at: Path): unknown {
    switch (field.type) {
      case 'any':
        return raw;
      case 'string':
        return this.text(raw, at, field.minLength ?? 0, field.maxLength ?? Number.POSITIVE_INFINITY);
      case 'enum':
        this.deprecated.addValue(field, raw, at);
        return this.enumeration(field.values, raw, at);
      case 'boolean':
        return typeof raw === 'boolean' ? raw : this.wrongType('true or false', raw, at);
      case 'integer':
      case 'number':
        if (typeof raw !== 'number' || (field.type === 'integer' && !Number.isInteger(raw)))
          return this.wrongType(field.type === 'integer' ? 'a whole number' : 'a number', raw, at, numeric(raw));
        if (raw < (field.minimum ?? -Infinity) || raw > (field.maximum ?? Infinity))
          this.outOfRange(raw, `${field.minimum ?? ''} to ${field.maximum ?? ''}`, at);
        return raw;
      case 'list':
        return this.list(field, raw, at);
      case 'map':
        return this.map(field, raw, at);
      case 'object':
        return isRecord(raw) ? this.object(field, raw, at) : this.wrongType('a mapping', raw, at, zeroValue(field));
      default:
        return field satisfies never;
    }
  }

  private text(raw: unknown, at: Path, minLength: number, maxLength: number): string | undefined {
    if (typeof raw === 'boolean') {
      this.add(at, { type: 'yaml-boolean' }, 'api-server');
      return undefined;
    }
    if (typeof raw !== 'string') return this.wrongType('text', raw, at, typeof raw === 'number' ? String(raw) : undefined);
    if (raw.length < minLength) this.outOfRange(raw, `at least ${minLength} characters`, at);
    if (raw.length > maxLength) this.outOfRange(`${raw.slice(0, 20)}…`, `at most ${maxLength} characters`, at);
    return raw;
  }

  private enumeration(values: readonly string[], raw: unknown, at: Path): string | undefined {
    if (typeof raw === 'string' && values.includes(raw)) return raw;
    if (typeof raw === 'number' && values[raw] !== undefined) return this.wrongType('text', raw, at, values[raw]);
    if (typeof raw !== 'string' && typeof raw !== 'number') return this.wrongType('text', raw, at, values[0]);
    this.add(at, { type: 'unknown-value', value: String(raw), allowed: values }, 'api-server');
    return nearest(String(raw), values) ?? values[0];
  }

  private list(field: ListNode, raw: unknown, at: Path): unknown {
    if (!Array.isArray(raw)) return this.wrongType('a list', raw, at, NOTHING);
    if (raw.length < (field.minItems ?? 0)) this.outOfRange(`${raw.length} items`, `at least ${field.minItems} ${field.minItems === 1 ? 'item' : 'items'}`, at);
    if (raw.length > (field.maxItems ?? Infinity)) this.outOfRange(`${raw.length} items`, `at most ${field.maxItems} items`, at);
    const items = raw.map((item, index) => this.item(field.item, item, stepInto(at, index)));
    return items.every((item, index) => item === raw[index]) ? raw : items;
  }

  private item(field: FieldNode, raw: unknown, at: Path): unknown {
    if (raw === null || raw === undefined) this.wrongType(typeName(field), null, at);
    return this.value(field, raw, at) ?? zeroItem(field);
  }

  private map(field: MapNode, raw: unknown, at: Path): unknown {
    // What is told of a wrong type quotes the value.
    if (!isRecord(raw)) return field.value.type === 'presence' ? EMPTY : this.wrongType('a mapping', raw, at, EMPTY);
    const entries = Object.entries(raw);
    if (entries.length > (field.maxProperties ?? Infinity)) this.outOfRange(`${entries.length} entries`, `at most ${field.maxProperties} entries`, at);
    const result: Record<string, unknown> = {};
    for (const [key, value] of entries) {
      if (key === '__proto__') continue;
      if (this.isTemplate(key)) this.templates.push(stepInto(at, key));
      const decoded = this.value(field.value, value, stepInto(at, key));
      if (decoded !== undefined) result[key] = decoded;
    }
    return isSame(result, raw) ? raw : result;
  }

  private object(field: ObjectNode, raw: Readonly<Record<string, unknown>>, at: Path): unknown {
    const result: Record<string, unknown> = {};
    const renamed = this.renamed(field, raw, at);
    const keyOf = (name: string): string | undefined => (Object.hasOwn(raw, name) ? name : renamed?.get(name));
    for (const name of Object.keys(field.fields)) {
      const child = field.fields[name] as FieldNode;
      const key = keyOf(name);
      const given = key === undefined ? undefined : raw[key];
      const decoded = key === undefined ? zeroValue(child) : this.value(child, given, stepInto(at, key));
      if (decoded !== undefined) result[name] = decoded;
      if (child.required && (given === undefined || given === null)) {
        this.add(at, { type: 'missing-field', field: name, within: field.name }, 'api-server');
      }
    }
    for (const group of field.oneOf ?? NOTHING) {
      const set = group.flatMap((name) => keyOf(name) ?? []).filter((key) => raw[key] !== null);
      const [first = '', ...others] = set;
      if (others.length === 0) continue;
      const names = group.filter((name) => set.includes(keyOf(name) ?? ''));
      this.add(
        stepInto(at, first),
        { type: 'conflicting-fields', why: `${quoted(names)} exclude each other: only one of them may be set`, others: others.map((key) => stepInto(at, key)) },
        'api-server',
      );
    }
    return isSame(result, raw) ? raw : result;
  }

  /** Reports the fields that the message does not have. @returns how those that are meant are written, where that is beyond doubt */
  private renamed(field: ObjectNode, raw: Readonly<Record<string, unknown>>, at: Path): ReadonlyMap<string, string> | undefined {
    let renamed: Map<string, string> | undefined;
    for (const key of Object.keys(raw)) {
      if (Object.hasOwn(field.fields, key)) continue;
      const name = this.strangeField(field, key, at);
      if (name === undefined || renamed?.has(name)) continue;
      renamed ??= new Map();
      renamed.set(name, key);
    }
    return renamed;
  }

  /** Reports a field that the message does not have. @returns the field that was meant, where that is beyond doubt */
  private strangeField(field: ObjectNode, key: string, at: Path): string | undefined {
    if (field.open) return undefined;
    if (this.isTemplate(key)) {
      this.templates.push(stepInto(at, key));
      return undefined;
    }
    const camelCase = key.replace(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase());
    const meant = field.fields[camelCase];
    if (meant && camelCase !== key) {
      this.add(stepInto(at, key), { type: 'snake-case-field', field: key, camelCase, required: meant.required ?? false }, 'strict-client');
      return camelCase;
    }
    const siblings = Object.entries(field.fields).flatMap(([name, child]) => (child.hidden ? [] : [name]));
    this.add(stepInto(at, key), { type: 'unknown-field', field: key, within: field.name, siblings }, 'strict-client');
    return undefined;
  }

  /**
   * Whether decoding has told all there is to tell of a value: out of bounds, or no list or mapping at all. A check would tell it once more.
   * @param since how many problems there were before the value was decoded
   */
  private hasItsProblem(field: FieldNode, at: Path, since: number): boolean {
    const isScalar = field.type !== 'list' && field.type !== 'map' && field.type !== 'object';
    for (let index = since; index < this.problems.length; index++) {
      const problem = this.problems[index];
      if (problem?.path.length !== at.length) continue;
      if (problem.type === 'out-of-range' || (problem.type === 'wrong-type' && !isScalar)) return true;
    }
    return false;
  }

  private check(field: FieldNode, raw: unknown, value: unknown, at: Path): void {
    const { labels, namespace } = this.context;
    const context: CheckContext = { labels, namespace, isSet: (path) => isWritten(raw, path), hasUnreadFields: (name) => this.hasUnreadFields(at, name) };
    const report = (path: Path, problem: ProblemDetail, refusedBy: RefusedBy): void => this.add(stepInto(at, ...path), absolute(problem, at), refusedBy);
    for (const check of field.checks ?? NOTHING) check(value, report, context);
  }

  /** Whether a field right inside of the message at a path is reported as unknown or of a wrong type, or one of a name anywhere in it as unknown. */
  private hasUnreadFields(at: Path, name: string | undefined): boolean {
    const isWithin = (path: Path): boolean => at.every((step, index) => path[index] === step);
    return this.problems.some(({ type, path }) => {
      if (name !== undefined) return type === 'unknown-field' && path.at(-1) === name && isWithin(path);
      return (type === 'unknown-field' || type === 'wrong-type') && path.length === at.length + 1 && isWithin(path);
    });
  }

  private wrongType(expected: string, raw: unknown, at: Path, repaired?: unknown): undefined {
    this.add(at, { type: 'wrong-type', expected, actual: actualType(raw) }, 'api-server');
    return repaired as undefined;
  }

  private outOfRange(value: unknown, range: string, at: Path): void {
    this.add(at, { type: 'out-of-range', value: String(value), range }, 'api-server');
  }

  private add(path: Path, problem: ProblemDetail, refusedBy: RefusedBy): void {
    if (problem.type === 'malformed-value' && NAME_OF_A_PLACE.test(problem.expected) && !this.context.isPlain && isWordInCapitals(problem.value)) {
      this.templates.push(path);
      return;
    }
    this.problems.push({ path, refusedBy, ...problem });
  }
}

/** The problem with its further places counted from the document's root. */
function absolute(problem: ProblemDetail, at: Path): ProblemDetail {
  if ((problem.type !== 'conflicting-fields' && problem.type !== 'malformed-value') || !problem.others) return problem;
  return { ...problem, others: problem.others.map((path) => stepInto(at, ...path)) };
}

/** Whether decoding has left a mapping as it is: then it is not kept twice. */
function isSame(decoded: Readonly<Record<string, unknown>>, raw: Readonly<Record<string, unknown>>): boolean {
  const keys = Object.keys(raw);
  return keys.every((key) => decoded[key] === raw[key]) && keys.length === Object.keys(decoded).length;
}

/** What protobuf makes of a field that is not written. */
function zeroValue(field: FieldNode): unknown {
  if (field.type === 'list') return NOTHING;
  if (field.type === 'map') return EMPTY;
  if (field.type === 'enum') return field.optional ? undefined : field.values[0];
  return undefined;
}

function zeroItem(field: FieldNode): unknown {
  if (field.type === 'string') return '';
  if (field.type === 'object') return decode(field, {}, [], { labels: {}, namespace: undefined }).value;
  return zeroValue(field);
}

function typeName(field: FieldNode): string {
  if (field.type === 'object' || field.type === 'map') return 'a mapping';
  return field.type === 'list' ? 'a list' : 'a value';
}

function quoted(names: readonly string[]): string {
  const all = names.map((name) => `'${name}'`);
  return all.length === 2 ? all.join(' and ') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}
