import { defineMappingTag, defineScalarTag, defineSequenceTag, FAILSAFE_SCHEMA, mapTag, mergeTag, NOT_RESOLVED, type Schema } from 'js-yaml';

const NULLS = new Set(['', '~', 'null', 'Null', 'NULL']);
const TRUE = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const INTEGER = /^[-+]?(?:0b[01_]+|0o[0-7_]+|0x[\da-fA-F_]+|\d[\d_]*)$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

/**
 * What Kubernetes makes of an unquoted scalar: YAML 1.1 booleans (`yes`, `on`, `y`), octal `0777`, but neither base 60 nor timestamps.
 * Source: sigs.k8s.io/yaml, which kubectl, the API server and istioctl read YAML with (its copy of go-yaml v2, `resolve.go`).
 */
export function resolvePlainScalar(source: string): string | number | boolean | null {
  if (NULLS.has(source)) return null;
  if (TRUE.test(source)) return true;
  if (FALSE.test(source)) return false;
  if (INTEGER.test(source)) return integer(source) ?? source;
  if (FLOAT.test(source)) return Number(source);
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(source)) return source.startsWith('-') ? -Infinity : Infinity;
  if (/^\.(?:nan|NaN|NAN)$/.test(source)) return Number.NaN;
  return source;
}

function integer(source: string): number | undefined {
  const sign = source.startsWith('-') ? -1 : 1;
  const digits = source.replace(/^[-+]/, '').replaceAll('_', '');
  const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
  const value = Number(octal);
  return Number.isNaN(value) ? undefined : sign * value;
}

let schema: Schema | undefined;

/** The tags by which js-yaml builds values; made on first use, so that importing costs nothing. Unknown tags leave the value as it is. */
export function kubernetesSchema(): Schema {
  schema ??= FAILSAFE_SCHEMA.withTags(
    mergeTag,
    defineScalarTag<unknown>('tag:yaml.org,2002:k8s', {
      implicit: true,
      implicitFirstChars: ['', ...'~nNyYtTfFoO.-+0123456789'],
      resolve: (source) => {
        const value = resolvePlainScalar(source);
        return typeof value === 'string' ? NOT_RESOLVED : value;
      },
      identify: () => false,
    }),
    ['null', 'bool', 'int', 'float', 'timestamp', 'binary'].map((name) =>
      defineScalarTag<unknown>(`tag:yaml.org,2002:${name}`, {
        resolve: (source) => (name === 'timestamp' || name === 'binary' ? source : resolvePlainScalar(source)),
        identify: () => false,
      }),
    ),
    defineScalarTag('!', { matchByTagPrefix: true, resolve: (source) => source, identify: () => false }),
    defineSequenceTag<unknown[]>('!', {
      matchByTagPrefix: true,
      create: () => [],
      addItem: (items, item) => void items.push(item),
      identify: () => false,
    }),
    defineMappingTag<Record<string, unknown>>('!', { ...mapTag, matchByTagPrefix: true, identify: () => false }),
  );
  return schema;
}
