/**
 * The vocabulary in which a kind is described: one value per field, from which the TypeScript type is inferred, decoding is done
 * and every refusal of the API server or of Istio's webhook is found with its place. Facts come from Istio's .proto files and CRDs.
 */

import type { Path } from '../yaml/locate.ts';

/**
 * Who refuses an object. `api-server`: its CRD schema and CEL rules, for everybody. `strict-client`: unknown fields, which kubectl 1.25 and later
 * refuses and other clients silently lose. `webhook`: Istio's own validation.
 */
export type RefusedBy = 'api-server' | 'strict-client' | 'webhook';

/** What is wrong with a value on its own, before any other resource is looked at. Each variant is told by the rule of the same name. */
export type Problem = ProblemPlace & ProblemDetail;

interface ProblemPlace {
  /** From the document's root. */
  readonly path: Path;
  readonly refusedBy: RefusedBy;
}

export type ProblemDetail =
  /** `within`: the message or kind that lacks the field; `siblings`: the fields that it has. */
  | { readonly type: 'unknown-field'; readonly field: string; readonly within: string; readonly siblings: readonly string[] }
  | { readonly type: 'snake-case-field'; readonly field: string; readonly camelCase: string; readonly required: boolean }
  | { readonly type: 'missing-field'; readonly field: string; readonly within: string; readonly why?: string }
  | { readonly type: 'wrong-type'; readonly expected: string; readonly actual: string }
  /** An unquoted scalar that YAML 1.1 reads as a boolean where text is due. */
  | { readonly type: 'yaml-boolean' }
  | { readonly type: 'unknown-value'; readonly value: string; readonly allowed: readonly string[] }
  | { readonly type: 'out-of-range'; readonly value: string; readonly range: string }
  /**
   * A format that Istio or the API server refuses: host names, durations, port names. `expected` reads after "must be".
   * `others`: the values that it collides with, where it has to be unique. `remedy`: what to do, from its verb on, where that is not to write what is expected.
   */
  | {
      readonly type: 'malformed-value';
      readonly value: string;
      readonly expected: string;
      readonly others?: readonly Path[];
      readonly remedy?: string;
    }
  | { readonly type: 'conflicting-fields'; readonly why: string; readonly others: readonly Path[] };

/** Gives a check of one value its place: paths, those in `others` too, are relative to the value that is checked. */
export type ReportProblem = (path: Path, problem: ProblemDetail, refusedBy: RefusedBy) => void;

/** A check beyond a field's own type, as a CEL rule of the CRD or a function of Istio's validation makes it. */
export type Check<T> = (value: T, report: ReportProblem, context: CheckContext) => void;

export interface CheckContext {
  /** Labels and annotations decide some of Istio's checks. */
  readonly labels: Readonly<Record<string, string>>;
  /** The namespace that the document names; undefined where it names none, for then the object may land in any. */
  readonly namespace: string | undefined;
  /** Whether a path, relative to the checked value, is written in the document with a value other than null: decoding fills in zero values. */
  readonly isSet: (path: Path) => boolean;
  /**
   * Whether a field right inside of the checked message could not be read, being unknown or of a wrong type: then what seems to be missing may be that.
   * With a name: whether an unknown field of that name stands anywhere in it, as one that was indented too far does.
   */
  readonly hasUnreadFields: (name?: string) => boolean;
}

interface Common {
  /** What it is for, where people are told: in the configuration file's schema and its reference. */
  readonly description?: string;
  /** What holds where nothing is written, as a value; told where the description is. Decoding does not fill it in. */
  readonly default?: string | number | boolean;
  /** The same in words, where it is no value. */
  readonly otherwise?: string;
  // biome-ignore lint/suspicious/noExplicitAny: the builders below tie a check's type to its field's
  readonly checks?: readonly Check<any>[];
  readonly required?: boolean;
  /** In the API but not in its documentation: never suggested. */
  readonly hidden?: boolean;
  /** Deprecated: what to write instead, after "use". */
  readonly deprecated?: string;
}

export interface StringNode extends Common {
  readonly type: 'string';
  readonly minLength?: number;
  readonly maxLength?: number;
}
export interface EnumNode extends Common {
  readonly type: 'enum';
  /** The first is the zero value, which an omitted field means. */
  readonly values: readonly string[];
  /** What is omitted has no value: Kubernetes' own APIs, unlike Istio's, know no zero values. */
  readonly optional?: boolean;
  /** Values that are accepted and deprecated, each with the one to write instead. */
  readonly deprecatedValues?: Readonly<Record<string, string>>;
}
export interface NumberNode extends Common {
  readonly type: 'integer' | 'number';
  readonly minimum?: number;
  readonly maximum?: number;
}
export interface BooleanNode extends Common {
  readonly type: 'boolean';
}
/** Any value, kept as it is: parts that nothing judges. */
export interface AnyNode extends Common {
  readonly type: 'any';
}
/** Only whether something is written: for values that must not be kept, such as a Secret's. */
export interface PresenceNode extends Common {
  readonly type: 'presence';
}
export interface ListNode extends Common {
  readonly type: 'list';
  readonly item: FieldNode;
  readonly minItems?: number;
  readonly maxItems?: number;
}
export interface MapNode extends Common {
  readonly type: 'map';
  readonly value: FieldNode;
  readonly maxProperties?: number;
}
export interface ObjectNode extends Common {
  readonly type: 'object';
  /** The message's name in Istio's API: what a person finds in its reference. */
  readonly name: string;
  readonly fields: Readonly<Record<string, FieldNode>>;
  /** Of each group at most one may be set (protobuf `oneof`, which the CRD enforces). */
  readonly oneOf?: readonly (readonly string[])[];
  /** Kinds of which only a part is described (core Kubernetes): other fields are not reported. */
  readonly open?: boolean;
}

