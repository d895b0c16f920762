import type { AnyRule } from '../engine/rule.ts';
import { nearest } from '../text/nearest.ts';
import { PRESET_NAMES } from './config-fields.ts';
import { type ConfigProblem, problemAt } from './config-problem.ts';
import { settingsOf } from './layer.ts';
import { findPreset, presetSettings } from './presets.ts';
import type { ConfigFile, Extended } from './read-config.ts';
import { NO_SETTINGS, over, type Settings } from './settings.ts';

/** A file with everything that it starts from. */
export interface LoadedConfig {
  readonly settings: Settings;
  /** The files that were read, the one that was found last. */
  readonly files: readonly ConfigFile[];
}

/** Reads what a file extends; the system is asked through this (files/config-files.ts). */
export type ReadExtended = (extended: Extended, from: ConfigFile) => LoadedConfig;

/**
 * A file's settings over those of what it extends, in the order in which it names them.
 * @param base the directory that the file's patterns start at, as printed names have it
 */
export function withExtended(file: ConfigFile, base: string, rules: readonly AnyRule[], read: ReadExtended): LoadedConfig {
  const below = file.extends.map((extended): LoadedConfig => {
    const preset = findPreset(extended.name);
    return preset ? { settings: presetSettings(preset, rules), files: [] } : read(extended, file);
  });
  const settings = [...below.map((each) => each.settings), settingsOf(file, base)].reduce(over, NO_SETTINGS);
  return { settings, files: [...below.flatMap((each) => each.files), file] };
}

/** What to say of something that cannot be extended. */
export function extendProblem(config: ConfigFile, { name, path }: Extended, reason: string): ConfigProblem {
  const meant = nearest(name, PRESET_NAMES);
  const hint =
    meant === undefined ? `write a preset (${PRESET_NAMES.join(', ')}), a file as ./FILE, or a package that is installed` : `did you mean '${meant}'?`;
  return problemAt(config, path, `cannot extend '${name}': ${reason}`, hint);
}
