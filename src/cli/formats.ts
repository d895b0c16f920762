import { concise } from '../report/concise.ts';
import { json } from '../report/json.ts';
import { pretty } from '../report/pretty.ts';
import type { Report } from '../report/report.ts';
import { nearest } from '../text/nearest.ts';
import { UsageError } from './usage-error.ts';

/** The report of each format. What is seldom printed is loaded when asked for. */
const REPORTS = {
  pretty: async (): Promise<Report> => pretty,
  concise: async (): Promise<Report> => concise,
  json: async (): Promise<Report> => json,
  jsonl: async (): Promise<Report> => (await import('../report/jsonl.ts')).jsonl,
  sarif: async (): Promise<Report> => (await import('../report/sarif.ts')).sarif,
  github: async (): Promise<Report> => (await import('../report/github.ts')).github,
  gitlab: async (): Promise<Report> => (await import('../report/gitlab.ts')).gitlab,
  junit: async (): Promise<Report> => (await import('../report/junit.ts')).junit,
  checkstyle: async (): Promise<Report> => (await import('../report/checkstyle.ts')).checkstyle,
  markdown: async (): Promise<Report> => (await import('../report/markdown.ts')).markdown,
} as const;

export type FormatName = keyof typeof REPORTS;
/** In the order of the help. */
export const FORMAT_NAMES = Object.keys(REPORTS) as readonly FormatName[];

/** A report that was asked for: `--format sarif=out.sarif`. */
export interface Output {
  readonly format: FormatName;
  /** Where it goes, as written; undefined is standard output. */
  readonly file: string | undefined;
}

/**
 * Reads the values of `--format` and `--output`. At most one report fits on standard output, and one in a file.
 * @param rest where the report goes that names no file of its own
 */
export function readOutputs(values: readonly string[], rest?: string): readonly Output[] {
  const written = values.length === 0 ? [{ format: 'pretty' as const, file: undefined }] : values.map(readOutput);
  if (rest !== undefined && written.every(({ file }) => file !== undefined)) {
    throw new UsageError(`no report is left for --output ${rest}`, 'every --format names a file of its own');
  }
  const outputs = written.map(({ format, file }) => ({ format, file: file ?? (rest === '-' ? undefined : rest) }));
  for (const [index, { format, file }] of outputs.entries()) {
    const other = outputs.slice(0, index).find((each) => each.file === file);
    if (!other) continue;
    if (file !== undefined) throw new UsageError(`two reports are to go to ${file}`, 'give each a file of its own');
    throw new UsageError(`two reports are to go to standard output, ${other.format} and ${format}`, `write one of them to a file: --format ${format}=FILE`);
  }
  return outputs;
}

/** Loads the report of a format. */
export function reportOf(format: FormatName): Promise<Report> {
  return REPORTS[format]();
}

function readOutput(value: string): Output {
  const equals = value.indexOf('=');
  const name = equals === -1 ? value : value.slice(0, equals);
  const file = equals === -1 ? undefined : value.slice(equals + 1);
  const format = FORMAT_NAMES.find((each) => each === name);
  if (!format) {
    const meant = nearest(name, FORMAT_NAMES);
    throw new UsageError(`there is no format '${name}'`, meant ? `did you mean '${meant}'?` : `write one of ${FORMAT_NAMES.join(', ')}`);
  }
  if (file === '') throw new UsageError(`--format ${value} names no file`, `write --format ${format}=FILE`);
  return { format, file: file === '-' ? undefined : file };
}
