import { fstatSync, writeSync } from 'node:fs';
import { reasonOf } from '../files/file-error.ts';
import { UsageError } from './usage-error.ts';

/**
 * Writes all of a text to standard output or error before it returns. Node's own streams cost milliseconds to set up, and lose what is
 * not yet out when a process ends; a report is there at once and in whole.
 */
export function writer(descriptor: 1 | 2): (text: string) => void {
  let isClosed = false;
  return (text) => {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length && !isClosed; ) {
      try {
        at += writeSync(descriptor, bytes, at);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        // Whoever reads may have enough of it (`| head`): no failure. Or cannot keep up with a pipe that does not wait.
        if (code === 'EPIPE') isClosed = true;
        else if (code === 'EAGAIN') pause();
        else throw new UsageError(`cannot write to standard ${descriptor === 1 ? 'output' : 'error'}: ${reasonOf(error)}`, 'nothing was lost but the report');
      }
    }
  };
}

/** Whether a person is looking; asks Node, which loads much for it, only where that is possible. */
export function isTerminal(descriptor: 1 | 2): boolean {
  try {
    if (!fstatSync(descriptor).isCharacterDevice()) return false;
  } catch {
    return false;
  }
  return (descriptor === 1 ? process.stdout : process.stderr).isTTY === true;
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
}
