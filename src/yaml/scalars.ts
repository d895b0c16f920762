import { defineMappingTag, defineScalarTag, defineSequenceTag, FAILSAFE_SCHEMA, mapTag, mergeTag, NOT_RESOLVED, type Schema } from 'js-yaml';

/** A plain scalar's value. */
export type ScalarValue = string | number | boolean | null;

const WORDS: ReadonlyMap<string, number | boolean | null> = new Map<string, number | boolean | null>([
  ...['~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, Number.POSITIVE_INFINITY] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
]);

/** As Go's `strconv.ParseInt(…, 0, 64)` reads them: a leading 0 alone means octal, prefixes may be capital letters. */
const INTEGER = /^[-+]?(?:0[bB][01]+|0[oO]?[0-7]+|0[xX][\da-fA-F]+|0|[1-9]\d*)$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const LARGEST_UNSIGNED = 2n ** 64n - 1n;
const SMALLEST_SIGNED = -(2n ** 63n);

/**
 * What Kubernetes makes of an unquoted scalar: YAML 1.1 booleans (`yes`, `on`, `y`), octal `0777`, underscores in numbers,
 * but neither base 60 nor timestamps.
 * Source: `resolve` in go-yaml v2's `resolve.go`, by which sigs.k8s.io/yaml, and so kubectl, the API server and istioctl, read YAML.
 */
export function resolvePlainScalar(source: string): ScalarValue {
  if (source === '') return null;
  const first = source.charCodeAt(0);
  const isDigit = first >= 48 && first <= 57;
  if (!isDigit) {
    const word = WORDS.get(source);
    if (word !== undefined) return word;
  }
  if (isDigit || first === 43 || first === 45) return number(source.includes('_') ? source.replaceAll('_', '') : source) ?? source;
  // A number that starts with its point takes no underscores.
  return first === 46 ? (float(source) ?? source) : source;
}

function number(digits: string): number | undefined {
  return (INTEGER.test(digits) ? integer(digits) : undefined) ?? float(digits);
}

/** @returns undefined for what 64 bits cannot hold */
function integer(digits: string): number | undefined {
  const isNegative = digits.startsWith('-');
  const unsigned = digits.replace(/^[-+]/, '');
  const prefixed = /^0[0-7]/.test(unsigned) ? `0o${unsigned.slice(1)}` : unsigned;
  if (prefixed.length < 15) return isNegative ? 0 - Number(prefixed) : Number(prefixed);
  const exact = BigInt(prefixed) * (isNegative ? -1n : 1n);
  return exact > LARGEST_UNSIGNED || exact < SMALLEST_SIGNED ? undefined : Number(exact);
}

/** @returns undefined for what overflows: Go's `ParseFloat` fails there, and the text stays text */
function float(digits: string): number | undefined {
  const value = FLOAT.test(digits) ? Number(digits) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** The core tags whose values `!!tag` resolves as if the scalar were plain; dates and binary stay text. */
const RESOLVED_TAGS = ['null', 'bool', 'int', 'float'];
const CORE_PREFIX = 'tag:yaml.org,2002:';

/**
 * The value of a scalar as {@link kubernetesSchema} builds it, for readers of the other parser's tree.
 * @param tag the explicit tag in full, as `tag:yaml.org,2002:int`; undefined where none is written
 */
export function resolveScalar(source: string, isPlain: boolean, tag: string | undefined): ScalarValue {
  if (tag === undefined) return isPlain ? resolvePlainScalar(source) : source;
  const isResolved = tag.startsWith(CORE_PREFIX) && RESOLVED_TAGS.includes(tag.slice(CORE_PREFIX.length));
  return isResolved ? resolvePlainScalar(source) : source;
}

let schema: Schema | undefined;

/** The tags by which js-yaml builds values; made on first use, so that importing costs nothing. Tags without a meaning leave the value as it is. */
export function kubernetesSchema(): Schema {
  schema ??= FAILSAFE_SCHEMA.withTags(
    mergeTag,
    mapping(`${CORE_PREFIX}map`),
    sequence(`${CORE_PREFIX}seq`),
    defineScalarTag<unknown>(`${CORE_PREFIX}k8s`, {
      implicit: true,
      implicitFirstChars: ['', ...'~nNyYtTfFoO.-+0123456789'],
      resolve: (source) => {
        const value = resolvePlainScalar(source);
        return typeof value === 'string' ? NOT_RESOLVED : value;
      },
      identify: () => false,
    }),
    [...RESOLVED_TAGS, 'timestamp', 'binary'].map((name) =>
      defineScalarTag<unknown>(`${CORE_PREFIX}${name}`, {
        resolve: (source) => resolveScalar(source, false, `${CORE_PREFIX}${name}`),
        identify: () => false,
      }),
    ),
    // Local tags start with `!`, others with `tag:`.
    ['!', 'tag:'].flatMap((prefix) => [
      defineScalarTag(prefix, { matchByTagPrefix: true, resolve: (source) => source, identify: () => false }),
      sequence(prefix, true),
      mapping(prefix, true),
    ]),
  );
  return schema;
}

/** A mapping as a plain object, as js-yaml's own, but for keys that no JSON object can have. */
function mapping(tagName: string, matchByTagPrefix = false): ReturnType<typeof defineMappingTag<Record<string, unknown>>> {
  const { has, keys, get } = mapTag;
  return defineMappingTag<Record<string, unknown>>(tagName, { create: () => ({}), addPair: addEntry, has, keys, get, matchByTagPrefix, identify: () => false });
}

/** A sequence as an array of just its size: one that grew by `push` keeps room for sixteen more. */
function sequence(tagName: string, matchByTagPrefix = false): ReturnType<typeof defineSequenceTag<unknown[], unknown[]>> {
  return defineSequenceTag<unknown[], unknown[]>(tagName, {
    create: () => [],
    addItem: (items, item) => void items.push(item),
    finalize: (items) => items.slice(),
    matchByTagPrefix,
    identify: () => false,
  });
}

/** @returns js-yaml's way to say that a pair cannot be: a reason, which explain.ts puts into plain words; '' where it can */
function addEntry(mapping: Record<string, unknown>, key: unknown, value: unknown): string {
  if (key === null) return 'null key';
  if (typeof key === 'object') return 'complex key';
  const name = String(key);
  if (name === '__proto__') Object.defineProperty(mapping, name, { value, enumerable: true, configurable: true, writable: true });
  else mapping[name] = value;
  return '';
}
