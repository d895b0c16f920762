import { valueAt } from '../resources/plain-value.ts';
import type { Path } from '../yaml/locate.ts';
import { isMapping } from './mesh-settings.ts';
import type { Pattern } from './patterns.ts';
import type { ConfigFile } from './read-config.ts';
import type { RuleSettings } from './rule-settings.ts';
import { type Held, type HeldRules, NO_SETTINGS, type Settings } from './settings.ts';

/** The namespace that Istio's own gateways run in. */
const ISTIO_NAMESPACE = 'istio-system';

/**
 * What one file says by itself, with the place of each part.
 * @param base the directory that its patterns start at, as printed names have it: '' is the root
 */
export function settingsOf(file: ConfigFile, base: string): Settings {
  const { values, rules, overrideRules } = file;
  const held = <T>(value: T, path: Path): Held<T> => ({ value, from: { by: file.source.file, place: { config: file, path } } });
  const single = <K extends 'namespace' | 'closedWorld' | 'failOn' | 'maxWarnings'>(key: K) =>
    values[key] === undefined ? {} : { [key]: held(values[key], [key]) };
  const patterns = (written: readonly string[]): readonly Pattern[] => written.map((pattern) => ({ pattern, base }));
  const rulesOf = (settings: RuleSettings): HeldRules => new Map([...settings].map(([name, { path, ...value }]) => [name, held(value, path)]));
  const named = <T extends { readonly name?: string; readonly namespace?: string }>(list: readonly T[], kind: string, otherwise = '') =>
    new Map(list.map((each, index) => [`${each.namespace ?? otherwise}/${each.name}`, held(each, ['assume', kind, index])]));
  const { assume } = values;
  const meshConfig = valueAt(file.document?.value, ['meshConfig']);
  return {
    ...NO_SETTINGS,
    ...single('namespace'),
    ...single('closedWorld'),
    ...single('failOn'),
    ...single('maxWarnings'),
    ...(assume?.dnsCapture !== undefined && { dnsCapture: held(assume.dnsCapture, ['assume', 'dnsCapture']) }),
    meshConfigs: isMapping(meshConfig) ? [held(meshConfig, ['meshConfig'])] : [],
    plugins: values.plugins.map((name, index) => held(name, ['plugins', index])),
    rules: rulesOf(rules),
    overrides: values.overrides.map((override, index) =>
      held({ ...override, files: patterns(override.files), rules: rulesOf(overrideRules[index] ?? new Map()) }, ['overrides', index]),
    ),
    ignore: patterns(values.ignore).map((pattern, index) => held(pattern, ['ignore', index])),
    meshes: new Map(Object.entries(values.meshes).map(([name, paths]) => [name, held(patterns(paths), ['meshes', name])])),
    services: named(assume?.services ?? [], 'services'),
    gateways: named(assume?.gateways ?? [], 'gateways', ISTIO_NAMESPACE),
    namespaces: named(assume?.namespaces ?? [], 'namespaces'),
    secrets: named(assume?.secrets ?? [], 'secrets'),
  };
}
