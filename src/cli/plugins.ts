import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { RULES } from '../../rules/index.ts';
import type { ConfigProblem } from '../config/config-problem.ts';
import { pluginRules } from '../config/plugin-rules.ts';
import type { AnyRule } from '../engine/rule.ts';
import { ConfigError, type NamedPlugin } from '../files/config-files.ts';
import { reasonOf } from '../files/file-error.ts';
import type { Io } from './io.ts';
import type { ConfigFlags } from './program.ts';

/**
 * Runs the modules that a configuration names, and takes their rules. Throws a {@link ConfigError} where that is not allowed, and where something is wrong with
 * any of them.
 */
export async function rulesOfPlugins(plugins: readonly NamedPlugin[], { allowPlugins }: ConfigFlags, io: Io): Promise<readonly AnyRule[]> {
  if (!allowPlugins) throw new ConfigError(plugins.slice(0, 1).map(notAllowed));
  const rules: AnyRule[] = [];
  const problems: ConfigProblem[] = [];
  for (const plugin of plugins) {
    const loaded = await load(plugin, io);
    if ('problem' in loaded) {
      problems.push(loaded.problem);
      continue;
    }
    const found = pluginRules(loaded.exported, plugin.file, [...RULES, ...rules]);
    if ('problems' in found) problems.push(...found.problems.map((problem) => ({ file: plugin.file, problem })));
    else rules.push(...found.rules);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return rules;
}

function notAllowed({ name, problem }: NamedPlugin): ConfigProblem {
  return problem(`this configuration runs a module, ${name}, and nothing is run unasked`, 'add --allow-plugins if you trust this repository');
}

async function load(plugin: NamedPlugin, io: Io): Promise<{ readonly exported: unknown } | { readonly problem: ConfigProblem }> {
  const { name, path, problem } = plugin;
  let version: number;
  try {
    version = statSync(path).mtimeMs;
  } catch (error) {
    return { problem: problem(`cannot load the plugin '${name}': ${reasonOf(error)}`, 'write its path from the directory of this file, as ./rules/x.mjs') };
  }
  try {
    // A module is run once for each URL; --watch has to see what became of it.
    const exported = (await io.importModule(`${pathToFileURL(path).href}?${version}`)) as { readonly default?: unknown };
    return { exported: exported.default };
  } catch (error) {
    return { problem: problem(`cannot load the plugin '${name}': ${whyNotLoaded(error)}`, hintFor(error, plugin.file)) };
  }
}

/** What went wrong, in one line. */
function whyNotLoaded(error: unknown): string {
  if (!(error instanceof Error)) return `it throws ${String(error)}`;
  const [message = ''] = error.message.split('\n', 1);
  return `${error.name}: ${message}`;
}

function hintFor(error: unknown, file: string): string {
  if (error instanceof SyntaxError) return `'node --check ${file}' shows the line`;
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ERR_MODULE_NOT_FOUND') return 'install what it imports where it stands; egress-lint/rule needs no installation';
  return 'a plugin is an ES module (.mjs) that exports a rule, or a list of rules, by default';
}
