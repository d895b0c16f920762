import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { type ConfigProblem, problemAt } from '../config/config-problem.ts';
import { extendProblem, type LoadedConfig, withExtended } from '../config/extends.ts';
import { readMeshConfigFile } from '../config/mesh-config-file.ts';
import { findPreset } from '../config/presets.ts';
import { type ConfigFile, type Extended, extendedBy, readConfig } from '../config/read-config.ts';
import { readDocument } from '../config/read-document.ts';
import { NO_SETTINGS, over, type Settings } from '../config/settings.ts';
import type { AnyRule } from '../engine/rule.ts';
import { valueAt } from '../resources/plain-value.ts';
import type { SourceText } from '../text/source-text.ts';
import { decodeText } from './decode-text.ts';
import { reasonOf } from './file-error.ts';
import { displayName, posix } from './paths.ts';
import { repositoryRoot } from './walk.ts';

export const CONFIG_NAME = 'egress-lint.yaml';
/** A name that people write, and that is not read: better said than passed by. */
const OTHER_NAME = 'egress-lint.yml';

/** Whether a file is a configuration of egress-lint, in whatever directory. */
export function isConfig(path: string): boolean {
  return path.endsWith(`/${CONFIG_NAME}`);
}

/** Thrown where configuration files are wrong: each problem has its file and, where that can be told, its place. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(({ problem }) => problem).join('; '));
    this.problems = problems;
  }
}

/**
 * The configuration file for a path: the nearest upwards from it to the repository's root, or, outside of a repository, in its own directory alone.
 * @param path absolute; a file, a directory, or something that does not exist
 * @param root what printed names are relative to
 */
export function findConfig(path: string, root: string): string | undefined {
  const start = isDirectory(path) ? path : dirname(path);
  const last = repositoryRoot(start) ?? (start === root || start.startsWith(`${root}/`) ? root : start);
  for (let directory = start; ; directory = dirname(directory)) {
    const file = posix(resolve(directory, CONFIG_NAME));
    if (existsSync(file)) return file;
    const other = posix(resolve(directory, OTHER_NAME));
    if (existsSync(other)) {
      throw new ConfigError([{ file: displayName(root, other), problem: 'a configuration of this name is not read', hint: `call it ${CONFIG_NAME}` }]);
    }
    if (posix(directory) === last || dirname(directory) === directory) return undefined;
  }
}

/** Reads a configuration file and everything that it extends. Throws a {@link ConfigError} where something is wrong with any of them. */
export function loadConfig(path: string, root: string, rules: readonly AnyRule[]): LoadedConfig {
  return new Loader(root, rules).load(path, posix(dirname(path)), []);
}

/** A module that a configuration names for its rules. */
export interface NamedPlugin {
  /** As written. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** As printed. */
  readonly file: string;
  /** What to say where something is wrong with it. */
  readonly problem: (text: string, hint?: string) => ConfigProblem;
}

/**
 * The plugins of a configuration file and of everything that it extends, each once. They have to be known before the rest can be read, for rules may be
 * named in it; what else is wrong is left to {@link loadConfig}.
 */
export function namedPlugins(path: string, root: string): readonly NamedPlugin[] {
  const found = new Map<string, NamedPlugin>();
  const visit = (current: string, open: readonly string[]): void => {
    const source = open.includes(current) || !existsSync(current) ? undefined : readSource(current, root);
    if (!source || 'problem' in source) return;
    const { config } = readDocument(source);
    const written = config.document?.value;
    for (const { name } of extendedBy(config, valueAt(written, ['extends'])).extended) {
      const next = findPreset(name) ? undefined : extendedPath(current, name);
      if (next !== undefined) visit(next, [...open, current]);
    }
    const plugins = valueAt(written, ['plugins']);
    for (const [index, name] of (Array.isArray(plugins) ? (plugins as readonly unknown[]) : []).entries()) {
      if (typeof name !== 'string' || name === '') continue;
      const file = posix(resolve(dirname(current), name));
      const problem = (text: string, hint?: string): ConfigProblem => problemAt(config, ['plugins', index], text, hint);
      if (!found.has(file)) found.set(file, { name, path: file, file: displayName(root, file), problem });
    }
  };
  visit(path, []);
  return [...found.values()];
}

