import { resolve } from 'node:path';
import { ConfigError } from '../files/config-files.ts';
import { watchPaths } from '../files/watch.ts';
import { configurationFor } from './configuration.ts';
import type { Io } from './io.ts';
import type { LintFlags } from './program.ts';
import { UsageError } from './usage-error.ts';

const CLEAR_SCREEN = '\u001b[2J\u001b[3J\u001b[H';

/**
 * `egress-lint --watch`: runs, and again whenever a file changes, until the person has had enough. Gives the last run's exit status.
 * @param once a run from beginning to end, which reports its own failures
 */
export async function watchCommand(paths: readonly string[], flags: LintFlags, io: Io, once: () => Promise<number>): Promise<number> {
  if (paths.includes('-')) throw new UsageError('--watch cannot watch standard input', 'name files or directories');
  const interrupted = new Promise<'interrupted'>((resolve) => io.onInterrupt(() => resolve('interrupted')));
  const watcher = await watchPaths([...(paths.length === 0 ? ['.'] : paths), ...(await configPaths(paths, flags, io))], io.cwd);
  try {
    for (;;) {
      if (io.outIsTerminal) io.out(CLEAR_SCREEN);
      const status = await once();
      io.err('watching for changes; Ctrl-C ends\n');
      const news = await Promise.race([interrupted, watcher.changed()]);
      if (news === 'interrupted') return status;
    }
  } finally {
    await watcher.close();
  }
}

/** The configuration is watched as well, wherever it lies. One that is wrong is reported by the run, and watched if it is named or lies in a path. */
async function configPaths(paths: readonly string[], flags: LintFlags, io: Io): Promise<readonly string[]> {
  const named = [flags.config, flags.meshConfig].filter((path) => typeof path === 'string');
  try {
    const { files, plugins, root } = await configurationFor(paths, flags, io);
    return [...named, ...plugins, ...files.map(({ source }) => resolve(root, source.file))];
  } catch (error) {
    if (error instanceof ConfigError) return named;
    throw error;
  }
}