export type FieldNode = StringNode | EnumNode | NumberNode | BooleanNode | AnyNode | PresenceNode | ListNode | MapNode | ObjectNode;

/** Carries a field's TypeScript type; `Filled` says that decoding always gives a value (protobuf has no absent lists, maps and enums). */
interface Typed<T, Filled extends boolean> {
  readonly as?: T;
  readonly filled?: Filled;
}
export type Field<T = unknown, Filled extends boolean = boolean> = FieldNode & Typed<T, Filled>;

/** The decoded type of a field. */
export type Infer<F> = F extends Typed<infer T, boolean> ? T : never;

type Fields = Readonly<Record<string, FieldNode>>;
type FilledKeys<F extends Fields> = { [K in keyof F]: F[K] extends { readonly filled?: true } ? K : never }[keyof F];
type ObjectOf<F extends Fields> = { readonly [K in FilledKeys<F>]: Infer<F[K]> } & { readonly [K in Exclude<keyof F, FilledKeys<F>>]?: Infer<F[K]> };

interface Options<T> extends Pick<Common, 'description' | 'default' | 'otherwise'> {
  readonly checks?: readonly Check<T>[];
  readonly hidden?: boolean;
  readonly deprecated?: string;
}

export const string = (options: Options<string> & { readonly minLength?: number; readonly maxLength?: number } = {}): Field<string, false> => ({
  type: 'string',
  ...options,
});

/** @param values the first is the zero value, which an omitted field means */
export const oneOf = <const V extends string>(
  values: readonly [V, ...V[]],
  options: Options<V> & { readonly deprecatedValues?: Readonly<Record<string, NoInfer<V>>> } = {},
): Field<V, true> => ({ type: 'enum', values, ...options });

/** An enum of Kubernetes' own APIs. Where the API server fills in a default, the reader of the field has to. */
export const choice = <const V extends string>(values: readonly [V, ...V[]], options: Options<V> = {}): Field<V, false> => ({
  type: 'enum',
  values,
  optional: true,
  ...options,
});

export const integer = (options: Options<number> & { readonly minimum?: number; readonly maximum?: number } = {}): Field<number, false> => ({
  type: 'integer',
  ...options,
});

/** int32, the format that the API server checks. */
export const int32 = (options: Options<number> = {}): Field<number, false> => integer({ minimum: -2_147_483_648, maximum: 2_147_483_647, ...options });

/** uint32 as the CRDs bound it. */
export const uint32 = (options: Options<number> = {}): Field<number, false> => integer({ minimum: 0, maximum: 4_294_967_295, ...options });

export const number = (options: Options<number> & { readonly minimum?: number; readonly maximum?: number } = {}): Field<number, false> => ({
  type: 'number',
  ...options,
});

export const boolean = (options: Options<boolean> = {}): Field<boolean, false> => ({ type: 'boolean', ...options });

export const any = (options: Options<unknown> = {}): Field<unknown, false> => ({ type: 'any', ...options });

/** A value of which only its being there counts: decoded as `true`, whatever it is. */
export const presence = (): Field<true, false> => ({ type: 'presence' });

export const list = <T>(
  item: Field<T>,
  options: Options<readonly T[]> & { readonly minItems?: number; readonly maxItems?: number } = {},
): Field<readonly T[], true> => ({ type: 'list', item, ...options });

export const map = <T>(
  value: Field<T>,
  options: Options<Readonly<Record<string, T>>> & { readonly maxProperties?: number } = {},
): Field<Readonly<Record<string, T>>, true> => ({ type: 'map', value, ...options });

/** @param name the message's name in Istio's API */
export const object = <const F extends Fields>(
  name: string,
  fields: F,
  options: Options<ObjectOf<F>> & { readonly oneOf?: readonly (readonly (keyof F & string)[])[]; readonly open?: boolean } = {},
): Field<ObjectOf<F>, false> => ({ type: 'object', name, fields, ...options });

/** Marks a field that the CRD requires. Decoding does not invent one: its type stays optional. */
export const required = <F extends FieldNode>(field: F): F => ({ ...field, required: true });
