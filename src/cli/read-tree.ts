import { assumptionsOf, configuredMeshes, ignoredFiles } from '../config/apply.ts';
import type { Settings } from '../config/settings.ts';
import type { AnyRule } from '../engine/rule.ts';
import { isConfig } from '../files/config-files.ts';
import { discover } from '../files/discover.ts';
import { readFiles } from '../files/read-files.ts';
import { type LoadedFile, load } from '../mesh/load.ts';
import { type Meshes, meshesOf } from '../mesh/meshes.ts';
import { configurationFor } from './configuration.ts';
import type { Io } from './io.ts';
import type { ConfigFlags } from './program.ts';
import { UsageError } from './usage-error.ts';

/** What commands other than `lint` work on. */
export interface Tree {
  readonly settings: Settings;
  /** Ours, and those of plugins. */
  readonly rules: readonly AnyRule[];
  readonly files: readonly LoadedFile[];
  readonly division: Meshes;
  /** What printed names are relative to; absolute. */
  readonly root: string;
}

/** Finds and reads the files of a run, and divides them into meshes, as `lint` does. */
export async function readTree(paths: readonly string[], flags: ConfigFlags, io: Io): Promise<Tree> {
  const { settings, rules } = await configurationFor(paths, flags, io);
  const found = await discover({
    paths,
    cwd: io.cwd,
    ...(flags.root !== undefined && { root: flags.root }),
    ...(flags.stdinFilename !== undefined && { stdinFilename: flags.stdinFilename }),
  });
  const [missing] = found.missing;
  if (missing) throw new UsageError(`cannot read '${missing.argument}': ${missing.reason}`, 'name files or directories that can be read');
  const isIgnored = ignoredFiles(settings);
  const texts = await readFiles(found.files.filter(({ named, path, file }) => named || !(isConfig(path) || isIgnored(file))));
  const unreadable = texts.find((text) => text.unreadable !== undefined);
  if (!texts.some((text) => text.unreadable === undefined)) {
    const why = unreadable ? `'${unreadable.file}' was not read: ${unreadable.unreadable}` : 'there is no .yaml, .yml or .json file';
    throw new UsageError(`nothing to read: ${why}`, 'name the directory with the manifests');
  }
  const namespace = flags.namespace ?? settings.namespace?.value;
  const files = load(texts, namespace === undefined ? {} : { namespace });
  return { settings, rules, files, division: meshesOf(files, { assumptions: assumptionsOf(settings), groups: configuredMeshes(settings) }), root: found.root };
}
