/** Takes the time of the steps of a run, for `--timing`. */
export class Stopwatch {
  private readonly now: () => number;
  private readonly laps: (readonly [step: string, milliseconds: number])[] = [];
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

  /** The steps with their milliseconds, a line for each. */
  table(): string {
    const width = Math.max(...this.laps.map(([step]) => step.length));
    return this.laps.map(([step, milliseconds]) => `${step.padEnd(width)} ${milliseconds.toFixed(1).padStart(9)} ms\n`).join('');
  }
}
