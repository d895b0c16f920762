import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { Severity } from '../engine/finding.ts';
import type { ColorWish } from './color.ts';
import type { PrintFlags } from './config-command.ts';
import { helpText } from './help-text.ts';
import { SHELLS, type Shell } from './shells.ts';

/** The flags that decide what configuration holds, and what is laid over it. */
export interface ConfigFlags {
  /** A file; `false` is --no-config. */
  readonly config?: string | false;
  readonly meshConfig?: string;
  readonly stdinFilename?: string;
  readonly root?: string;
  readonly namespace?: string;
  readonly rule?: readonly string[];
  readonly failOn?: Severity;
  readonly maxWarnings?: number;
  readonly allowPlugins?: true;
}

/** The flags of `lint` as they come from the command line. */
export interface LintFlags extends ConfigFlags {
  readonly listFiles?: true;
  readonly render?: true;
  readonly format?: readonly string[];
  readonly output?: string;
  readonly minSeverity?: Severity;
  readonly showInfos?: true;
  readonly quiet?: true;
  readonly changed?: string;
  readonly reportOnly?: readonly string[];
  readonly context?: readonly string[];
  readonly baseline?: string;
  readonly updateBaseline?: true;
  readonly color: ColorWish;
  readonly exitZero?: true;
  readonly fix?: string;
  readonly diff?: true;
  readonly statistics?: true;
  readonly timing?: true;
  readonly watch?: true;
}

/** The flags of commands that only print. */
export interface PrintingFlags {
  readonly color: ColorWish;
}

/** The flags of `explain`. */
export interface ExplainFlags extends ConfigFlags, PrintingFlags {
  readonly from?: string;
}

/** The flags of `trace`. */
export interface TraceFlags extends ConfigFlags {
  readonly from?: string;
  readonly to?: string;
  readonly probes?: string;
  readonly header?: readonly string[];
  readonly ip?: string;
  readonly method?: string;
  readonly sni?: string;
  readonly http2?: true;
  readonly assumeOrder?: 'file';
  readonly format: 'text' | 'json';
  readonly color: ColorWish;
}

/** The flags of `rules`. */
export interface RulesFlags extends PrintingFlags, Pick<ConfigFlags, 'config' | 'allowPlugins'> {
  readonly format: 'table' | 'json' | 'markdown';
}

/** What the commands do. */
export interface Actions {
  readonly lint: (paths: readonly string[], flags: LintFlags) => Promise<void>;
  readonly trace: (paths: readonly string[], flags: TraceFlags) => Promise<void>;
  readonly explain: (text: string, paths: readonly string[], flags: ExplainFlags) => Promise<void>;
  readonly rules: (flags: RulesFlags) => Promise<void>;
  readonly configPrint: (path: string, flags: PrintFlags) => Promise<void>;
  readonly configSchema: () => Promise<void>;
  readonly init: (directory: string) => Promise<void>;
  readonly completions: (shell: Shell) => Promise<void>;
}

