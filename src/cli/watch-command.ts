import { resolve } from 'node:path';
import { ignoredFiles } from '../config/apply.ts';
import { ConfigError } from '../files/config-files.ts';
import { displayName, realPath } from '../files/paths.ts';
import { type WatchRequest, watchPaths } from '../files/watch.ts';
import { configurationFor } from './configuration.ts';
import { readOutputs } from './formats.ts';
import type { Io } from './io.ts';
import type { LintFlags } from './program.ts';
import { DEFAULT_BASELINE, pathsToRead } from './scope.ts';
import { UsageError } from './usage-error.ts';

const CLEAR_SCREEN = '\u001b[2J\u001b[3J\u001b[H';

/**
 * `egress-lint --watch`: runs, and again whenever a file changes, until the person has had enough. Gives the last run's exit status.
 * @param once a run from beginning to end, which reports its own failures
 */
export async function watchCommand(paths: readonly string[], flags: LintFlags, io: Io, once: () => Promise<number>): Promise<number> {
  if (paths.includes('-')) throw new UsageError('--watch cannot watch standard input', 'name files or directories');
  const interrupted = new Promise<'interrupted'>((resolve) => io.onInterrupt(() => resolve('interrupted')));
  let watcher = await watchPaths(await watched(paths, flags, io));
  try {
    for (;;) {
      if (io.outIsTerminal) io.out(CLEAR_SCREEN);
      const status = await once();
      io.err('watching for changes; Ctrl-C ends\n');
      const news = await Promise.race([interrupted, watcher.changed()]);
      if (news === 'interrupted') return status;
      if (!news) continue;
      // Before the run, so that nothing is missed meanwhile.
      await watcher.close();
      watcher = await watchPaths(await watched(paths, flags, io));
    }
  } finally {
    await watcher.close();
  }
}

/**
 * What a run reads, and its configuration, wherever it lies. A configuration that is wrong is reported by the run, and watched if it is named or lies in a
 * path. What the run writes itself is no news.
 */
async function watched(paths: readonly string[], flags: LintFlags, io: Io): Promise<WatchRequest> {
  const at = (path: string): string => realPath(resolve(io.cwd, path));
  const written = new Set(readOutputs(flags.format ?? [], flags.output).flatMap(({ file }) => (file === undefined ? [] : [at(file)])));
  if (flags.updateBaseline) written.add(at(flags.baseline ?? DEFAULT_BASELINE));
  const named = [flags.config, flags.meshConfig, ...(flags.updateBaseline ? [] : [flags.baseline])].filter((path) => typeof path === 'string');
  const lint = pathsToRead(paths.length === 0 ? ['.'] : paths, flags);
  try {
    const { settings, files, plugins, root } = await configurationFor(paths, flags, io);
    const isIgnored = ignoredFiles(settings);
    return {
      paths: [...lint, ...named, ...plugins, ...files.map(({ source }) => resolve(root, source.file))],
      cwd: io.cwd,
      isLeftOut: (path) => written.has(path) || isIgnored(displayName(root, path)),
    };
  } catch (error) {
    if (error instanceof ConfigError) return { paths: [...lint, ...named], cwd: io.cwd, isLeftOut: (path) => written.has(path) };
    throw error;
  }
}
