import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { RULES } from '../../rules/index.ts';
import type { LoadedConfig } from '../config/extends.ts';
import { flagSettings } from '../config/flag-settings.ts';
import { readRuleSeverities } from '../config/rule-severities.ts';
import { NO_SETTINGS, over, type Settings } from '../config/settings.ts';
import type { AnyRule } from '../engine/rule.ts';
import { ConfigError, findConfig, loadConfig, loadMeshConfig, namedPlugins } from '../files/config-files.ts';
import { runRoot } from '../files/discover.ts';
import { displayName, posix, realPath } from '../files/paths.ts';
import type { Io } from './io.ts';
import { rulesOfPlugins } from './plugins.ts';
import type { ConfigFlags } from './program.ts';
import { UsageError } from './usage-error.ts';

/** What holds for a run. */
export interface Configuration {
  /** Flags over files over presets. */
  readonly settings: Settings;
  /** The files that were read, the one that was found last. */
  readonly files: LoadedConfig['files'];
  /** Ours, and those of its plugins. */
  readonly rules: readonly AnyRule[];
  /** The modules that it names, as written or not; absolute. */
  readonly plugins: readonly string[];
  /** What printed names are relative to; absolute. */
  readonly root: string;
}

/** The flag `--config`, for those who cannot pass one. */
const VARIABLE = 'EGRESS_LINT_CONFIG';

/** Finds and reads the configuration of a run, and lays the flags over it. Plugins are run for it, where that is allowed. */
export async function configurationFor(paths: readonly string[], flags: ConfigFlags, io: Io): Promise<Configuration> {
  const { root, path, plugins } = pluginsFor(paths, flags, io);
  const rules = plugins.length === 0 ? RULES : [...RULES, ...(await rulesOfPlugins(plugins, flags, io))];
  const { settings, files } = path === undefined ? { settings: NO_SETTINGS, files: [] } : loadConfig(path, root, rules);
  const severities = readRuleSeverities(flags.rule ?? [], rules);
  if ('problem' in severities) throw new UsageError(`--rule: ${severities.problem}`, severities.hint);
  const meshConfig = flags.meshConfig === undefined ? NO_SETTINGS : loadMeshConfig(resolve(io.cwd, flags.meshConfig), root, '--mesh-config');
  return { settings: [meshConfig, flagSettings(flags, severities)].reduce(over, settings), files, rules, plugins: plugins.map((each) => each.path), root };
}

/** The rules that a person may ask about. */
export interface KnownRules {
  /** Ours, and those of plugins where their modules may be run. */
  readonly rules: readonly AnyRule[];
  /** The modules, as written, that the configuration names and that may not be run. */
  readonly asleep: readonly string[];
}

/**
 * The rules that there are for paths, or for the current directory. What else is wrong with its configuration does not matter to who asks about rules,
 * nor does anything of it where no module may be run.
 */
export async function knownRules(paths: readonly string[], flags: ConfigFlags, io: Io): Promise<KnownRules> {
  if (flags.allowPlugins) {
    const { plugins } = pluginsFor(paths, flags, io);
    return { rules: plugins.length === 0 ? RULES : [...RULES, ...(await rulesOfPlugins(plugins, flags, io))], asleep: [] };
  }
  try {
    return { rules: RULES, asleep: pluginsFor(paths, flags, io).plugins.map(({ name }) => name) };
  } catch (error) {
    if (error instanceof ConfigError) return { rules: RULES, asleep: [] };
    throw error;
  }
}

function pluginsFor(paths: readonly string[], flags: ConfigFlags, io: Io) {
  const root = runRoot(io.cwd, flags.root);
  const path = configPath(paths, flags, io, root);
  return { root, path, plugins: path === undefined ? [] : namedPlugins(path, root) };
}

/** One run has one configuration, for it is one mesh: paths that lead to several cannot be linted together. */
function configPath(paths: readonly string[], flags: ConfigFlags, io: Io, root: string): string | undefined {
  if (flags.config === false) return undefined;
  const given = flags.config ?? (io.env[VARIABLE] || undefined);
  if (given !== undefined) {
    const path = resolve(io.cwd, given);
    if (!existsSync(path))
      throw new UsageError(`${flags.config === undefined ? VARIABLE : '--config'}: there is no file '${given}'`, 'name the file, or leave it out');
    return posix(path);
  }
  const starts = paths.length === 0 ? ['.'] : paths.map((path) => (path === '-' ? (flags.stdinFilename ?? '.') : path));
  const found = [...new Set(starts.map((start) => findConfig(realPath(resolve(io.cwd, fixedPart(start))), root)))].filter((path) => path !== undefined);
  const [first, second] = found;
  if (first !== undefined && second !== undefined) {
    const names = `${displayName(root, first)} and ${displayName(root, second)}`;
    throw new ConfigError([
      {
        file: displayName(root, first),
        problem: `the paths have several configurations: ${names}`,
        hint: 'run once for each of them, or choose one with --config FILE',
      },
    ]);
  }
  return first;
}

/** A pattern's part before its first special character; anything else as it is. */
function fixedPart(argument: string): string {
  const special = argument.search(/[*?[\]{}!]/);
  return special === -1 || existsSync(argument) ? argument : argument.slice(0, argument.lastIndexOf('/', special) + 1) || '.';
}
