import type { AnyRule } from '../engine/rule.ts';
import { decode } from '../resources/decode.ts';
import { valueAt } from '../resources/plain-value.ts';
import type { SourceText } from '../text/source-text.ts';
import type { Path } from '../yaml/locate.ts';
import { type ConfigValues, configFields, PRESET_NAMES } from './config-fields.ts';
import { type ConfigDocument, type ConfigProblem, describeProblem, problemAt } from './config-problem.ts';
import { meshConfigProblems } from './mesh-settings.ts';
import { patternProblem } from './patterns.ts';
import { readDocument } from './read-document.ts';
import { type RuleSettings, RuleSettingsReader } from './rule-settings.ts';

/** One configuration file, checked and typed; nothing is merged yet. */
export interface ConfigFile extends ConfigDocument {
  readonly values: ConfigValues;
  readonly extends: readonly Extended[];
  readonly rules: RuleSettings;
  /** One for each of `values.overrides`. */
  readonly overrideRules: readonly RuleSettings[];
}

/** Something that a file starts from. */
export interface Extended {
  /** A preset, a file (`./x.yaml`) or a package. */
  readonly name: string;
  readonly path: Path;
}

export type ConfigReading = { readonly file: ConfigFile; readonly problems: readonly [] } | { readonly problems: readonly ConfigProblem[] };

const PLAIN = { labels: {}, namespace: undefined, isPlain: true } as const;

/**
 * Reads and checks a configuration file. Whatever is wrong is found at once, each with its place.
 * @param rules those that may be named
 */
export function readConfig(source: SourceText, rules: readonly AnyRule[]): ConfigReading {
  const { config, problems: unread } = readDocument(source);
  if (unread.length > 0) return { problems: unread };
  const raw = config.document?.value ?? {};
  const decoded = decode(configFields, raw, [], PLAIN);
  // The description is that of an object; what is no mapping at all has been found.
  const values = (decoded.value ?? decode(configFields, {}, [], PLAIN).value) as ConfigValues;
  const reader = new RuleSettingsReader(config, rules);
  const ruleSettings = reader.read(values.rules, ['rules'], true);
  const overrideRules = values.overrides.map((override, index) => reader.read(override.rules, ['overrides', index, 'rules'], false));
  const named = extendedBy(config, values.extends);
  const problems = [
    ...decoded.problems.map((problem) => describeProblem(config, problem)),
    ...reader.problems,
    ...named.problems,
    ...meshConfigProblems(config, valueAt(raw, ['meshConfig'])),
    ...patternProblems(config, values),
    ...values.overrides.flatMap((override, index) => overrideProblems(config, override, index)),
    ...(values.assume?.gateways.flatMap((gateway, index) => gatewayProblems(config, gateway, index)) ?? []),
  ];
  if (problems.length > 0) return { problems: problems.sort(byPlace) };
  return { file: { ...config, values, extends: named.extended, rules: ruleSettings, overrideRules }, problems: [] };
}

/** What a file starts from, by the value of its key `extends`. */
export function extendedBy(config: ConfigDocument, raw: unknown): { readonly extended: readonly Extended[]; readonly problems: readonly ConfigProblem[] } {
  if (raw === undefined || raw === null) return { extended: [], problems: [] };
  const isList = Array.isArray(raw);
  const extended: Extended[] = [];
  const problems: ConfigProblem[] = [];
  for (const [index, name] of (isList ? (raw as readonly unknown[]) : [raw]).entries()) {
    const path = isList ? ['extends', index] : ['extends'];
    if (typeof name === 'string' && name !== '') extended.push({ name, path });
    else
      problems.push(problemAt(config, path, 'extends must name a preset, a file or a package', `write ${PRESET_NAMES.join(', ')}, ./FILE or a package's name`));
  }
  return { extended, problems };
}

function patternProblems(config: ConfigDocument, { ignore, meshes, overrides }: ConfigValues): readonly ConfigProblem[] {
  const lists: readonly (readonly [Path, readonly string[]])[] = [
    [['ignore'], ignore],
    ...Object.entries(meshes).map(([name, patterns]) => [['meshes', name], patterns] as const),
    ...overrides.map(({ files }, index) => [['overrides', index, 'files'], files] as const),
  ];
  return lists.flatMap(([at, patterns]) =>
    patterns.flatMap((pattern, index) => {
      const found = patternProblem(pattern);
      return found ? [problemAt(config, [...at, index], found.problem, found.hint)] : [];
    }),
  );
}

type Override = ConfigValues['overrides'][number];

function overrideProblems(config: ConfigDocument, { files, namespaces, kinds }: Override, index: number): readonly ConfigProblem[] {
  if (files.length + namespaces.length + kinds.length > 0) return [];
  return [
    problemAt(
      config,
      ['overrides', index],
      'this override does not say what it is for',
      'add files, namespaces or kinds; what is for everything stands under rules',
      'key',
    ),
  ];
}

type Gateway = NonNullable<ConfigValues['assume']>['gateways'][number];

function gatewayProblems(config: ConfigDocument, { name, namespace, ports, tlsMode }: Gateway, index: number): readonly ConfigProblem[] {
  if (name === undefined || ports.length > 0 || tlsMode !== undefined || namespace !== undefined) return [];
  return [
    problemAt(config, ['assume', 'gateways', index], `this says nothing of the gateway ${name} but its name`, 'add its namespace, tlsMode or ports', 'key'),
  ];
}

function byPlace(a: ConfigProblem, b: ConfigProblem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}
