import type { Finding } from '../engine/finding.ts';
import { compareText } from '../text/compare-text.ts';
import { SEVERITIES } from './report.ts';

/** How often each rule found something, for `--statistics`: a line a rule, the worst severity first, then the most frequent. */
export function statistics(findings: readonly Finding[]): string {
  const rows = new Map<string, { readonly finding: Finding; count: number; fixable: number }>();
  for (const finding of findings) {
    const key = `${finding.severity} ${finding.rule}`;
    const row = rows.get(key) ?? { finding, count: 0, fixable: 0 };
    row.count++;
    if (finding.fixes.some(({ safe }) => safe)) row.fixable++;
    rows.set(key, row);
  }
  const sorted = [...rows.values()].sort(
    (a, b) =>
      SEVERITIES.indexOf(a.finding.severity) - SEVERITIES.indexOf(b.finding.severity) || b.count - a.count || compareText(a.finding.rule, b.finding.rule),
  );
  const width = Math.max(...sorted.map(({ count }) => String(count).length));
  return sorted
    .map(({ finding: { severity, code, rule }, count, fixable }) => {
      const fix = fixable === 0 ? '' : ` (${fixable} with a safe fix)`;
      return `${String(count).padStart(width)}  ${severity.padEnd(7)}  ${code}  ${rule}${fix}\n`;
    })
    .join('');
}
