import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Baseline, type BaselineEntry, baselineText, readBaseline, resourceText, withoutBaseline } from '../engine/baseline.ts';
import type { Finding } from '../engine/finding.ts';
import { idOf } from '../engine/place.ts';
import { inScope, type ReportScope } from '../engine/report-scope.ts';
import { reasonOf } from '../files/file-error.ts';
import { displayName, realPath } from '../files/paths.ts';
import type { LoadedFile } from '../mesh/load.ts';
import type { Io } from './io.ts';
import type { LintFlags } from './program.ts';
import { UsageError } from './usage-error.ts';

/** What is to be read: files named for the report or as context are, too. */
export function pathsToRead(paths: readonly string[], { reportOnly = [], context = [] }: LintFlags): readonly string[] {
  if (reportOnly.length === 0 && context.length === 0) return paths;
  const missing = reportOnly.find((path) => /^-/.test(path));
  if (missing !== undefined) throw new UsageError(`--report-only ${missing}: name files`, 'paths that are read stand before it');
  return [...(paths.length === 0 ? ['.'] : paths), ...reportOnly, ...context];
}

/**
 * Which findings are reported: `--changed`, `--report-only`, `--context`. Undefined where all are.
 * @param root what the names of files are relative to
 */
export async function scopeOf({ changed, reportOnly, context = [] }: LintFlags, root: string, io: Io): Promise<ReportScope | undefined> {
  if (changed === undefined && reportOnly === undefined && context.length === 0) return undefined;
  const named = (path: string): string => displayName(root, realPath(resolve(io.cwd, path)));
  const only = [...(reportOnly ?? []).map(named), ...(changed === undefined ? [] : await changedNames(changed, root, io))];
  return { context: context.map(named), ...((changed !== undefined || reportOnly !== undefined) && { only }) };
}

async function changedNames(changed: string, root: string, io: Io): Promise<readonly string[]> {
  if (changed === '' || changed.startsWith('-')) throw new UsageError(`--changed=${changed}: no commit has such a name`, 'write --changed=REF');
  const { changedFiles } = await import('../files/changed-files.ts');
  const answer = changedFiles(io.cwd, changed === 'HEAD' ? undefined : changed);
  if ('problem' in answer) throw new UsageError(`--changed: ${answer.problem}`, answer.hint);
  return answer.files.map((path) => displayName(root, realPath(path)));
}

/** What is left to report, and what became of the rest. */
export interface Reported {
  readonly findings: readonly Finding[];
  /** Taken by the baseline. */
  readonly known: number;
  /** Outside of what is to be reported. */
  readonly elsewhere: number;
  readonly stale: readonly BaselineEntry[];
}

/** Takes out what the baseline knows, then what is not to be reported. */
export function reported(findings: readonly Finding[], baseline: readonly BaselineEntry[], scope: ReportScope | undefined): Reported {
  const { findings: rest, suppressed, stale } = withoutBaseline(findings, baseline);
  const kept = scope ? inScope(rest, scope) : rest;
  return { findings: kept, known: suppressed, elsewhere: rest.length - kept.length, stale };
}

/**
 * Which entries of a baseline a run can say something about: all, where it reads everything that was read for it; else those of resources that it has read.
 * What is known of other files is neither stale nor to be forgotten.
 */
export function isJudgedBy(run: readonly string[], { paths }: Baseline, files: readonly LoadedFile[]): (entry: BaselineEntry) => boolean {
  const isWhole = paths.every((path) => run.some((each) => each === '.' || path === each || path.startsWith(`${each}/`)));
  const read = new Set(isWhole ? [] : files.flatMap(({ resources }) => resources.map((resource) => resourceText(idOf(resource)))));
  return ({ resource }) => isWhole || (resource !== undefined && read.has(resource));
}

/** The paths of a run, relative to the root; standard input is none. */
export function namedPaths(paths: readonly string[], root: string, io: Io): readonly string[] {
  return (paths.length === 0 ? ['.'] : paths).filter((path) => path !== '-').map((path) => displayName(root, realPath(resolve(io.cwd, path))));
}

/** Reads `--baseline`, or what is about to be written anew; undefined where there is none. */
export function loadBaseline({ baseline, updateBaseline }: LintFlags, io: Io): Baseline | undefined {
  const name = baseline ?? (updateBaseline ? DEFAULT_BASELINE : undefined);
  if (name === undefined) return undefined;
  const path = resolve(io.cwd, name);
  if (!existsSync(path)) {
    if (updateBaseline) return undefined;
    throw new UsageError(`there is no baseline ${name}`, 'add --update-baseline to write it');
  }
  const read = readBaseline(readText(path, name));
  if (!('problem' in read)) return read;
  if (updateBaseline) return undefined;
  throw new UsageError(`${name} ${read.problem}`, 'write it again with --update-baseline');
}

/**
 * Writes what was found into the baseline, for `--update-baseline`.
 * @param before paths of this run and of the baseline before, and entries of that one which stay
 */
export function saveBaseline({ baseline = DEFAULT_BASELINE }: LintFlags, findings: readonly Finding[], before: Baseline, io: Io): void {
  try {
    writeFileSync(resolve(io.cwd, baseline), baselineText(findings, before));
  } catch (error) {
    throw new UsageError(`cannot write ${baseline}: ${reasonOf(error)}`, 'name a file that can be written');
  }
  const kept = before.findings.length === 0 ? '' : `, and ${before.findings.length} of files that this run did not read`;
  io.err(`${baseline}: ${findings.length} ${findings.length === 1 ? 'finding is' : 'findings are'} known from now on${kept}\n`);
}

/** Where a baseline goes that is not named. */
export const DEFAULT_BASELINE = 'egress-lint-baseline.json';

/** Entries of the baseline that nothing needs any more. */
export function tellStale(stale: readonly BaselineEntry[], { baseline }: LintFlags, io: Io): void {
  for (const { rule, resource, path } of stale.slice(0, MOST_STALE)) {
    io.err(`${baseline}: no longer needed: ${rule}${resource === undefined ? '' : ` of ${resource}`}${path === undefined ? '' : ` at ${path}`}\n`);
  }
  if (stale.length > MOST_STALE) io.err(`${baseline}: and ${stale.length - MOST_STALE} more\n`);
  if (stale.length > 0) io.err(`${baseline}: run again with --update-baseline to drop them\n`);
}

const MOST_STALE = 10;

function readText(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${name}: ${reasonOf(error)}`, 'name a baseline that can be read');
  }
}
