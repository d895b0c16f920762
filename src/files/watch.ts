import { statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { CONFIG_NAME } from './config-files.ts';
import { posix, realPath } from './paths.ts';
import { directoriesAbove, EXTENSION, WalkedAlike } from './walk.ts';

/** Changes come in crowds: an editor writes a file in several steps, git many files. */
const SETTLED_AFTER = 100;

export interface Watcher {
  /** Settles once the next changes are over. Changes since the last call count. True where they may change what is to be watched. */
  readonly changed: () => Promise<boolean>;
  readonly close: () => Promise<void>;
}

/** Names of files that decide which others are read. */
const DECIDING = ['.gitignore', CONFIG_NAME, 'Chart.yaml'];

export interface WatchRequest {
  /** The arguments of a run, and other files that it depends on. They need not be there yet. For a pattern the current directory is watched. */
  readonly paths: readonly string[];
  readonly cwd: string;
  /** Whether a file is left out of the run though a walk finds it; absolute, with `/` between its parts. */
  readonly isLeftOut: (path: string) => boolean;
}

/**
 * Watches what a run reads: files that are named, and of directories the files that a walk would find, also those that come later. What
 * `.gitignore` files say is read once, so they are watched as well: whoever is told that they changed has to begin anew.
 */
export async function watchPaths({ paths, cwd, isLeftOut }: WatchRequest): Promise<Watcher> {
  const { watch } = await import('chokidar');
  const targets = paths.map((path) => realPath(/[*?[\]{}!]/.test(path) ? cwd : resolve(cwd, path)));
  const directories = targets.filter(isDirectory);
  const walks = directories.map((directory) => new WalkedAlike(directory));
  const files = new Set([...targets.filter((target) => !directories.includes(target)), ...directories.flatMap(decidingFiles)]);
  // A file that an editor replaces, or that comes later, is seen by its directory only.
  const parents = new Set([...files].map((file) => posix(dirname(file))));

  const isRead = (path: string): boolean => {
    if (files.has(path)) return true;
    if (basename(path) === '.gitignore') return walks.some((walk) => walk.enters(posix(dirname(path))));
    return EXTENSION.test(path) && walks.some((walk) => walk.reads(path)) && !isLeftOut(path);
  };
  const isEntered = (path: string): boolean => parents.has(path) || walks.some((walk) => walk.enters(path));
  const watcher = watch([...directories, ...parents], {
    ignoreInitial: true,
    followSymlinks: false,
    // Asked first without knowing what stands there.
    ignored: (path, stats) => stats !== undefined && !(stats.isDirectory() ? isEntered(posix(path)) : isRead(posix(path))),
  });
  await new Promise<void>((ready) => watcher.once('ready', () => ready()));

  /** Named files are few, and most of them are no manifests: configurations, plugins. */
  const isDeciding = (path: string): boolean => files.has(path) || DECIDING.includes(basename(path));

  let hasChanged = false;
  let isOver = false;
  let tell: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  watcher.on('all', (event, path) => {
    // What comes or goes with a directory is told by itself.
    if (event === 'addDir' || event === 'unlinkDir' || !isRead(posix(path))) return;
    isOver ||= isDeciding(posix(path));
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
      return isOver;
    },
    close: async () => {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}

/** What decides from above what is read below, whether it is there or not. */
function decidingFiles(directory: string): readonly string[] {
  return directoriesAbove(directory).flatMap((above) => ['.gitignore', CONFIG_NAME].map((name) => `${above.replace(/\/$/, '')}/${name}`));
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
