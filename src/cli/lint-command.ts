import { assumptionsOf, configuredMeshes, ignoredFiles, lintSettings } from '../config/apply.ts';
import type { Settings } from '../config/settings.ts';
import { applyFixes } from '../engine/apply-fixes.ts';
import { reaches, type Severity } from '../engine/finding.ts';
import { lintMeshes } from '../engine/lint.ts';
import type { LintOptions } from '../engine/lint-options.ts';
import { isConfig } from '../files/config-files.ts';
import { type Discovered, discover } from '../files/discover.ts';
import { readFiles } from '../files/read-files.ts';
import { type InputFile, type LoadedFile, load } from '../mesh/load.ts';
import { meshesOf } from '../mesh/meshes.ts';
import { countPatches } from '../mesh/placed-files.ts';
import { statistics } from '../report/statistics.ts';
import { meshSummaryOf, type Summary, summaryLine, summaryOf } from '../report/summary.ts';
import type { SourceText } from '../text/source-text.ts';
import { configurationFor } from './configuration.ts';
import { CLEAN, FAILED, FOUND, statusOf } from './exit-status.ts';
import { fixLevel, printDiff, writeFixes } from './fix.ts';
import { type Output, readOutputs } from './formats.ts';
import type { Io } from './io.ts';
import { rulePages, wantsAnnotations, writeAnnotations, writeReport } from './output.ts';
import type { LintFlags } from './program.ts';
import { originTexts, renderedTree } from './rendering.ts';
import { isJudgedBy, loadBaseline, namedPaths, pathsToRead, reported, saveBaseline, scopeOf, tellStale } from './scope.ts';
import { Stopwatch } from './stopwatch.ts';
import { tuneV8 } from './v8-flags.ts';

/** `egress-lint [lint] PATH...`: reads, judges, reports. Gives the exit status. */
export async function lintCommand(paths: readonly string[], given: LintFlags, io: Io, version: string): Promise<number> {
  const outputs = readOutputs(given.format ?? [], given.output);
  const { settings, files: configFiles, rules } = await configurationFor(paths, given, io);
  const flags = inEffect(given, settings);

  const stopwatch = new Stopwatch(io.now);
  io.progress?.('looking for files');
  const discovered = await discover({
    paths: pathsToRead(paths, flags),
    cwd: io.cwd,
    ...(flags.root !== undefined && { root: flags.root }),
    ...(flags.stdinFilename !== undefined && { stdinFilename: flags.stdinFilename }),
  });
  const isIgnored = ignoredFiles(settings);
  const found = { ...discovered, files: discovered.files.filter(({ named, path, file }) => named || !(isConfig(path) || isIgnored(file))) };
  stopwatch.lap('find files');
  for (const { argument, reason } of found.missing) io.err(`error: cannot read '${argument}': ${reason}\n`);
  if (flags.listFiles) return listFiles(found, io);

  io.progress?.('reading files', found.files.length);
  const written = await readFiles(found.files);
  const rendered = flags.render ? await renderedTree(written, found.root, flags.namespace, io) : undefined;
  const { texts: asRead, bases, failed: unrendered } = rendered ?? { texts: written, bases: new Map<string, string>(), failed: [] };
  for (const { argument, reason } of unrendered) io.err(`error: cannot render '${argument}': ${reason}\n`);
  const origins = new Map<string, SourceText>();
  const textOfOrigin = originTexts(found.root, bases, io, origins);
  stopwatch.lap('read files');
  const isReadable = asRead.some(({ unreadable }) => unreadable === undefined);
  if (!isReadable && found.missing.length === 0) io.err(`error: nothing to check: ${nothingReadable(paths, found, asRead)}\n`);

  tuneV8(asRead);
  const before = loadBaseline(flags, io);
  const baseline = flags.updateBaseline ? [] : (before?.findings ?? []);
  const scope = await scopeOf(flags, found.root, io);
  const shown = leastShown(flags);
  // Infos are many and mostly hidden: then their places are not looked up.
  const least = shown === 'info' || flags.failOn === 'info' || flags.statistics || scope ? 'info' : 'warning';
  const around = flags.timing ? stopwatch.visit : tellingVisits(io);
  const assumptions = assumptionsOf(settings);
  const groups = configuredMeshes(settings);
  const severities = lintSettings(settings);
  const judge = keepingLast((texts: readonly InputFile[]) => {
    const onFile = (done: number) => io.progress?.('parsing files', done, texts.length);
    const loaded = load(texts, { onFile, ...(flags.namespace !== undefined && { namespace: flags.namespace }) });
    stopwatch.lap('parse');
    const division = meshesOf(loaded, { assumptions, groups });
    const result = lintMeshes(loaded, division.meshes, { rules, ...severities, least, textOfOrigin, ...(around && { around }) });
    stopwatch.lap('run rules');
    return { loaded, division: meshSummaryOf(division), ...result };
  });
  const level = fixLevel(flags);
  // Only what is shown is repaired.
  const fixed =
    level &&
    applyFixes(asRead, level, (texts) => reported(judge(texts).findings, baseline, scope).findings.filter((finding) => reaches(finding.severity, shown)));
  if (fixed && flags.diff) return (await printDiff(asRead, fixed, io)) > 0 ? FOUND : CLEAN;
  if (fixed) writeFixes(asRead, fixed, found.files, io);
  const sources = fixed?.files ?? asRead;
  const { loaded: files, division, findings: all, below, suppressed, crashed } = judge(sources);
  const { findings, known, elsewhere, stale: unneeded } = reported(all, baseline, scope);
  const named = namedPaths(paths, found.root, io);
  const isJudged = before ? isJudgedBy(named, before, files) : () => true;
  const stale = unneeded.filter(isJudged);

  const patches = countPatches(files);
  const summary = {
    ...summaryOf(files, findings, suppressed + known, below),
    ...(elsewhere > 0 && { elsewhere }),
    ...(division && { meshes: division }),
    ...(patches > 0 && { patches }),
  };
  if (flags.updateBaseline && !crashed) {
    // What is reported may be a part of what is known.
    const { findings: accepted } = reported(all, [], scope && { context: scope.context });
    const kept = before?.findings.filter((entry) => !isJudged(entry)) ?? [];
    const worth = accepted.filter((finding) => reaches(finding.severity, shown));
    saveBaseline(flags, worth, { paths: [...named, ...(kept.length > 0 ? (before?.paths ?? []) : [])], findings: kept }, io);
    return found.missing.length > 0 || !isReadable ? FAILED : CLEAN;
  }
  const byName = new Map([...configFiles.map(({ source }) => source), ...origins.values(), ...sources].map((source) => [source.file, source]));
  const input = {
    tool: { name: 'egress-lint', version },
    paths,
    summary,
    findings: findings.filter((finding) => reaches(finding.severity, shown)),
    sources: (file: string) => byName.get(file),
    ...(stale.length > 0 && { stale }),
    rules,
    pages: rulePages(io.packageRoot, rules),
    showInfos: shown === 'info',
  };
  const presentation = { io, color: flags.color, root: found.root };
  const isSilent = sources.length === 0 || (flags.quiet === true && input.findings.length === 0);
  for (const output of outputs) {
    if (!(isSilent && isForPeople(output))) await writeReport(output, input, presentation);
  }
  if (wantsAnnotations(outputs, io)) await writeAnnotations(input, presentation);
  if (!isSilent) tellSummary(outputs, summary, files, shown, io);
  tellStale(stale, flags, io);
  if (flags.statistics) io.err(statistics(findings));
  stopwatch.lap('report');
  if (flags.timing) io.err(stopwatch.table());

  const failed = crashed || found.missing.length + unrendered.length > 0 || !isReadable;
  if (failed) return FAILED;
  return statusOf(findings, {
    failOn: flags.failOn,
    exitZero: flags.exitZero === true,
    ...(flags.maxWarnings !== undefined && { maxWarnings: flags.maxWarnings }),
  });
}

