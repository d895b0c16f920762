import type { Level, Verdict } from './judge.ts';

const LEVELS = ['outcome', 'ends', 'hops'] as const;

/** A verdict as text: how many answers reach each level, by recorded outcome, and the first misses. */
export function reportOf(verdict: Verdict, seconds: number, show: number): string {
  const { probes, cases, rightCases, byOutcome, misses } = verdict;
  const total = [0, 1, 2, 3].map((level) => [...byOutcome.values()].reduce((sum, counts) => sum + (counts[level as Level] ?? 0), 0));
  const atLeast = (counts: readonly number[], level: number) => counts.slice(level).reduce((sum, count) => sum + count, 0);
  const summary = LEVELS.map((name, index) => `${name} ${percent(atLeast(total, index + 1), probes)}`).join(', ');
  const rows = [...byOutcome]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([outcome, counts]) => {
      const all = atLeast(counts, 0);
      return [outcome.padEnd(18), String(all).padStart(6), ...LEVELS.map((_, index) => percent(atLeast(counts, index + 1), all).padStart(9))].join(' ');
    });
  return [
    `${probes} probes in ${cases} cases: ${summary}; ${rightCases} cases fully right; ${seconds.toFixed(1)} s of CPU`,
    [''.padEnd(18), 'probes'.padStart(6), ...LEVELS.map((name) => name.padStart(9))].join(' '),
    ...rows,
    ...misses
      .slice(0, show)
      .map(({ probe, level, expected, answer }) => `\n${probe} level ${level}\n  expected ${JSON.stringify(expected)}\n  answer   ${JSON.stringify(answer)}`),
    '',
  ].join('\n');
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / Math.max(whole, 1)).toFixed(2)}%`;
}
