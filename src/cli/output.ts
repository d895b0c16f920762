import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyRule } from '../engine/rule.ts';
import { reasonOf } from '../files/file-error.ts';
import type { ReportInput, Terminal } from '../report/report.ts';
import { type ColorWish, colorLevel } from './color.ts';
import { type Output, reportOf } from './formats.ts';
import type { Io } from './io.ts';
import { pageOf } from './page-of-rule.ts';
import { UsageError } from './usage-error.ts';

/** What reports print that the run itself does not depend on. */
export interface Presentation {
  readonly io: Io;
  readonly color: ColorWish;
  /** The absolute directory that file names are relative to. */
  readonly root: string;
}

/** Prints a report, or writes it to its file. */
export async function writeReport(output: Output, input: Omit<ReportInput, 'terminal'>, presentation: Presentation): Promise<void> {
  const report = await reportOf(output.format);
  const text = report({ ...input, terminal: terminalOf(presentation, output.file === undefined) });
  if (output.file === undefined) presentation.io.out(text);
  else writeText(resolve(presentation.io.cwd, output.file), output.file, text);
}

/** GitHub Actions gets annotations of the changed lines, whatever the format, unless they are printed anyway. */
export function wantsAnnotations(outputs: readonly Output[], { env }: Io): boolean {
  return env['GITHUB_ACTIONS'] === 'true' && !outputs.some(({ format }) => format === 'github');
}

/** Writes annotations to standard error: the runner reads both streams, and standard output may be meant for a program. */
export async function writeAnnotations(input: Omit<ReportInput, 'terminal'>, presentation: Presentation): Promise<void> {
  const report = await reportOf('github');
  presentation.io.err(report({ ...input, terminal: terminalOf(presentation, false) }));
}

/** The pages of rules, read from the package, or made of what a plugin says, where a report asks for one. */
export function rulePages(packageRoot: string, rules: readonly AnyRule[]): ReportInput['pages'] {
  const byName = new Map(rules.map((rule) => [rule.meta.name, rule]));
  return (name) => {
    const rule = byName.get(name);
    try {
      return rule && pageOf(rule, packageRoot);
    } catch {
      return undefined;
    }
  };
}

/** Text for people is wrapped at this width where no terminal says its own. */
const DEFAULT_WIDTH = 120;

function terminalOf({ io, color, root }: Presentation, isStandardOutput: boolean): Terminal {
  const isTerminal = isStandardOutput && io.outIsTerminal;
  const level = isStandardOutput ? colorLevel(color, io.env, isTerminal) : colorLevel(color, {}, false);
  return {
    color: level,
    width: (isTerminal && io.columns) || DEFAULT_WIDTH,
    hyperlinks: isTerminal && level > 0 && !io.env['CI'] && io.env['TERM'] !== 'dumb',
    fileUrl: (file) => pathToFileURL(resolve(root, file)).href,
  };
}

function writeText(path: string, name: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(`cannot write the report to ${name}: ${reasonOf(error)}`, 'name a file that can be written');
  }
}
