import type { RefusedBy } from '../resources/field.ts';
import type { Trace } from './trace.ts';

export type Severity = 'error' | 'warning' | 'info';

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

/** Whether a severity is at or above another. */
export function reaches(severity: Severity, level: Severity): boolean {
  return RANK[severity] >= RANK[level];
}

/** `certain`: follows from the files and the stated assumptions. `likely`: something that decides lies outside of them. */
export type Confidence = 'certain' | 'likely' | 'possible';

/** A place in a file. Lines and columns are 1-based, columns in UTF-16 code units, the end is exclusive; `start` and `end` are offsets into the text. */
export interface Location {
  readonly file: string;
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly start: number;
  readonly end: number;
}

export interface ResourceId {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** A further place that belongs to the story of a finding. */
export interface RelatedLocation {
  readonly message: string;
  readonly location: Location;
  readonly resource?: ResourceId;
  readonly path?: string;
}

/** A change that would remove the finding. `safe`: applied by `--fix`; others change what traffic is allowed, or guess. */
export interface Fix {
  readonly title: string;
  readonly safe: boolean;
  readonly edits: readonly { readonly file: string; readonly start: number; readonly end: number; readonly text: string }[];
}

/** One thing that is wrong, as every report prints it. */
export interface Finding {
  /** Kebab-case name of the rule. */
  readonly rule: string;
  /** Its permanent code, `EL…`. */
  readonly code: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly refusedBy?: RefusedBy;
  readonly message: string;
  /** A few words for the underlined place; the message where there are none. */
  readonly label?: string;
  /** What people would see at run time. */
  readonly symptom?: string;
  /** What to do. */
  readonly help?: string;
  /** The rule's page, relative to the package. */
  readonly docs: string;
  readonly resource?: ResourceId;
  /** The field, as `spec.ports[0].protocol`. */
  readonly path?: string;
  readonly location: Location;
  readonly related: readonly RelatedLocation[];
  /** The connection that fails for it, proxy by proxy. */
  readonly trace?: Trace;
  readonly fixes: readonly Fix[];
  /** The file that the object was rendered from, where the text that was read says it. Where that file could be read and has the field, the finding is located there. */
  readonly origin?: string;
  /** The meshes of the run in which it holds, where its file belongs to others in which it does not. */
  readonly meshes?: readonly string[];
  /** Stable under unrelated edits: made of the rule, the resource, the field and the message's data, not of line numbers. */
  readonly fingerprint: string;
}
