import { readFileSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { type SettingRow, settingsFor } from '../config/explain-settings.ts';
import type { AnyRule } from '../engine/rule.ts';
import { reasonOf } from '../files/file-error.ts';
import { displayName, posix } from '../files/paths.ts';
import { configurationFor } from './configuration.ts';
import type { Io } from './io.ts';
import type { ConfigFlags } from './program.ts';
import { UsageError } from './usage-error.ts';

/** The flags of `config print`. */
export interface PrintFlags extends ConfigFlags {
  readonly format: 'table' | 'json';
  readonly all?: true;
}

/** `egress-lint config print [PATH]`: what holds for a path, and why. */
export async function configPrint(path: string, flags: PrintFlags, io: Io): Promise<void> {
  const { settings, files, rules, root } = await configurationFor([path], flags, io);
  const file = displayName(root, real(resolve(io.cwd, path)));
  const rows = settingsFor(file, settings, rules, flags.all ? 'all' : 'said');
  const names = [...new Set(files.map(({ source }) => source.file))].reverse();
  if (flags.format === 'json') io.out(`${JSON.stringify({ path: file, files: names, settings: rows }, null, 2)}\n`);
  else io.out(`${heading(file, names)}\n\n${table(rows)}\n${remark(rows, rules)}\n`);
}

/** `egress-lint config schema`: the JSON Schema of the configuration file, as it is shipped. */
export function configSchemaCommand(io: Io): void {
  io.out(readFileSync(`${io.packageRoot}/docs/egress-lint.schema.json`, 'utf8'));
}

function heading(file: string, [first, ...extended]: readonly string[]): string {
  if (first === undefined) return `For ${file} no egress-lint.yaml was read.`;
  return `For ${file} holds ${first}${extended.length === 0 ? '' : `, which extends ${extended.join(', ')}`}.`;
}

function table(rows: readonly SettingRow[]): string {
  const cells = rows.map(({ key, value, from, when }) => [key, valueText(value), when === undefined ? from : `${from}, for ${when}`] as const);
  const [first, second] = [0, 1].map((column) => Math.max(...cells.map((row) => (row[column as 0 | 1] as string).length)));
  return cells.map(([key, value, from]) => `${key.padEnd(first ?? 0)}  ${value.padEnd(second ?? 0)}  ${from}\n`).join('');
}

function remark(rows: readonly SettingRow[], rules: readonly AnyRule[]): string {
  const named = new Set(rows.map(({ key }) => key));
  const others = rules.filter(({ meta }) => !named.has(`rules.${meta.name}`)).length;
  if (others === 0) return `These are all ${rules.length} rules. By default each has its own severity, and rules about policies of your own are off.`;
  return `${others} ${others === rules.length ? '' : 'more '}rules have their own severity; --all lists them.`;
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function real(path: string): string {
  try {
    return posix(realpathSync(path));
  } catch (error) {
    throw new UsageError(`cannot read '${path}': ${reasonOf(error)}`, 'name a file or a directory');
  }
}
