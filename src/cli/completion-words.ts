import type { Command, Option } from 'commander';
import { RULE_SEVERITIES } from '../config/config-fields.ts';
import { FORMAT_NAMES } from './formats.ts';

/** What may stand somewhere in a command line. */
export interface Values {
  readonly words: readonly string[];
  readonly files: boolean;
  /** What stands behind words that end with `=`. */
  readonly assigned?: readonly string[];
}

export interface CompletedOption {
  /** `--format`, and `-f` where there is one. */
  readonly flags: readonly string[];
  readonly description: string;
  /** What stands behind it; undefined where nothing does. */
  readonly values: Values | undefined;
}

export interface CompletedCommand {
  /** The words that lead to it; none for what runs without a command. */
  readonly path: readonly string[];
  readonly description: string;
  /** Its subcommands by name. */
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly CompletedOption[];
  readonly positional: Values;
}

/** Everything that can be completed, read off the commands themselves: the first is what runs without a command. */
export function completedCommands(root: Command, rules: readonly string[]): readonly CompletedCommand[] {
  const defaultCommand = root.commands.find((command) => command.name() === 'lint');
  const described = (command: Command, path: readonly string[], children: readonly Command[]): CompletedCommand => ({
    path,
    description: command.description(),
    commands: children.map((child) => ({ name: child.name(), description: summaryOf(child) })),
    options: [...command.options, ...(path.length === 0 ? root.options : []), ...helpOption(command)].map((option) => optionOf(option, rules)),
    positional: join(command.registeredArguments.map((argument) => valuesOf(argument.name(), argument.argChoices, rules))),
  });
  const below = (command: Command, path: readonly string[]): readonly CompletedCommand[] =>
    command.commands.flatMap((child) => {
      const here = [...path, child.name()];
      return [described(child, here, child.commands), ...below(child, here)];
    });
  return [described(defaultCommand ?? root, [], root.commands), ...below(root, [])];
}

function optionOf(option: Option, rules: readonly string[]): CompletedOption {
  const flags = [option.long, option.short].filter((flag) => flag !== undefined);
  const placeholder = /[<[]([^\]>]*)/.exec(option.flags)?.[1];
  // A value that may be left out must be written behind `=`, where nothing is to be completed.
  const takesValue = placeholder !== undefined && (option.required || option.flags.includes('<'));
  return { flags, description: option.description, values: takesValue ? valuesOf(placeholder, option.argChoices, rules) : undefined };
}

/** What a placeholder of the help stands for: `FILE`, `RULE|SYMPTOM`, `NAME=SEVERITY`. */
function valuesOf(placeholder: string, choices: readonly string[] | undefined, rules: readonly string[]): Values {
  if (choices) return { words: choices, files: false };
  if (placeholder.startsWith('FORMAT')) return { words: FORMAT_NAMES, files: false };
  if (placeholder === 'NAME=SEVERITY') return { words: rules.map((rule) => `${rule}=`), files: false, assigned: RULE_SEVERITIES };
  return { words: /\bRULE\b/.test(placeholder) ? rules : [], files: /\b(?:PATH|FILE|DIR)/.test(placeholder) };
}

function helpOption(command: Command): readonly Option[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .filter((option) => option.long === '--help');
}

function join(values: readonly Values[]): Values {
  return { words: values.flatMap(({ words }) => words), files: values.some(({ files }) => files) };
}

function summaryOf(command: Command): string {
  return command.description().replace(/\.$/, '');
}