/** A MeshConfig of its own file. Throws a {@link ConfigError} where it cannot be read. */
export function loadMeshConfig(path: string, root: string, by: string): Settings {
  const source = readSource(path, root);
  if ('problem' in source) throw new ConfigError([source]);
  const { settings, problems } = readMeshConfigFile(source, by);
  if (problems.length > 0) throw new ConfigError(problems);
  return settings;
}

class Loader {
  private readonly root: string;
  private readonly rules: readonly AnyRule[];

  constructor(root: string, rules: readonly AnyRule[]) {
    this.root = root;
    this.rules = rules;
  }

  /** @param base the absolute directory that the file's patterns start at; `open`: the files that led here, for circles */
  load(path: string, base: string, open: readonly string[]): LoadedConfig {
    const source = readSource(path, this.root);
    if ('problem' in source) throw new ConfigError([source]);
    const reading = readConfig(source, this.rules);
    if (!('file' in reading)) throw new ConfigError(reading.problems);
    const { file } = reading;
    const name = displayName(this.root, base);
    const loaded = withExtended(file, name === '.' ? '' : name, this.rules, (extended) => this.extended(extended, file, { path, base }, [...open, path]));
    return { ...loaded, settings: over(this.meshConfig(file, path), loaded.settings) };
  }

  private extended(extended: Extended, file: ConfigFile, from: { readonly path: string; readonly base: string }, open: readonly string[]): LoadedConfig {
    const path = extendedPath(from.path, extended.name);
    const fail = (reason: string) => new ConfigError([extendProblem(file, extended, reason)]);
    if (path === undefined) throw fail('there is no such preset, and no package of that name is installed here');
    if (open.includes(path)) throw fail('it leads in a circle');
    if (!existsSync(path)) throw fail('no such file or directory');
    // A package knows no directory of its user's: its patterns start where it is extended.
    return this.load(path, isFileName(extended.name) ? posix(dirname(path)) : from.base, open);
  }

  private meshConfig({ values, source }: ConfigFile, path: string): Settings {
    const { meshConfigFile } = values;
    return meshConfigFile === undefined ? NO_SETTINGS : loadMeshConfig(resolve(dirname(path), meshConfigFile), this.root, `${source.file}, meshConfigFile`);
  }
}

function isFileName(name: string): boolean {
  return /^\.{0,2}\//.test(name) || isAbsolute(name);
}

/** What a configuration extends: a file, or one of a package; undefined for a package that is not installed. */
function extendedPath(from: string, name: string): string | undefined {
  return isFileName(name) ? posix(resolve(dirname(from), name)) : findPackage(dirname(from), name);
}

/** The configuration of an installed package: its `egress-lint.yaml`, or the file that stands behind its name. */
function findPackage(start: string, name: string): string | undefined {
  const [first = '', second = '', ...rest] = name.split('/');
  const isScoped = first.startsWith('@');
  const directory = isScoped ? `${first}/${second}` : first;
  const inside = (isScoped ? rest : [second, ...rest]).filter(Boolean).join('/') || CONFIG_NAME;
  if (inside.split('/').includes('..')) return undefined;
  for (let current = start; ; current = dirname(current)) {
    const found = resolve(current, 'node_modules', directory);
    if (existsSync(found)) return posix(resolve(found, inside));
    if (dirname(current) === current) return undefined;
  }
}

function readSource(path: string, root: string): SourceText | ConfigProblem {
  const file = displayName(root, posix(path));
  try {
    const decoded = decodeText(readFileSync(path));
    return 'text' in decoded ? { file, text: decoded.text } : { file, problem: `cannot read the configuration: ${decoded.unreadable}` };
  } catch (error) {
    return { file, problem: `cannot read the configuration: ${reasonOf(error)}` };
  }
}

/** What cannot be looked at is reported where it is read. */
function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
