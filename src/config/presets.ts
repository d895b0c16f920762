import type { AnyRule } from '../engine/rule.ts';
import { PRESET_NAMES } from './config-fields.ts';
import { type HeldRule, NO_SETTINGS, type Settings } from './settings.ts';

export type PresetName = (typeof PRESET_NAMES)[number];

/** A preset by its name; undefined for what is none. */
export function findPreset(name: string): PresetName | undefined {
  return PRESET_NAMES.find((each) => each === name);
}

/**
 * What a preset says, where that is not what rules do by themselves. `recommended`: nothing. `strict`: rules for who wants all egress to leave through
 * a gateway, registered, encrypted and verified. `all`: every rule.
 */
export function presetSettings(name: PresetName, rules: readonly AnyRule[]): Settings {
  const from = { by: `preset ${name}` };
  return { ...NO_SETTINGS, rules: new Map(rules.flatMap((rule) => inPreset(name, rule).map((value) => [rule.meta.name, { value, from }] as const))) };
}

function inPreset(name: PresetName, { meta: { strict, isOptIn, severity } }: AnyRule): readonly HeldRule[] {
  switch (name) {
    case 'recommended':
      return [];
    case 'strict':
      return strict ? [{ severity: strict }] : [];
    case 'all':
      return strict || isOptIn ? [{ severity: strict ?? severity }] : [];
    default:
      return name satisfies never;
  }
}