const NAMESPACE = ['-n, --namespace <NAME>', 'where objects that name no namespace land (default: default)'] as const;
const CONFIG = ['-c, --config <FILE>', 'the configuration (default: the nearest egress-lint.yaml upwards from the paths)'] as const;
const NO_CONFIG = ['--no-config', 'read no configuration file'] as const;
const MESH_CONFIG = ['--mesh-config <FILE>', "a file with Istio's MeshConfig, which holds over those that are found"] as const;
const ALLOW_PLUGINS = ['--allow-plugins', 'run the modules with rules that the configuration names'] as const;
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** The command line: its commands, flags and help. */
export function program(version: string, actions: Actions): Command {
  const root = new Command('egress-lint').helpCommand(false).version(version, '-V, --version', 'print the version');
  const lint = lintCommand(root.command('lint', { isDefault: true }), actions);
  traceCommand(root.command('trace'), actions);
  root
    .command('explain')
    .description('Explains a rule, an error text that people see, or a line of an access log.')
    .argument('<RULE|TEXT>', "a rule's name or code, an error text ('wrong version number', 502, NR), or a line of a proxy's access log")
    .argument('[PATH...]', 'files or directories in which the cause, or the connection of the line, is looked for')
    .option('--from <WHO>', 'who connects, as trace takes it (default: every sort of client)')
    .option(...NAMESPACE)
    .option(...CONFIG)
    .option(...NO_CONFIG)
    .option(...MESH_CONFIG)
    .option(...ALLOW_PLUGINS)
    .option('--root <DIR>', "what printed file names are relative to (default: the repository's root)")
    .addOption(colorOption())
    .action((text: string, paths: string[], flags: ExplainFlags) => actions.explain(text, paths, flags));
  root
    .command('rules')
    .description('Lists all rules.')
    .option('-c, --config <FILE>', 'the configuration that names plugins (default: the nearest egress-lint.yaml upwards from here)')
    .option(...NO_CONFIG)
    .option(...ALLOW_PLUGINS)
    .addOption(new Option('--format <FORMAT>', 'how to print them').choices(['table', 'json', 'markdown']).default('table'))
    .addOption(colorOption())
    .action((flags: RulesFlags) => actions.rules(flags));
  root
    .command('completions')
    .description('Prints what makes a shell complete commands, options and the names of rules.')
    .addArgument(new Argument('<SHELL>', 'the shell').choices(SHELLS))
    .action((shell: Shell) => actions.completions(shell));
  configCommands(root.command('config').description('Shows the configuration.'), actions);
  root
    .command('init')
    .description('Writes a commented egress-lint.yaml that fits what is found below a directory.')
    .argument('[DIR]', 'where to look, and where to write the file', '.')
    .action((directory: string) => actions.init(directory));
  // One page for both: most people never write the word `lint`.
  const help = (): string => helpText(lint, [...root.options, new Option('-h, --help', 'print this help')]);
  for (const command of [root, lint]) command.helpInformation = help;
  return root;
}

function traceCommand(command: Command, actions: Actions): void {
  command
    .description('Tells what Istio does with a connection, proxy by proxy, and which lines decide it.')
    .argument('[PATH...]', 'files, directories or - for standard input')
    .option(
      '--from <WHO>',
      'NAMESPACE, NAMESPACE/POD, NAMESPACE/LABEL=VALUE,…, each with @SERVICEACCOUNT, or gateway:NAMESPACE/NAME (default: every sort of client)',
    )
    .option('--to <URL>', 'SCHEME://HOST[:PORT][/PATH] with http, https, mtls, tls or tcp')
    .addOption(new Option('-H, --header <NAME:VALUE>', 'a header of the request; repeatable').argParser(collect))
    .option('--ip <ADDRESS>', 'what the name resolves to, where that matters')
    .option('--method <METHOD>', 'the method of the request (default: GET)')
    .option('--sni <NAME>', "the server name that the client sends (default: the URL's host)")
    .option('--http2', 'the client speaks HTTP/2')
    .option('--probes <FILE>', 'many connections: JSON objects, one on each line or in a list; - for standard input')
    .addOption(
      new Option('--assume-order <BY>', 'what tells the age of objects without timestamps: of two in the files, the earlier is the older').choices(['file']),
    )
    .option(...NAMESPACE)
    .option(...CONFIG)
    .option(...NO_CONFIG)
    .option(...MESH_CONFIG)
    .option(...ALLOW_PLUGINS)
    .option('--root <DIR>', "what printed file names are relative to (default: the repository's root)")
    .option('--stdin-filename <FILE>', 'the name of what comes in on standard input; it replaces that file')
    .addOption(new Option('--format <FORMAT>', 'how to print it; json is one line for each connection').choices(['text', 'json']).default('text'))
    .addOption(colorOption())
    .action((paths: string[], flags: TraceFlags) => actions.trace(paths, flags));
}

function configCommands(command: Command, actions: Actions): void {
  command
    .command('print', { isDefault: true })
    .description('Prints what holds for a path and why: which file, preset or flag says so.')
    .argument('[PATH]', 'a file or directory', '.')
    .option(...NAMESPACE)
    .option(...CONFIG)
    .option(...NO_CONFIG)
    .option(...MESH_CONFIG)
    .option(...ALLOW_PLUGINS)
    .addOption(ruleOption())
    .addOption(failOnOption())
    .addOption(maxWarningsOption())
    .option('--all', 'list every rule, also those of which nobody says anything')
    .addOption(new Option('--format <FORMAT>', 'how to print it').choices(['table', 'json']).default('table'))
    .action((path: string, flags: PrintFlags) => actions.configPrint(path, flags));
  command
    .command('schema')
    .description('Prints the JSON Schema of egress-lint.yaml.')
    .action(() => actions.configSchema());
}

