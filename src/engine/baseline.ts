import { compareText } from '../text/compare-text.ts';
import type { Finding } from './finding.ts';

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

/** The text of a baseline that knows these findings; the same findings give the same text. */
export function baselineText(findings: readonly Finding[]): string {
  const entries = new Map<string, BaselineEntry>();
  for (const { fingerprint, rule, resource, path } of findings) {
    const count = (entries.get(fingerprint)?.count ?? 0) + 1;
    const name = resource && `${resource.kind} ${resource.namespace === '' ? '' : `${resource.namespace}/`}${resource.name}`;
    entries.set(fingerprint, { fingerprint, rule, ...(name !== undefined && { resource: name }), ...(path !== undefined && path !== '' && { path }), count });
  }
  const sorted = [...entries.values()].sort((a, b) => compareText(orderOf(a), orderOf(b)));
  return `${JSON.stringify({ version: 1, findings: sorted }, null, 2)}\n`;
}

/** Reads the text of a baseline; a problem reads after the file's name. */
export function readBaseline(text: string): readonly BaselineEntry[] | { readonly problem: string } {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return { problem: 'is not JSON' };
  }
  const { version, findings } = (root ?? {}) as { readonly version?: unknown; readonly findings?: unknown };
  if (version !== 1) return { problem: 'is not a baseline of version 1' };
  if (!Array.isArray(findings) || !findings.every(isEntry)) return { problem: "lacks a list 'findings' whose entries have a fingerprint, a rule and a count" };
  return findings;
}

function isEntry(value: unknown): value is BaselineEntry {
  const { fingerprint, rule, count } = (value ?? {}) as Partial<Record<keyof BaselineEntry, unknown>>;
  return typeof fingerprint === 'string' && typeof rule === 'string' && typeof count === 'number' && Number.isInteger(count) && count > 0;
}

function orderOf({ resource, rule, path, fingerprint }: BaselineEntry): string {
  return [resource ?? '', rule, path ?? '', fingerprint].join('\n');
}
