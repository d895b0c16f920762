/** A row of a table of times. */
type Row = readonly [name: string, milliseconds: number, calls?: number];

/** Shorter times are noise. */
const LEAST = 0.05;

/** Takes the time of the steps of a run and of each rule, for `--timing`. */
export class Stopwatch {
  private readonly now: () => number;
  private readonly laps: Row[] = [];
  private readonly rules = new Map<string, { milliseconds: number; calls: number }>();
  private last: number;

  constructor(now: () => number) {
    this.now = now;
    this.last = now();
  }

  /** Ends a step. */
  lap(step: string): void {
    const now = this.now();
    this.laps.push([step, now - this.last]);
    this.last = now;
  }

  /** Makes a visit of a rule. The rule that is the first to ask for a resource's fields pays for reading them. */
  readonly visit = (rule: string, visit: () => void): void => {
    const start = this.now();
    try {
      visit();
    } finally {
      const known = this.rules.get(rule) ?? { milliseconds: 0, calls: 0 };
      known.milliseconds += this.now() - start;
      known.calls++;
      this.rules.set(rule, known);
    }
  };

  /** The steps with their milliseconds, a line for each; then the rules, the slowest first. */
  table(): string {
    const rules = [...this.rules].map(([rule, { milliseconds, calls }]): Row => [`  ${rule}`, milliseconds, calls]).sort((a, b) => b[1] - a[1]);
    const shown = rules.filter(([, milliseconds]) => milliseconds >= LEAST);
    const rest = rules.slice(shown.length);
    const others: Row[] = rest.length === 0 ? [] : [[`  ${rest.length} other rules`, rest.reduce((sum, [, milliseconds]) => sum + milliseconds, 0)]];
    return rowsText([...this.laps, ...shown, ...others]);
  }
}

function rowsText(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows
    .map(([name, milliseconds, calls]) => {
      const visits = calls === undefined ? '' : ` in ${calls} ${calls === 1 ? 'visit' : 'visits'}`;
      return `${name.padEnd(width)} ${milliseconds.toFixed(1).padStart(9)} ms${visits}\n`;
    })
    .join('');
}
