import type { Severity } from '../engine/finding.ts';
import type { RuleSeverities } from './rule-severities.ts';
import { type Held, type HeldRules, NO_SETTINGS, type Settings } from './settings.ts';

/** The flags that say what a configuration file can say too. */
export interface SettingFlags {
  readonly namespace?: string;
  readonly failOn?: Severity;
  readonly maxWarnings?: number;
}

/** What the command line says, to be laid over everything else. */
export function flagSettings({ namespace, failOn, maxWarnings }: SettingFlags, severities: RuleSeverities): Settings {
  const held = <T>(value: T, by: string): Held<T> => ({ value, from: { by } });
  const rules: HeldRules = new Map([...severities].map(([name, severity]) => [name, held({ severity }, '--rule')]));
  return {
    ...NO_SETTINGS,
    ...(namespace !== undefined && { namespace: held(namespace, '--namespace') }),
    ...(failOn !== undefined && { failOn: held(failOn, '--fail-on') }),
    ...(maxWarnings !== undefined && { maxWarnings: held(maxWarnings, '--max-warnings') }),
    rules,
    // Over the overrides of files as well.
    overrides: rules.size > 0 ? [held({ files: [], namespaces: [], kinds: [], rules }, '--rule')] : [],
  };
}
