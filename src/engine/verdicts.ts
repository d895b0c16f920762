import type { JudgedMesh } from '../mesh/meshes.ts';
import { compareText } from '../text/compare-text.ts';
import type { Finding, Severity } from './finding.ts';

interface Outcome {
  readonly findings: readonly Finding[];
  readonly below: Readonly<Record<Severity, number>>;
  readonly suppressed: number;
}

/** What was said of one place, in one mesh or several. */
export interface Verdict {
  severity: Severity;
  /** Undefined where it is only counted. */
  finding: Finding | undefined;
  isSilenced: boolean;
  /** By their indexes. */
  readonly meshes: Set<number>;
}

/** What is left of all verdicts: those of one identity stand together. */
export function outcomeOf(verdicts: readonly (readonly Verdict[])[], meshes: readonly JudgedMesh[]): Outcome {
  const below = { error: 0, warning: 0, info: 0 };
  const findings: Finding[] = [];
  let suppressed = 0;
  const meshesWith = meshes.length > 1 ? meshesByFile(meshes) : undefined;
  for (const same of verdicts) {
    // Of what is only counted, each place counts once.
    const counted = same.find(({ finding }) => finding === undefined);
    if (counted) below[counted.severity]++;
    for (const { finding, isSilenced, meshes: own } of same) {
      if (isSilenced) suppressed++;
      else if (finding) findings.push(...(meshesWith ? inMeshes(finding, own, meshesWith, meshes) : [finding]));
    }
  }
  return { findings: distinct(findings.sort(byPlace)), below, suppressed };
}

function meshesByFile(meshes: readonly JudgedMesh[]): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  for (const [index, { files }] of meshes.entries()) {
    for (const { source } of files) {
      const own = found.get(source.file);
      if (own) own.add(index);
      else found.set(source.file, new Set([index]));
    }
  }
  return found;
}

/**
 * A finding with the meshes in which it holds, where others have the same files and not the finding: something that only they have prevents it.
 * Where its files are not known to belong to all of them, there is no finding.
 */
function inMeshes(
  finding: Finding,
  own: ReadonlySet<number>,
  byFile: ReadonlyMap<string, ReadonlySet<number>>,
  meshes: readonly JudgedMesh[],
): readonly Finding[] {
  const files = [...new Set([finding.location.file, ...finding.related.map(({ location }) => location.file)])];
  const isElsewhere = (file: string): boolean => [...(byFile.get(file) ?? [])].some((index) => !own.has(index));
  if (files.some((file) => isElsewhere(file) && meshes.some(({ loose }) => loose?.has(file)))) return [];
  const [first, ...others] = files.map((file) => byFile.get(file) ?? new Set<number>());
  const possible = [...(first ?? [])].filter((index) => others.every((each) => each.has(index)));
  if (possible.every((index) => own.has(index))) return [finding];
  return [{ ...finding, meshes: [...own].sort((a, b) => a - b).flatMap((index) => meshes[index]?.name ?? []) }];
}

function byPlace(a: Finding, b: Finding): number {
  return (
    compareText(a.location.file, b.location.file) || a.location.start - b.location.start || compareText(a.code, b.code) || compareText(a.message, b.message)
  );
}

/** Drops what says the same of the same place: one object that several aliases bring in is one mistake. */
function distinct(sorted: readonly Finding[]): Finding[] {
  return sorted.filter((finding, index) => {
    const before = sorted[index - 1];
    return (
      !before ||
      before.fingerprint !== finding.fingerprint ||
      before.location.file !== finding.location.file ||
      before.location.start !== finding.location.start
    );
  });
}