type Effective = LintFlags & { readonly failOn: Severity };

/** The flags, filled up with what the configuration says. */
function inEffect(flags: LintFlags, { failOn, maxWarnings, namespace }: Settings): Effective {
  return {
    ...flags,
    failOn: failOn?.value ?? 'error',
    ...(maxWarnings && { maxWarnings: maxWarnings.value }),
    ...(namespace && { namespace: namespace.value }),
  };
}

/** Makes the visits of rules, and tells of them where somebody watches. */
function tellingVisits({ progress }: Io): LintOptions['around'] {
  return (
    progress &&
    ((rule, visit) => {
      progress(`checking ${rule}`);
      visit();
    })
  );
}

/** A function that keeps its last answer: what the last round of fixes left behind has been judged to find out that it was the last. */
function keepingLast<Input extends object, Output>(work: (input: Input) => Output): (input: Input) => Output {
  let last: { readonly input: Input; readonly output: Output } | undefined;
  return (input) => {
    if (last?.input !== input) last = { input, output: work(input) };
    return last.output;
  };
}

function listFiles(found: Discovered, io: Io): number {
  io.out(found.files.map(({ file }) => `${file}\n`).join(''));
  return found.missing.length > 0 || found.files.length === 0 ? FAILED : CLEAN;
}

/** What makes a run fail is always shown. */
function leastShown({ minSeverity, showInfos, quiet, failOn }: Effective): Severity {
  if (quiet) return failOn;
  return minSeverity ?? (showInfos || failOn === 'info' ? 'info' : 'warning');
}

/** Why there is nothing to check, where no argument is to blame. */
function nothingReadable(paths: readonly string[], { links }: Discovered, sources: readonly InputFile[]): string {
  const [first] = sources;
  if (first) return `'${first.file}' was not read: ${first.unreadable}${sources.length > 1 ? ` (and ${sources.length - 1} more)` : ''}`;
  const where = paths.length === 0 ? 'the current directory' : paths.map((path) => `'${path}'`).join(', ');
  return `no .yaml, .yml or .json file in ${where}${links === 0 ? '' : `; symbolic links are not followed (${links} passed by)`}`;
}

/** Formats for machines have their form even where there is nothing to say. */
function isForPeople({ format }: Output): boolean {
  return format === 'pretty' || format === 'concise';
}

/** The summary goes to standard error where no report for people says it, and there is something that a person should know. */
function tellSummary(outputs: readonly Output[], summary: Summary, files: readonly LoadedFile[], level: Severity, io: Io): void {
  const onScreen = outputs.find((output) => output.file === undefined);
  if (onScreen !== undefined && isForPeople(onScreen)) return;
  const hasIstio = files.some((file) => file.resources.some(isIstio));
  if (onScreen === undefined || !hasIstio) io.err(`${summaryLine(summary, level === 'info')}\n`);
}

function isIstio({ apiVersion }: { readonly apiVersion: string }): boolean {
  return /^(?:[\w-]+\.)*istio\.io\/|^gateway\.networking\.k8s\.io\//.test(apiVersion);
}
