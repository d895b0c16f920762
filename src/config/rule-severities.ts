import type { Severity } from '../engine/finding.ts';
import type { AnyRule } from '../engine/rule.ts';
import { nearest } from '../text/nearest.ts';

/** Severities by rule name, as `lint` takes them. */
export type RuleSeverities = ReadonlyMap<string, Severity | 'off'>;

const VALUES: readonly string[] = ['error', 'warning', 'info', 'off'];

/** What is wrong with a setting, and what to write instead. */
export interface SettingProblem {
  readonly problem: string;
  readonly hint: string;
}

/** Reads settings of the form `NAME=severity`; NAME may be a rule's code. Of two for one rule the later holds. */
export function readRuleSeverities(settings: readonly string[], rules: readonly AnyRule[]): RuleSeverities | SettingProblem {
  const severities = new Map<string, Severity | 'off'>();
  for (const setting of settings) {
    const [name = '', value] = setting.split('=', 2);
    const rule = findRule(name, rules);
    if (!rule) return unknownRule(name, rules);
    if (value === undefined || !VALUES.includes(value)) {
      return { problem: value ? `'${value}' is no severity` : `'${setting}' says no severity`, hint: `write ${rule.meta.name}=${VALUES.join('|')}` };
    }
    severities.set(rule.meta.name, value as Severity | 'off');
  }
  return severities;
}

/** A rule by its name or its code. */
export function findRule(nameOrCode: string, rules: readonly AnyRule[]): AnyRule | undefined {
  const code = nameOrCode.toUpperCase();
  return rules.find(({ meta }) => meta.name === nameOrCode || meta.code === code);
}

/** What to tell who names a rule that does not exist. */
export function unknownRule(name: string, rules: readonly AnyRule[]): SettingProblem {
  if (isCode(name)) return unknownCode(name.toUpperCase(), rules);
  const meant = nearest(
    name,
    rules.map(({ meta }) => meta.name),
  );
  return {
    problem: `there is no rule '${name}'`,
    hint: meant === undefined ? "'egress-lint rules' lists all rules" : `did you mean '${meant}'?`,
  };
}

/** Whether a text is written as codes of ours are. */
export function isCode(text: string): boolean {
  return /^EL\d+$/i.test(text);
}

/** How many codes are told to who writes one that is not there. */
const NEIGHBORS = 3;

function unknownCode(code: string, rules: readonly AnyRule[]): SettingProblem {
  const number = Number(code.slice('EL'.length));
  const distance = ({ meta }: AnyRule): number => Math.abs(Number(meta.code.slice('EL'.length)) - number);
  const near = rules.filter((rule) => isCode(rule.meta.code)).sort((a, b) => distance(a) - distance(b));
  const named = near.slice(0, NEIGHBORS).map(({ meta }) => `${meta.code} (${meta.name})`);
  return { problem: `there is no rule with the code ${code}`, hint: `the nearest are ${named.join(', ')}; 'egress-lint rules' lists all rules` };
}
