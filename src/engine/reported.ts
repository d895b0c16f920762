import type { Resource } from '../resources/resource.ts';
import type { FailingPath } from '../traffic/probes/failing-paths.ts';
import type { Finding, Severity } from './finding.ts';
import type { AnyRule, FixPlan, Place } from './rule.ts';

/** What `report` takes once the compiler has checked it against the rule's messages. */
export interface LooseDetails {
  readonly data?: Readonly<Record<string, string | number>>;
  readonly related?: readonly { readonly at: Place; readonly message: string }[];
  readonly fixes?: readonly FixPlan[];
  readonly severity?: Severity;
  readonly confidence?: Finding['confidence'];
  readonly refusedBy?: Finding['refusedBy'];
  readonly symptom?: string;
  readonly help?: string;
  readonly trace?: FailingPath;
}

/** What a rule said, before it is known whether anybody is told. */
export interface Reported {
  readonly rule: AnyRule;
  readonly messageId: string;
  readonly at: Place;
  readonly details: LooseDetails;
}

/** What tells a report about a resource from others, in whatever mesh and namespace it is judged. */
export function identityOf(reported: Reported): string {
  return `${reported.messageId} ${subjectOf(reported)}`;
}

/** The rule, and the place of which it says something. */
export function subjectOf({ rule, at }: Reported): string {
  if (!('resource' in at)) return JSON.stringify([rule.meta.code, at.file.file, at.span.start]);
  const { kind, source } = at.resource;
  return JSON.stringify([rule.meta.code, source.file.file, source.document.start, kind, ...source.prefix, ':', ...at.path]);
}

/** The resources that a finding speaks of. */
export function resourcesOf({ at, details }: Reported): readonly Resource[] {
  return [at, ...(details.related ?? []).map((related) => related.at)].flatMap((place) => ('resource' in place ? [place.resource] : []));
}
