import type { Severity } from '../engine/finding.ts';
import type { Path } from '../yaml/locate.ts';
import type { ConfigValues } from './config-fields.ts';
import type { ConfigDocument } from './config-problem.ts';
import type { Pattern } from './patterns.ts';

/** Who said something: a file's key, a preset, a flag. */
export interface Origin {
  /** A file's name, `preset strict`, `--fail-on`. */
  readonly by: string;
  readonly place?: { readonly config: ConfigDocument; readonly path: Path };
}

/** A value, and who said it. */
export interface Held<T> {
  readonly value: T;
  readonly from: Origin;
}

export interface HeldRule {
  readonly severity: Severity | 'off';
  /** As written; the engine decodes them. */
  readonly options?: unknown;
}
export type HeldRules = ReadonlyMap<string, Held<HeldRule>>;

/** Severities for some findings; without any selector, for all. */
export interface Override {
  readonly files: readonly Pattern[];
  readonly namespaces: readonly string[];
  readonly kinds: readonly string[];
  readonly rules: HeldRules;
}

type Assume = NonNullable<ConfigValues['assume']>;
type Named<T> = ReadonlyMap<string, Held<T>>;

/** Everything that presets, files and flags say, each with its origin. */
export interface Settings {
  readonly namespace?: Held<string>;
  readonly closedWorld?: Held<boolean>;
  readonly dnsCapture?: Held<boolean>;
  readonly failOn?: Held<Severity>;
  readonly maxWarnings?: Held<number>;
  /** From the lowest to the one that holds over all others. */
  readonly meshConfigs: readonly Held<Readonly<Record<string, unknown>>>[];
  /** Modules with rules, as written. */
  readonly plugins: readonly Held<string>[];
  readonly rules: HeldRules;
  readonly overrides: readonly Held<Override>[];
  readonly ignore: readonly Held<Pattern>[];
  readonly meshes: Named<readonly Pattern[]>;
  /** By `namespace/name`. */
  readonly services: Named<Assume['services'][number]>;
  readonly gateways: Named<Assume['gateways'][number]>;
  readonly namespaces: Named<Assume['namespaces'][number]>;
  readonly secrets: Named<Assume['secrets'][number]>;
}

/** Nothing said at all: the neutral element of {@link over}. */
export const NO_SETTINGS: Settings = {
  meshConfigs: [],
  plugins: [],
  rules: new Map(),
  overrides: [],
  ignore: [],
  meshes: new Map(),
  services: new Map(),
  gateways: new Map(),
  namespaces: new Map(),
  secrets: new Map(),
};

const SCALARS = ['namespace', 'closedWorld', 'dnsCapture', 'failOn', 'maxWarnings'] as const;

/**
 * Lays settings over others. Single values and entries by name replace those below; lists follow them; a rule whose severity alone is set keeps its options.
 * Associative, so that it does not matter how a chain of files is taken together.
 */
export function over(below: Settings, above: Settings): Settings {
  const scalars = Object.fromEntries(SCALARS.flatMap((key) => ((above[key] ?? below[key]) ? [[key, above[key] ?? below[key]]] : [])));
  return {
    ...scalars,
    meshConfigs: [...below.meshConfigs, ...above.meshConfigs],
    plugins: [...below.plugins, ...above.plugins],
    rules: rulesOver(below.rules, above.rules),
    overrides: [...below.overrides, ...above.overrides],
    ignore: [...below.ignore, ...above.ignore],
    meshes: new Map([...below.meshes, ...above.meshes]),
    services: new Map([...below.services, ...above.services]),
    gateways: new Map([...below.gateways, ...above.gateways]),
    namespaces: new Map([...below.namespaces, ...above.namespaces]),
    secrets: new Map([...below.secrets, ...above.secrets]),
  };
}

function rulesOver(below: HeldRules, above: HeldRules): HeldRules {
  const rules = new Map(below);
  for (const [name, held] of above) {
    const options = held.value.options ?? below.get(name)?.value.options;
    rules.set(name, options === undefined ? held : { ...held, value: { ...held.value, options } });
  }
  return rules;
}
