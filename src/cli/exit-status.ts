import { type Finding, reaches, type Severity } from '../engine/finding.ts';

/** Nothing at or above the fail level. */
export const CLEAN = 0;
/** Findings at or above the fail level, or too many warnings. */
export const FOUND = 1;
/** The run could not do what it was asked for: wrong usage, a named path missing, nothing readable, an internal error. */
export const FAILED = 2;

export interface FailPolicy {
  readonly failOn: Severity;
  readonly maxWarnings?: number;
  readonly exitZero: boolean;
}

/** The exit status that findings call for: the same whatever the format. */
export function statusOf(findings: readonly Finding[], { failOn, maxWarnings, exitZero }: FailPolicy): number {
  if (exitZero) return CLEAN;
  const warnings = findings.filter((finding) => finding.severity === 'warning').length;
  const tooMany = maxWarnings !== undefined && warnings > maxWarnings;
  return tooMany || findings.some((finding) => reaches(finding.severity, failOn)) ? FOUND : CLEAN;
}
