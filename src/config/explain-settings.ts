import type { AnyRule } from '../engine/rule.ts';
import { lineStarts, positionAt } from '../text/source-text.ts';
import { assumptionsOf, ignoredFiles } from './apply.ts';
import { spanIn } from './config-problem.ts';
import { isMapping } from './mesh-settings.ts';
import { fileMatcher } from './patterns.ts';
import type { Held, HeldRule, Origin, Override, Settings } from './settings.ts';

/** One thing that holds, and why. */
export interface SettingRow {
  /** `failOn`, `meshConfig.outboundTrafficPolicy.mode`, `rules.unknown-field`. */
  readonly key: string;
  readonly value: unknown;
  /** `egress-lint.yaml:3`, `preset strict`, `--fail-on`, `default`. */
  readonly from: string;
  /** Set where it holds for a part only: `kind Gateway`. */
  readonly when?: string;
}

/** What nobody said. */
const DEFAULT: Origin = { by: 'default' };

/**
 * Everything that holds for a file, with who said so. Rules are listed where somebody said something of them, or all of them.
 * @param file its name as printed
 */
export function settingsFor(file: string, settings: Settings, rules: readonly AnyRule[], which: 'said' | 'all' = 'said'): readonly SettingRow[] {
  const { namespace, failOn, maxWarnings, closedWorld, dnsCapture } = settings;
  return [
    row('namespace', namespace ?? { value: 'default', from: DEFAULT }),
    row('failOn', failOn ?? { value: 'error', from: DEFAULT }),
    ...(maxWarnings ? [row('maxWarnings', maxWarnings)] : []),
    row('closedWorld', closedWorld ?? { value: false, from: DEFAULT }),
    ...(dnsCapture ? [row('assume.dnsCapture', dnsCapture)] : []),
    ...assumedRows(settings),
    ...meshConfigRows(settings),
    ...settings.plugins.map((plugin) => row('plugins', plugin)),
    ...fileRows(file, settings),
    ...rules.flatMap(({ meta }) => ruleRows(file, settings, meta, which)),
  ];
}

function row(key: string, { value, from }: Held<unknown>, when?: string): SettingRow {
  return { key, value, from: originText(from), ...(when !== undefined && { when }) };
}

/** Who said something, with the line where that can be told. */
function originText({ by, place }: Origin): string {
  if (!place) return by;
  const { start } = spanIn(place.config, place.path, 'key');
  return `${by}:${positionAt(lineStarts(place.config.source.text), start).line}`;
}

function assumedRows(settings: Settings): readonly SettingRow[] {
  return (['services', 'gateways', 'namespaces', 'secrets'] as const).flatMap((kind) =>
    [...settings[kind]].map(([name, { from }]) => row(`assume.${kind}`, { value: name.replace(/^\//, ''), from })),
  );
}

/** Each field with the one that decided it. */
function meshConfigRows(settings: Settings): readonly SettingRow[] {
  const merged = assumptionsOf(settings).meshConfig?.settings;
  return merged ? leaves(merged, []).map(([path, value]) => row(`meshConfig.${path.join('.')}`, { value, from: deciding(settings, path) })) : [];
}

function leaves(value: unknown, path: readonly string[]): readonly (readonly [readonly string[], unknown])[] {
  return isMapping(value) ? Object.entries(value).flatMap(([key, child]) => leaves(child, [...path, key])) : [[path, value]];
}

function deciding({ meshConfigs }: Settings, path: readonly string[]): Origin {
  const held = meshConfigs.findLast(({ value }) => path.reduce<unknown>((inner, key) => (isMapping(inner) ? inner[key] : undefined), value) !== undefined);
  if (!held?.from.place) return held?.from ?? DEFAULT;
  const { config, path: start } = held.from.place;
  return { ...held.from, place: { config, path: [...start, ...path] } };
}

/** Which mesh a file is of, and whether it is left out. */
function fileRows(file: string, settings: Settings): readonly SettingRow[] {
  const meshes = [...settings.meshes].filter(([, { value }]) => fileMatcher(value)(file));
  const ignoring = ignoredFiles(settings)(file) ? settings.ignore.findLast(({ value }) => fileMatcher([value])(file)) : undefined;
  return [
    ...meshes.map(([name, { from }]) => row('mesh', { value: name, from })),
    ...(ignoring ? [row('ignore', { value: ignoring.value.pattern, from: ignoring.from })] : []),
  ];
}

/** What holds of a rule for all of a file, then what holds for parts of it only. */
function ruleRows(file: string, { rules, overrides }: Settings, meta: AnyRule['meta'], which: 'said' | 'all'): readonly SettingRow[] {
  const { name } = meta;
  const key = `rules.${name}`;
  const fitting = overrides.filter(({ value }) => value.rules.has(name) && (value.files.length === 0 || fileMatcher(value.files)(file)));
  const whole = fitting.findLastIndex(({ value }) => partOf(value) === undefined);
  const own: Held<HeldRule> | undefined = which === 'all' ? { value: { severity: meta.isOptIn ? 'off' : meta.severity }, from: DEFAULT } : undefined;
  const general = fitting[whole]?.value.rules.get(name) ?? rules.get(name) ?? own;
  const severity = ({ value, from }: Held<HeldRule>): Held<string> => ({ value: value.severity, from });
  const options = rules.get(name);
  return [
    ...(general ? [row(key, severity(general))] : []),
    ...(options?.value.options === undefined ? [] : [row(`${key}.options`, { value: options.value.options, from: options.from })]),
    ...fitting.slice(whole + 1).flatMap(({ value }) => {
      const held = value.rules.get(name);
      return held ? [row(key, severity(held), partOf(value))] : [];
    }),
  ];
}

function partOf({ namespaces, kinds }: Override): string | undefined {
  const parts = [...(kinds.length > 0 ? [`kind ${kinds.join(', ')}`] : []), ...(namespaces.length > 0 ? [`namespace ${namespaces.join(', ')}`] : [])];
  return parts.length > 0 ? parts.join(' in ') : undefined;
}
