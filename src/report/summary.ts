import type { Finding, Severity } from '../engine/finding.ts';
import type { LoadedFile } from '../mesh/load.ts';
import type { Meshes } from '../mesh/meshes.ts';

/** What a run looked at and what came of it. Counts are of the whole run, shown or not. */
export interface Summary {
  readonly files: number;
  /** Non-empty YAML documents, those of other kinds included. */
  readonly documents: number;
  /** Objects of the kinds that are read. */
  readonly resources: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  /** Findings silenced by comments, annotations or a baseline; not among the counts above. */
  readonly suppressed: number;
  /** Findings in files that were read but are not to be reported; in no other count. */
  readonly elsewhere?: number;
  /** Files that hold patches of kustomizations: they are no objects, and not judged. */
  readonly patches?: number;
  /** How the tree was divided, where it is judged as more than one mesh. */
  readonly meshes?: MeshSummary;
}

/** The meshes that a tree was judged as. */
export interface MeshSummary {
  /** In the order in which they were judged; empty where there are too many alternatives to judge each. */
  readonly names: readonly string[];
  /** Directories that belong to each of several meshes. */
  readonly shared: readonly string[];
  /** How many alternatives were put into one mesh without being compared, because there are too many of them. */
  readonly merged: number;
}

/**
 * Counts a run.
 * @param findings those that are left after suppressions
 * @param below how many more there are that were only counted
 */
export function summaryOf(
  files: readonly LoadedFile[],
  findings: readonly Finding[],
  suppressed: number,
  below: Readonly<Record<Severity, number>> = { error: 0, warning: 0, info: 0 },
): Summary {
  let documents = 0;
  let resources = 0;
  for (const file of files) {
    documents += file.contents.count;
    resources += file.resources.length;
  }
  const counts = { ...below };
  for (const finding of findings) counts[finding.severity]++;
  return { files: files.length, documents, resources, errors: counts.error, warnings: counts.warning, infos: counts.info, suppressed };
}

/** What a report tells of the division of a tree; undefined where it is one mesh. */
export function meshSummaryOf({ meshes, shared, merged }: Meshes): MeshSummary | undefined {
  if (meshes.length < 2 && merged === 0) return undefined;
  return { names: merged > 0 ? [] : meshes.map(({ name }) => name), shared, merged };
}

/** `judged as 2 meshes: envs/dev, envs/prod (shared: base)`: how a tree was divided, in one line. */
export function meshLine({ names, shared, merged }: MeshSummary): string {
  const aside = shared.length === 0 ? '' : ` (shared: ${listed(shared, 3)})`;
  if (merged > 0) return `too many alternatives to judge each: ${merged + 1} parts of the tree were not compared with each other${aside}`;
  return `judged as ${names.length} meshes: ${listed(names, 6)}${aside}`;
}

function listed(names: readonly string[], most: number): string {
  return names.length <= most ? names.join(', ') : `${names.slice(0, most - 1).join(', ')} and ${names.length - most + 1} more`;
}

/**
 * The run in one line, for people: `2 errors, 1 warning (3 infos hidden) in 12 resources of 3 files`.
 * @param showInfos whether infos were listed
 */
export function summaryLine(summary: Summary, showInfos: boolean): string {
  const { files, resources, errors, warnings, infos, suppressed, elsewhere = 0, patches = 0 } = summary;
  const found = [counted(errors, 'error'), counted(warnings, 'warning'), ...(showInfos ? [counted(infos, 'info')] : [])].filter((text) => text !== '');
  const asides = [
    showInfos ? '' : counted(infos, 'info', 'hidden'),
    suppressed === 0 ? '' : `${suppressed} suppressed`,
    elsewhere === 0 ? '' : `${elsewhere} in other files`,
    counted(patches, 'patch file', 'not judged'),
  ].filter((text) => text !== '');
  const aside = asides.length === 0 ? '' : ` (${asides.join(', ')})`;
  const where = resources === 0 ? `in ${amount(files, 'file')}` : `in ${amount(resources, 'resource')} of ${amount(files, 'file')}`;

  if (found.length > 0) return `${found.join(', ')}${aside} ${where}${resources === 0 ? '; no Istio resource was found' : ''}`;
  if (files === 0) return 'nothing to check: no YAML file was found';
  if (resources === 0) return `nothing to check: no Istio resource was found ${where}${aside}`;
  return `ok: no ${infos > 0 ? 'errors or warnings' : 'findings'}${aside} ${where}`;
}

function counted(count: number, noun: string, remark = ''): string {
  return count === 0 ? '' : `${amount(count, noun)}${remark && ` ${remark}`}`;
}

function amount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
