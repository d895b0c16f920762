import { expect, test } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { withProgress } from '../../src/cli/progress.ts';

/** A terminal whose clock stands still until it is set. */
function terminal(errIsTerminal: boolean) {
  const clock = { now: 0 };
  const written: string[] = [];
  const io: Io = {
    cwd: '/',
    env: {},
    out: (text) => written.push(`out ${text}`),
    err: (text) => written.push(`err ${text}`),
    outIsTerminal: false,
    errIsTerminal,
    columns: undefined,
    now: () => clock.now,
    onInterrupt: () => {},
    importModule: async () => undefined,
    packageRoot: '/',
  };
  return { clock, written, io: withProgress(io) };
}

const CLEAR = '\r\u001b[K';

test('a run of less than a second shows nothing', () => {
  const { clock, written, io } = terminal(true);
  io.progress?.('parsing files', 1, 3);
  clock.now = 999;
  io.progress?.('parsing files', 2, 3);
  io.endProgress?.();
  expect(written).toEqual([]);
});

test('a longer one shows how far it is, ten times a second at most, and wipes it away before anything else', () => {
  const { clock, written, io } = terminal(true);
  for (const [now, done] of [
    [1000, 1],
    [1050, 2],
    [1100, 3000],
  ] as const) {
    clock.now = now;
    io.progress?.('parsing files', done, 3000);
  }
  io.out('report\n');
  io.err('summary\n');
  clock.now = 2000;
  io.progress?.('reading files', 4);
  io.endProgress?.();
  io.endProgress?.();
  expect(written).toEqual([
    `err ${CLEAR}parsing files 1 of 3,000 …`,
    `err ${CLEAR}parsing files 3,000 of 3,000 …`,
    `err ${CLEAR}`,
    'out report\n',
    'err summary\n',
    `err ${CLEAR}reading files 4 …`,
    `err ${CLEAR}`,
  ]);
});

test('where standard error is no terminal there is none', () => {
  expect(terminal(false).io.progress).toBeUndefined();
});
