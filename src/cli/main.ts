import { readFileSync } from 'node:fs';
import { type Command, CommanderError } from 'commander';
import { RULES } from '../../rules/index.ts';
import type { ConfigProblem } from '../config/config-problem.ts';
import { ConfigError } from '../files/config-files.ts';
import { configPrint, configSchemaCommand } from './config-command.ts';
import { CLEAN, FAILED } from './exit-status.ts';
import { explainCommand } from './explain-command.ts';
import { initCommand } from './init-command.ts';
import type { Io } from './io.ts';
import { lintCommand } from './lint-command.ts';
import { type Actions, bareFix, program } from './program.ts';
import { withProgress } from './progress.ts';
import { rulesCommand } from './rules-command.ts';
import { isTerminal, writer } from './standard-streams.ts';
import { traceCommand } from './trace-command.ts';
import { UsageError } from './usage-error.ts';
import { watchCommand } from './watch-command.ts';

/**
 * Runs the program in this process, which then ends by itself: the exit status is only noted.
 * @param packageRoot the directory that holds package.json and docs/rules
 * @param importModule loads an ES module, for plugins
 */
export async function main(packageRoot: string, importModule: Io['importModule']): Promise<void> {
  const outIsTerminal = isTerminal(1);
  process.exitCode = await run(process.argv.slice(2), {
    cwd: process.cwd(),
    env: process.env,
    out: writer(1),
    err: writer(2),
    outIsTerminal,
    errIsTerminal: isTerminal(2),
    columns: outIsTerminal ? process.stdout.columns : undefined,
    now: () => Number(process.hrtime.bigint()) / 1e6,
    onInterrupt: (listener) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, listener);
    },
    packageRoot,
    importModule,
  });
}

/** Runs a command line and gives its exit status. */
export async function run(args: readonly string[], process: Io): Promise<number> {
  const io = withProgress(process);
  let status = CLEAN;
  const { version } = JSON.parse(readFileSync(`${io.packageRoot}/package.json`, 'utf8')) as { version: string };
  const actions: Actions = {
    lint: async (paths, flags) => {
      const once = (): Promise<number> => lintCommand(paths, flags, io, version);
      status = await (flags.watch ? watchCommand(paths, flags, io, () => once().catch((error) => failure(error, io))) : once());
    },
    completions: async (shell) => {
      const { completionScript } = await import('./completions.ts');
      io.out(completionScript(shell, command, RULES));
    },
    configPrint: (path, flags) => configPrint(path, flags, io),
    configSchema: async () => configSchemaCommand(io),
    init: (directory) => initCommand(directory, io),
    trace: async (paths, flags) => {
      status = await traceCommand(paths, flags, io);
    },
    explain: (text, paths, flags) => explainCommand(text, { paths, flags }, io),
    rules: (flags) => rulesCommand(flags, io),
  };
  const command = program(version, actions);
  for (const each of withCommands(command)) each.exitOverride().configureOutput({ writeOut: io.out, writeErr: () => {} });
  try {
    await command.parseAsync(bareFix(args), { from: 'user' });
    return status;
  } catch (error) {
    return failure(error, io, helpOf(command, args));
  } finally {
    io.endProgress?.();
  }
}

function withCommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withCommands)];
}

const HELP = 'egress-lint --help';

/** The command line that prints the help for what was asked: a command has its own. */
function helpOf({ commands }: Command, [first]: readonly string[]): string {
  const isCommand = commands.some((command) => command.name() === first && first !== 'lint');
  return isCommand ? `egress-lint ${first} --help` : HELP;
}

/** Says what went wrong in one line, or, where the fault is ours, in as many as it takes to find it. */
function failure(error: unknown, io: Io, help = HELP): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return CLEAN;
    io.err(usageLine(error.message.replace(/^error: /, ''), undefined, help));
  } else if (error instanceof ConfigError) io.err(error.problems.map(configLine).join(''));
  else if (error instanceof UsageError) io.err(usageLine(error.message, error.hint));
  else {
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    io.err(`error: egress-lint itself failed; please report this with the files that it was run on\n${trace}\n`);
  }
  return FAILED;
}

/** A problem of a configuration file, in the form in which terminals and editors find places. */
function configLine({ file, line, column, problem, hint }: ConfigProblem): string {
  const place = line === undefined ? file : `${file}:${line}:${column}`;
  return `error: ${place}: ${problem}${hint === undefined ? '' : `; ${hint}`}\n`;
}

/** One line: what is wrong, and the way out. Commander puts its suggestions in lines of their own, in brackets. */
function usageLine(problem: string, hint?: string, help = HELP): string {
  const suggestion = /\n\(?([^()]*)\)?$/.exec(problem)?.[1];
  const text = (suggestion === undefined ? problem : problem.slice(0, problem.indexOf('\n'))).replace(/\.$/, '');
  const wayOut = hint ?? suggestion ?? `see '${help}'`;
  return `error: ${text}; ${wayOut.replace(/^Did/, 'did')}\n`;
}
