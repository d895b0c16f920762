import type { RecordedAnswer } from '../../src/traffic/outcomes/recorded-answer.ts';
import type { CaseAnswer, ConformanceCase } from './case.ts';

/** How far an answer is right: 1 the outcome, 2 also what the client sees and what arrives, 3 also the proxies on the way. */
export type Level = 0 | 1 | 2 | 3;

export interface Miss {
  readonly probe: string;
  readonly level: Level;
  readonly expected: RecordedAnswer;
  readonly answer: RecordedAnswer;
}

export interface Verdict {
  readonly probes: number;
  readonly rightCases: number;
  readonly cases: number;
  /** By recorded outcome: how many answers reach each level, and no higher one. */
  readonly byOutcome: ReadonlyMap<string, readonly [number, number, number, number]>;
  readonly misses: readonly Miss[];
}

/** Holds answers against what is recorded, level by level. */
export function judge(cases: readonly ConformanceCase[], answers: readonly CaseAnswer[]): Verdict {
  const byOutcome = new Map<string, [number, number, number, number]>();
  const misses: Miss[] = [];
  let rightCases = 0;
  for (const [index, { id, probes }] of cases.entries()) {
    const before = misses.length;
    for (const [number, { expect }] of probes.entries()) {
      const answer = answers[index]?.probes[number] ?? { outcome: 'none', hops: [] };
      const level = levelOf(expect, answer);
      const counts = byOutcome.get(expect.outcome) ?? [0, 0, 0, 0];
      byOutcome.set(expect.outcome, counts);
      counts[level]++;
      if (level < 3) misses.push({ probe: `${id}#${number}`, level, expected: expect, answer });
    }
    if (misses.length === before) rightCases++;
  }
  return { probes: cases.reduce((sum, { probes }) => sum + probes.length, 0), rightCases, cases: cases.length, byOutcome, misses };
}

/** Where traffic is split, any end with the largest share is right. */
function levelOf(expected: RecordedAnswer, answer: RecordedAnswer): Level {
  const asLikely = (expected.others ?? []).filter(({ share }) => share === expected.share);
  const levels = [expected, ...asLikely].map((each) => levelOfEnd(each, answer));
  return levels.reduce((best, level) => (level > best ? level : best));
}

function levelOfEnd(expected: RecordedAnswer, answer: RecordedAnswer): Level {
  const { outcome } = expected;
  if (outcome !== answer.outcome) return 0;
  if (outcome !== 'rejected' && !isSame(endOf(expected), endOf(answer))) return 1;
  if (outcome === 'rejected' || outcome === 'loop') {
    // What lies behind a refused listener, or in a later round, is not compared.
    const count = Math.min(expected.hops.length, answer.hops.length, 2);
    return count > 0 && isSame(placesOf(expected, count), placesOf(answer, count)) ? 3 : 2;
  }
  return isSame(expected.hops.map(hopOf), answer.hops.map(hopOf)) ? 3 : 2;
}

function endOf({ code, flag, at, delivered }: RecordedAnswer): unknown {
  const sni = delivered?.as === 'plaintext' ? undefined : delivered?.sni;
  return [code, flag, at, delivered?.host, delivered?.port, delivered?.as, sni, delivered?.authority];
}

function placesOf({ hops }: RecordedAnswer, count: number): unknown {
  return hops.slice(0, count).map(({ proxy, listener }) => [kindAndNamespace(proxy), listener]);
}

function hopOf({ proxy, listener, virtualHost, cluster, tls }: RecordedAnswer['hops'][number]): unknown {
  const mode = tls?.mode;
  return [kindAndNamespace(proxy), listener, virtualHost, cluster, mode, mode === undefined || mode === 'NONE' ? undefined : tls?.sni];
}

/** `gateway NAMESPACE/POD` without the Pod, whose name is not compared. */
function kindAndNamespace(proxy: string): string {
  return proxy.replace(/\/.*$/, '');
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
