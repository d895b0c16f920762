import type { Severity } from '../engine/finding.ts';
import type { AnyRule } from '../engine/rule.ts';
import { decode } from '../resources/decode.ts';
import type { Path } from '../yaml/locate.ts';
import { RULE_SEVERITIES } from './config-fields.ts';
import { type ConfigDocument, type ConfigProblem, describeProblem, problemAt, wordHint } from './config-problem.ts';
import { findRule, unknownRule } from './rule-severities.ts';

/** What a configuration says of one rule. */
export interface RuleSetting {
  readonly severity: Severity | 'off';
  /** As written; the engine decodes it by the rule's own description. */
  readonly options?: unknown;
  /** Where it stands. */
  readonly path: Path;
}

/** By the rules' names, whatever was written. */
export type RuleSettings = ReadonlyMap<string, RuleSetting>;

/** Reads a mapping of rules to severities, or to severities with options. */
export class RuleSettingsReader {
  readonly problems: ConfigProblem[] = [];
  private readonly config: ConfigDocument;
  private readonly rules: readonly AnyRule[];

  constructor(config: ConfigDocument, rules: readonly AnyRule[]) {
    this.config = config;
    this.rules = rules;
  }

  /** @param at the mapping's own path; `mayHaveOptions` is false for overrides, where only severities depend on the place */
  read(raw: Readonly<Record<string, unknown>>, at: Path, mayHaveOptions: boolean): RuleSettings {
    const settings = new Map<string, RuleSetting>();
    for (const [key, value] of Object.entries(raw)) {
      const path = [...at, key];
      const rule = findRule(key, this.rules);
      if (!rule) {
        const { problem, hint } = unknownRule(key, this.rules);
        this.problems.push(problemAt(this.config, path, problem, hint, 'key'));
        continue;
      }
      const setting = this.setting(rule, value, path, mayHaveOptions);
      if (setting) settings.set(rule.meta.name, setting);
    }
    return settings;
  }

  private setting(rule: AnyRule, raw: unknown, path: Path, mayHaveOptions: boolean): RuleSetting | undefined {
    if (!Array.isArray(raw)) return this.withSeverity(raw, path, path);
    const [severity, options, ...more] = raw as readonly unknown[];
    if (!mayHaveOptions && raw.length > 1) {
      this.problems.push(problemAt(this.config, path, `${rule.meta.name} has options here`, 'an override sets severities only: write options under rules'));
      return undefined;
    }
    if (more.length > 0) {
      this.problems.push(problemAt(this.config, path, `${rule.meta.name} has ${raw.length} values`, 'write [severity, options]'));
      return undefined;
    }
    const setting = this.withSeverity(severity, [...path, 0], path);
    if (!setting || options === undefined) return setting;
    const description = rule.meta.options;
    if (!description) {
      this.problems.push(
        problemAt(this.config, [...path, 1], `${rule.meta.name} has no options`, `write its severity only: ${rule.meta.name}: ${setting.severity}`),
      );
      return setting;
    }
    const { problems } = decode(description, options, [...path, 1], { labels: {}, namespace: undefined, isPlain: true });
    this.problems.push(...problems.map((problem) => describeProblem(this.config, problem)));
    return { ...setting, options };
  }

  private withSeverity(raw: unknown, at: Path, path: Path): RuleSetting | undefined {
    // YAML 1.1 reads an unquoted `off` as false.
    const written = raw === false ? 'off' : raw;
    const severity = RULE_SEVERITIES.find((each) => each === written);
    if (severity) return { severity, path };
    const text = typeof written === 'string' ? written : '';
    this.problems.push(problemAt(this.config, at, `${text === '' ? 'this' : `'${text}'`} is no severity`, wordHint(text, RULE_SEVERITIES)));
    return undefined;
  }
}
