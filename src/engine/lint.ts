import type { LoadedFile } from '../mesh/load.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { JudgedMesh } from '../mesh/meshes.ts';
import { AtSource } from './at-source.ts';
import { explainedPaths } from './explained-paths.ts';
import { type Finding, reaches, type Severity } from './finding.ts';
import type { LintOptions } from './lint-options.ts';
import { originOf } from './origin.ts';
import { identityOf, type Reported, resourcesOf, subjectOf } from './reported.ts';
import { Run } from './run.ts';
import { isOff, severityOf } from './severity.ts';
import { suppressionsIn } from './suppressions.ts';
import { type Edited, toFinding } from './to-finding.ts';
import { outcomeOf, type Verdict } from './verdicts.ts';

export interface LintResult {
  /** Sorted by file, place and code. */
  readonly findings: readonly Finding[];
  /** How many more there are below {@link LintOptions.least}. */
  readonly below: Readonly<Record<Severity, number>>;
  /** How many were silenced by comments or annotations. */
  readonly suppressed: number;
  /** Whether a rule failed: the run's exit status is then 2. */
  readonly crashed: boolean;
}

/** Runs the rules over a mesh and everything that it was made of. Pure: the same input gives the same findings, whatever the order of files. */
export function lint(files: readonly LoadedFile[], mesh: Mesh, options: LintOptions): LintResult {
  return lintMeshes(files, [{ name: '', files, mesh }], options);
}

/**
 * Runs the rules once for each mesh. What several meshes say of one place is one finding, the gravest; where it does not hold in all that
 * its file belongs to, it names those in which it does.
 * @param files all files, each once: their comments and annotations silence findings in whatever mesh
 */
export function lintMeshes(files: readonly LoadedFile[], meshes: readonly JudgedMesh[], options: LintOptions): LintResult {
  const metas = options.rules.map((rule) => rule.meta);
  const suppressions = suppressionsIn(files, metas);
  const runs = meshes.map((each) => new Run(each.files, each.mesh, options));
  const verdicts = new Map<string, Verdict[]>();
  const sources = options.textOfOrigin && new AtSource(options.textOfOrigin);
  const edited: Edited = {
    place: (place) => sources?.placeOf(place) ?? place,
    file: (resource) => (sources ? sources.originOf(resource) : originOf(resource)),
  };
  const judge = (reported: readonly Reported[], index: number): void => {
    for (const each of reported) {
      const severity = severityOf(each, options);
      if (severity === 'off') continue;
      const resources = resourcesOf(each);
      const mayBeSilenced = suppressions.mayCover(resources);
      const isBelow = options.least !== undefined && !reaches(severity, options.least) && !mayBeSilenced;
      const identity = identityOf({ ...each, at: edited.place(each.at) });
      const known = verdicts.get(identity);
      const elsewhere = known?.find((verdict) => !verdict.meshes.has(index));
      elsewhere?.meshes.add(index);
      const isTold = elsewhere !== undefined && reaches(elsewhere.severity, severity);
      if (isTold && !mayBeSilenced) continue;
      const finding = isBelow ? undefined : toFinding(each, severity, edited);
      const verdict = { severity, finding, isSilenced: finding !== undefined && suppressions.covers(finding, resources), meshes: new Set([index]) };
      if (elsewhere && !isTold) Object.assign(elsewhere, { ...verdict, meshes: elsewhere.meshes });
      else if (known && !elsewhere) known.push(verdict);
      else if (!known) verdicts.set(identity, [verdict]);
    }
  };
  for (const [index, run] of runs.entries()) judge(withPaths(run, options), index);
  const crashed = (): boolean => runs.some((run) => run.crashed);
  // A rule that failed may be the very one that a suppression is for.
  if (!crashed()) judge(runs[0]?.onSuppressions(suppressions.uses({ metas, isOff: (meta) => isOff(meta, options) })) ?? [], 0);
  return { ...outcomeOf([...verdicts.values()], meshes), crashed: crashed() };
}

/** What the rules say of a mesh, each with the first connection that fails for it, and what they say of connections that fail for no reason told before. */
function withPaths(run: Run, options: LintOptions): readonly Reported[] {
  const reported = run.onMesh();
  if (!run.looksAtPaths) return reported;
  const grave = reported
    .filter((each) => isGrave(each, options))
    .map((each) => ({
      at: each.at,
      isRefused: each.details.refusedBy !== undefined,
      isAdvice: each.rule.meta.securitySeverity !== undefined || each.rule.meta.family === 'policy',
      each,
    }));
  const { stories, open } = explainedPaths(grave, run.failingPaths());
  const told = new Map([...stories].map(([{ each }, trace]) => [each, { ...each, details: { trace, ...each.details } }]));
  const ofPaths = run.onPaths(open);
  // What a rule suspects of a field is settled by a connection that fails there.
  const settled = new Set(ofPaths.map(subjectOf));
  return [...reported.filter((each) => isGrave(each, options) || !settled.has(subjectOf(each))).map((each) => told.get(each) ?? each), ...ofPaths];
}

function isGrave(reported: Reported, options: LintOptions): boolean {
  const severity = severityOf(reported, options);
  return severity !== 'off' && reaches(severity, 'warning');
}
