import { compareText } from '../text/compare-text.ts';
import type { Finding, ResourceId } from './finding.ts';

/** A finding that is known and accepted, by what it is about: no file, no line. */
export interface BaselineEntry {
  readonly fingerprint: string;
  readonly rule: string;
  /** `ServiceEntry shop/payments`, for people who read the file; absent where the finding is about no resource. */
  readonly resource?: string;
  readonly path?: string;
  /** How many findings have this fingerprint: one object may stand in several files. */
  readonly count: number;
}

/** What is known, and of what. */
export interface Baseline {
  /** The paths that were linted for it, relative to the root: a run that does not read them all cannot tell what of them is no longer needed. */
  readonly paths: readonly string[];
  readonly findings: readonly BaselineEntry[];
}

/** What is left of findings once a baseline has taken its own. */
export interface BaselineOutcome {
  readonly findings: readonly Finding[];
  readonly suppressed: number;
  /** Entries that no finding, or fewer than they say, needs any more. */
  readonly stale: readonly BaselineEntry[];
}

/** Takes out of the findings, in their order, those that a baseline knows. */
export function withoutBaseline(findings: readonly Finding[], baseline: readonly BaselineEntry[]): BaselineOutcome {
  const left = new Map<string, number>();
  for (const { fingerprint, count } of baseline) left.set(fingerprint, (left.get(fingerprint) ?? 0) + count);
  const rest = findings.filter(({ fingerprint }) => {
    const open = left.get(fingerprint) ?? 0;
    if (open > 0) left.set(fingerprint, open - 1);
    return open === 0;
  });
  return { findings: rest, suppressed: findings.length - rest.length, stale: baseline.filter(({ fingerprint }) => (left.get(fingerprint) ?? 0) > 0) };
}

/**
 * The text of a baseline that knows these findings; the same findings give the same text.
 * @param before paths of this run and of the baseline before, and entries of that one which the run has nothing to say about
 */
export function baselineText(findings: readonly Finding[], before: Baseline): string {
  const entries = new Map(before.findings.map((entry) => [entry.fingerprint, entry]));
  for (const { fingerprint, rule, resource, path } of findings) {
    const count = (entries.get(fingerprint)?.count ?? 0) + 1;
    const name = resource && resourceText(resource);
    entries.set(fingerprint, { fingerprint, rule, ...(name !== undefined && { resource: name }), ...(path !== undefined && path !== '' && { path }), count });
  }
  const sorted = [...entries.values()].sort((a, b) => compareText(orderOf(a), orderOf(b)));
  const paths = [...new Set(before.paths)].filter((path) => !before.paths.some((other) => other !== path && (other === '.' || path.startsWith(`${other}/`))));
  return `${JSON.stringify({ version: 1, paths: paths.sort(compareText), findings: sorted }, null, 2)}\n`;
}

/** What entries call a resource. */
export function resourceText({ kind, namespace, name }: Pick<ResourceId, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

/** Reads the text of a baseline; a problem reads after the file's name. */
export function readBaseline(text: string): Baseline | { readonly problem: string } {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return { problem: 'is not JSON' };
  }
  const { version, findings, paths } = (root ?? {}) as { readonly version?: unknown; readonly findings?: unknown; readonly paths?: unknown };
  if (version !== 1) return { problem: 'is not a baseline of version 1' };
  if (!Array.isArray(findings) || !findings.every(isEntry)) return { problem: "lacks a list 'findings' whose entries have a fingerprint, a rule and a count" };
  return { findings, paths: Array.isArray(paths) && paths.every((path) => typeof path === 'string') ? paths : ['.'] };
}

function isEntry(value: unknown): value is BaselineEntry {
  const { fingerprint, rule, count } = (value ?? {}) as Partial<Record<keyof BaselineEntry, unknown>>;
  return typeof fingerprint === 'string' && typeof rule === 'string' && typeof count === 'number' && Number.isInteger(count) && count > 0;
}

function orderOf({ resource, rule, path, fingerprint }: BaselineEntry): string {
  return [resource ?? '', rule, path ?? '', fingerprint].join('\n');
}
