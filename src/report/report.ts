import type { BaselineEntry } from '../engine/baseline.ts';
import type { Finding, Severity } from '../engine/finding.ts';
import type { AnyRule } from '../engine/rule.ts';
import type { SourceText } from '../text/source-text.ts';
import type { Summary } from './summary.ts';

/** Everything that a report may print. A report is a pure function of it: the same input gives the same text, byte for byte. */
export interface ReportInput {
  readonly tool: Tool;
  /** What the run was told to read, as written on the command line: for commands that tell more. */
  readonly paths?: readonly string[];
  readonly summary: Summary;
  /** All findings of the run, sorted, infos included: each report leaves out what is not asked for (see {@link shownFindings}). */
  readonly findings: readonly Finding[];
  /** The text of a file by the name that findings have for it; undefined where it is not at hand. */
  readonly sources: (file: string) => SourceText | undefined;
  /** Every rule that ran, whether or not it found something. */
  readonly rules: readonly AnyRule[];
  /** Entries of the baseline that nothing needs any more; absent where there are none. */
  readonly stale?: readonly BaselineEntry[];
  /** The Markdown text of a rule's page, docs/rules/NAME.md, by the rule's name. */
  readonly pages: (rule: string) => string | undefined;
  /** Whether findings of severity info are listed; they are counted in any case. */
  readonly showInfos: boolean;
  readonly terminal: Terminal;
}

export interface Tool {
  readonly name: string;
  /** A semantic version. */
  readonly version: string;
  /** The URL, ending with a slash, under which the package's files (docs/rules/NAME.md) are published; absent until there is one. */
  readonly home?: string;
}

/** What the reports for people may use; the formats for machines ignore it. */
export interface Terminal {
  /** Color level as chalk has it: 0 none, 1 sixteen colors, 2 256, 3 all. The caller works it out from flags, NO_COLOR and the like. */
  readonly color: 0 | 1 | 2 | 3;
  /** In columns; long text is wrapped at it. */
  readonly width: number;
  /** Whether the terminal follows OSC 8 hyperlinks. */
  readonly hyperlinks: boolean;
  /** The absolute URL of a file, for hyperlinks. */
  readonly fileUrl?: (file: string) => string | undefined;
}

/** Turns the outcome of a run into text that ends with a newline. */
export type Report = (input: ReportInput) => string;

/** The findings that a report lists, in their order. All formats list the same ones. */
export function shownFindings({ findings, showInfos }: Pick<ReportInput, 'findings' | 'showInfos'>): readonly Finding[] {
  return showInfos ? findings : findings.filter((finding) => finding.severity !== 'info');
}

/** The absolute URL of a rule's page, where the tool has a home and the rule is ours, or where a rule of others says one. */
export function pageUrl(tool: Tool, docs: string): string | undefined {
  if (/^https?:/.test(docs)) return docs;
  return tool.home === undefined || !isPage(docs) ? undefined : new URL(docs, tool.home).href;
}

/** Whether a rule is explained on a page of ours. Rules of plugins are explained by what they are written in. */
export function isPage(docs: string): boolean {
  return /^docs\/rules\/[\w-]+\.md$/.test(docs);
}

/** From the worst to the least. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];
