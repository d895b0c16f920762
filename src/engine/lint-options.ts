import type { TextOfOrigin } from './at-source.ts';
import type { Severity } from './finding.ts';
import type { AnyRule } from './rule.ts';
import type { SeveritySettings } from './severity.ts';

export interface LintOptions extends SeveritySettings {
  /** Every rule there is: a name that none of them has is unknown. What shall not run is switched off in `severities`. */
  readonly rules: readonly AnyRule[];
  /** What rules are to go by, as written in a configuration, by name. */
  readonly options?: ReadonlyMap<string, unknown>;
  /** Findings below this are counted, not worked out: places cost a second parse of their documents. Everything is worked out by default. */
  readonly least?: Severity;
  /** The texts that rendered objects were made from: findings then stand there, where that can be told. */
  readonly textOfOrigin?: TextOfOrigin;
  /** Called instead of each visit of a rule, which it has to make: to take its time, or to tell how far the run is. */
  readonly around?: (rule: string, visit: () => void) => void;
}
