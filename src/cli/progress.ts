import type { Io } from './io.ts';

/** Says how far a run is: `parsing`, 120 of 3000. Cheap enough to be told of every step. */
export type Progress = (step: string, done?: number, all?: number) => void;

/** A run that is over before this many milliseconds shows nothing. */
const PATIENCE = 1000;
/** More often than this is flicker. */
const BETWEEN = 100;
const CLEAR_LINE = '\r\u001b[K';

/** Gives an Io whose standard error is a terminal a line that tells how far the run is. It goes before anything else is printed. */
export function withProgress(io: Io): Io {
  if (!io.errIsTerminal) return io;
  const started = io.now();
  let drawn = 0;
  let isShown = false;
  const clear = (): void => {
    if (isShown) io.err(CLEAR_LINE);
    isShown = false;
  };
  const progress: Progress = (step, done, all) => {
    const now = io.now();
    if (now - started < PATIENCE || now - drawn < BETWEEN) return;
    drawn = now;
    isShown = true;
    const amount = done === undefined ? '' : ` ${all === undefined ? counted(done) : `${counted(done)} of ${counted(all)}`}`;
    io.err(`${CLEAR_LINE}${step}${amount} …`);
  };
  const after = (write: (text: string) => void) => (text: string) => {
    clear();
    write(text);
  };
  return { ...io, out: after(io.out), err: after(io.err), progress, endProgress: clear };
}

function counted(count: number): string {
  return count.toLocaleString('en-US');
}