function lintCommand(command: Command, actions: Actions): Command {
  return command
    .argument('[PATH...]')
    .optionsGroup('What to read:')
    .option('--stdin-filename <FILE>', 'the name of what comes in on standard input; it replaces that file')
    .option('--root <DIR>', "what printed file names are relative to (default: the repository's root)")
    .option(...NAMESPACE)
    .option(...CONFIG)
    .option(...NO_CONFIG)
    .option(...MESH_CONFIG)
    .option(...ALLOW_PLUGINS)
    .addOption(new Option('--context <PATH>', 'read this as well, and report nothing at it; repeatable').argParser(collect))
    .option('--render', 'run kustomize, kubectl or helm where they fit, and lint what they make')
    .option('--list-files', 'print the names of the files that would be read, and stop')
    .optionsGroup('What to report:')
    .addOption(new Option('-f, --format <FORMAT[=FILE]>', 'how to report, pretty (default) or another of those below; repeatable').argParser(collect))
    .option('-o, --output <FILE>', 'where the report goes that names no file (default: standard output)')
    .addOption(new Option('--min-severity <SEVERITY>', 'hide what is below: error, warning (default) or info').choices(SEVERITIES))
    .option('--show-infos', 'short for --min-severity info')
    .option('-q, --quiet', 'show only what makes the run fail, and nothing at all if nothing does')
    .addOption(ruleOption())
    .addOption(changedOption())
    .option('--report-only <FILE...>', 'report only what touches these files; all paths are read')
    .option('--baseline <FILE>', 'leave out the findings that this file knows')
    .option('--update-baseline', 'write the baseline (default: egress-lint-baseline.json); also --write-baseline')
    .addOption(colorOption())
    .optionsGroup('What to change:')
    .addOption(fixOption())
    .option('--diff', 'print what --fix would change, and change nothing')
    .optionsGroup('When to fail:')
    .addOption(failOnOption())
    .addOption(maxWarningsOption())
    .option('--exit-zero', 'exit with 0 whatever is found')
    .optionsGroup('Other:')
    .option('--watch', 'run again whenever a file changes, until Ctrl-C')
    .option('--statistics', 'print how often each rule found something, hidden infos included')
    .option('--timing', 'print how long each step and each rule took')
    .action((paths: string[], flags: LintFlags) => actions.lint(paths, flags));
}

/** Only `--fix=all` has a value: what stands behind a bare `--fix` is a path. {@link bareFix} sees to that before parsing. */
function fixOption(): Option {
  const option = new Option('--fix [LEVEL]', 'apply fixes that never change which traffic is allowed; with --fix=all, also the others');
  option.flags = '--fix[=all]';
  return option;
}

/** What stands behind a bare `--changed` is a path, as with {@link fixOption}. */
function changedOption(): Option {
  const option = new Option('--changed [REF]', 'report only what touches files changed since the last commit, or since leaving REF');
  option.flags = '--changed[=REF]';
  return option;
}

/** Gives a bare `--fix` or `--changed` its value, so that it does not take the path behind it for one; and options one name. */
export function bareFix(args: readonly string[]): string[] {
  const end = args.indexOf('--');
  const values = new Map([
    ['--fix', '--fix=safe'],
    ['--changed', '--changed=HEAD'],
    // The word that others use.
    ['--write-baseline', '--update-baseline'],
  ]);
  return args.map((argument, index) => (end === -1 || index < end ? (values.get(argument) ?? argument) : argument));
}

function ruleOption(): Option {
  return new Option('--rule <NAME=SEVERITY>', 'make a rule an error, a warning, an info, or off; repeatable').argParser(collect);
}

function failOnOption(): Option {
  return new Option('--fail-on <SEVERITY>', 'the least that fails the run: error (default), warning or info').choices(SEVERITIES);
}

function maxWarningsOption(): Option {
  return new Option('--max-warnings <N>', 'fail on more warnings than this').argParser(wholeNumber);
}

function colorOption(): Option {
  return new Option('--color <WHEN>', 'auto (default), always or never').choices(['auto', 'always', 'never']).default('auto');
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function wholeNumber(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('Write a whole number.');
  return Number(value);
}
