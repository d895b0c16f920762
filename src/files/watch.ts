import { statSync } from 'node:fs';
import { basename, dirname, resolve, sep } from 'node:path';
import { EXTENSION, SKIPPED_DIRECTORIES } from './walk.ts';

/** Changes come in crowds: an editor writes a file in several steps, git many files. */
const SETTLED_AFTER = 100;

export interface Watcher {
  /** Settles once the next changes are over. Changes since the last call count. */
  readonly changed: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Watches what the arguments of a run lead to: files, also those that are not there yet, and directories with everything below them that a walk
 * could read. For a pattern that is the current directory.
 */
export async function watchPaths(paths: readonly string[], cwd: string): Promise<Watcher> {
  const { watch } = await import('chokidar');
  const targets = paths.map((path) => (/[*?[\]{}!]/.test(path) ? cwd : resolve(cwd, path)));
  const directories = targets.filter(isDirectory);
  const files = new Set(targets.filter((target) => !directories.includes(target)));
  // A file that an editor replaces, or that comes later, is seen by its directory only.
  const parents = new Set([...files].map((file) => dirname(file)));
  const isWalked = (path: string): boolean => directories.some((directory) => path === directory || path.startsWith(directory + sep));
  const watcher = watch([...directories, ...parents], {
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (path, stats) => {
      if (files.has(path) || parents.has(path) || directories.includes(path)) return false;
      return !isWalked(path) || SKIPPED_DIRECTORIES.has(basename(path)) || (stats?.isFile() === true && !EXTENSION.test(path));
    },
  });
  await new Promise<void>((ready) => watcher.once('ready', () => ready()));

  let hasChanged = false;
  let tell: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  watcher.on('all', () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      hasChanged = true;
      tell?.();
    }, SETTLED_AFTER);
  });
  return {
    changed: async () => {
      if (!hasChanged) {
        await new Promise<void>((resolved) => {
          tell = resolved;
        });
      }
      hasChanged = false;
      tell = undefined;
    },
    close: async () => {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
