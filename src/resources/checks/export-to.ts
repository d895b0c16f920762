/** `exportTo` (pkg/config/validation/validation.go, validateExportTo; pkg/config/visibility). */
import type { CheckContext, ProblemDetail, ReportProblem } from '../field.ts';
import { isDnsLabel } from './host-name.ts';
import { conflict, duplicate, malformed } from './problem.ts';

/** SE31, VS30 (webhook), on the list itself. `~`, no namespace at all, is a ServiceEntry's alone. */
export const exportTo =
  (kind: 'ServiceEntry' | 'other') =>
  (entries: readonly string[], report: ReportProblem, context: CheckContext): void => {
    const seen = new Map<string, number>();
    for (const [index, entry] of entries.entries()) {
      const key = entry === '.' ? (context.namespace ?? '.') : entry;
      const first = seen.get(key);
      if (first !== undefined) report([index], repetition(entry, entries[first] ?? '', first), 'webhook');
      else if (isEntry(entry, kind)) seen.set(key, index);
      else report([index], malformed(entry, expectedEntry(entry, kind)), 'webhook');
    }
    standsAlone('*', "'*' already exports to every namespace, so Istio allows no other entry beside it", seen, entries, report);
    standsAlone('~', "'~' exports to no namespace at all, which contradicts every other entry", seen, entries, report);
  };

function isEntry(entry: string, kind: 'ServiceEntry' | 'other'): boolean {
  return entry === '*' || entry === '.' || (entry === '~' && kind === 'ServiceEntry') || isDnsLabel(entry);
}

function expectedEntry(entry: string, kind: 'ServiceEntry' | 'other'): string {
  if (entry === '~') return "'.', '*' or a namespace's name: '~' (no namespace) is for ServiceEntries only";
  return `'.' (the own namespace), '*' (all of them)${kind === 'ServiceEntry' ? ", '~' (none)" : ''} or the name of one namespace`;
}

function repetition(entry: string, earlier: string, first: number): ProblemDetail {
  if (entry === earlier) return duplicate(entry, [first], 'the entries');
  return conflict(`'${earlier}' and '${entry}' are the same namespace here; one of them is enough`, [first]);
}

/** Reports an entry that excludes all others, at its place. Repetitions of itself have been told. */
function standsAlone(entry: string, why: string, seen: ReadonlyMap<string, number>, entries: readonly string[], report: ReportProblem): void {
  const index = seen.get(entry);
  if (index === undefined) return;
  const others = entries.flatMap((other, i) => (other === entry ? [] : [[i]]));
  if (others.length > 0) report([index], conflict(why, ...others), 'webhook');
}
