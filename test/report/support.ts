import { RULES } from '../../rules/index.ts';
import { type Finding, type InputFile, type Location, load } from '../../src/index.ts';
import type { Report, ReportInput } from '../../src/report/report.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { lineStarts, positionAt } from '../../src/text/source-text.ts';
import { lintFiles } from '../support/lint-text.ts';

/** A file whose text marks places: what stands between `«` and `»` is the next location of `places`. */
export interface MarkedFile {
  readonly file: string;
  readonly text: string;
  readonly places: readonly Location[];
}

/** Reads marks out of a text. Two marks may not overlap. */
export function marked(file: string, textWithMarks: string): MarkedFile {
  const spans: { start: number; end: number }[] = [];
  let text = '';
  for (const [index, part] of textWithMarks.split(/[«»]/).entries()) {
    if (index % 2 === 1) spans.push({ start: text.length, end: text.length + part.length });
    text += part;
  }
  const starts = lineStarts(text);
  const places = spans.map((span) => {
    const start = positionAt(starts, span.start);
    const end = positionAt(starts, span.end);
    return { file, startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column, ...span };
  });
  return { file, text, places };
}

/** The n-th place of a marked file. */
export function place(source: MarkedFile, index = 0): Location {
  const location = source.places[index];
  if (!location) throw new Error(`${source.file} has no mark ${index}`);
  return location;
}

/** A finding in which only what a test is about needs to be said. */
export function finding(parts: Partial<Finding> & Pick<Finding, 'location'>): Finding {
  return {
    rule: 'unknown-host',
    code: 'EL999',
    severity: 'error',
    confidence: 'certain',
    message: 'nobody registers this host',
    docs: 'docs/rules/unknown-host.md',
    related: [],
    fixes: [],
    fingerprint: '0123456789abcdef',
    ...parts,
  };
}

/** The input of a report over hand-made findings: 3 resources in each file. */
export function inputOf(files: readonly { file: string; text: string }[], findings: readonly Finding[], parts: Partial<ReportInput> = {}): ReportInput {
  const counted = summaryOf([], findings, 0);
  return {
    tool: { name: 'egress-lint', version: '1.2.3' },
    summary: { ...counted, files: files.length, documents: files.length * 3, resources: files.length * 3 },
    findings,
    sources: (name) => files.find(({ file }) => file === name),
    rules: [],
    pages: () => undefined,
    showInfos: false,
    terminal: { color: 0, width: 80, hyperlinks: false },
    ...parts,
  };
}

/** The input of a report over what every rule finds in the files. */
export function lintedInput(files: readonly InputFile[], parts: Partial<ReportInput> = {}): ReportInput {
  const { findings, suppressed } = lintFiles(files);
  return { ...inputOf(files, findings), summary: summaryOf(load(files), findings, suppressed), rules: RULES, ...parts };
}

/** A report's lines, for comparing with a list of lines. */
export function linesOf(report: Report, input: ReportInput): readonly string[] {
  return report(input).split('\n');
}
