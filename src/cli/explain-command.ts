import { readdirSync, readFileSync } from 'node:fs';
import { Chalk, type ChalkInstance } from 'chalk';
import { lintSettings } from '../config/apply.ts';
import { findRule, isCode, unknownRule } from '../config/rule-severities.ts';
import { adviceFor } from '../engine/advice.ts';
import { Answers } from '../engine/answer.ts';
import type { Finding, Severity } from '../engine/finding.ts';
import { lintMeshes } from '../engine/lint.ts';
import { matchLog, probesOfLog } from '../engine/log-match.ts';
import type { AnyRule } from '../engine/rule.ts';
import { describeAccessLog, symptomTextOf } from '../report/access-log-text.ts';
import { logMatchText } from '../report/log-match-text.ts';
import { explainedBy, nearInWords, parseSymptomPage, type SymptomPage, symptomsFor } from '../report/symptom-pages.ts';
import { printableLine, wrap } from '../report/terminal-text.ts';
import { nearest } from '../text/nearest.ts';
import { type AccessLogEntry, parseAccessLog } from '../traffic/outcomes/access-log.ts';
import { colorLevel } from './color.ts';
import { type KnownRules, knownRules } from './configuration.ts';
import type { Io } from './io.ts';
import { pageOf } from './page-of-rule.ts';
import type { ExplainFlags } from './program.ts';
import { readTree, type Tree } from './read-tree.ts';
import { clientIn } from './trace-command.ts';
import { UsageError } from './usage-error.ts';

/** Wider lines are hard to read. */
const MAX_WIDTH = 100;
/** More pages than this are named, not printed. */
const MAX_OTHERS = 4;

/** Where a cause is looked for. */
interface Where {
  /** None: nowhere. */
  readonly paths: readonly string[];
  readonly flags: ExplainFlags;
}

/**
 * `egress-lint explain RULE|TEXT [PATH…]`: prints the rule's page, what may cause a symptom, or what a line of an access log tells; and, of files,
 * what in them causes it.
 */
export async function explainCommand(text: string, where: Where, io: Io): Promise<void> {
  const { flags } = where;
  const { renderPage } = await import('./page-text.ts');
  const chalk = new Chalk({ level: colorLevel(flags.color, io.env, io.outIsTerminal) });
  const width = Math.min(io.columns ?? MAX_WIDTH, MAX_WIDTH);
  const print = (markdown: string): void => io.out(renderPage(markdown, { chalk, width }));

  const { rules, asleep } = await knownRules(where.paths, flags, io);
  const rule = findRule(text, rules);
  if (rule) {
    await ofRuleInFiles(rule.meta.name, where, { io, chalk, width });
    return print(pageOf(rule, io.packageRoot));
  }
  if (isCode(text)) throw noSuchRule(text, rules);
  if (PEER_CODE.test(text)) return print(peersPage(text.toUpperCase(), rules, io));

  const pages = readSymptomPages(io.packageRoot);
  const entry = parseAccessLog(text);
  if (entry) io.out(section('The log says', describeAccessLog(entry), { chalk, width }));
  const found = symptomsFor(entry ? symptomTextOf(entry) : text, pages);
  const [best, ...others] = found;
  if (!best) {
    if (entry) return inFiles(entry, [], where, { io, chalk, width });
    return unknownText(text, { rules, asleep, pages }, where, { io, chalk, width });
  }
  await inFiles(entry, best.rules, where, { io, chalk, width });
  print(best.markdown);
  if (others.length > 0 && !entry)
    io.out(
      `\nSee also: ${others
        .slice(0, MAX_OTHERS)
        .map(({ name, title }) => `${name} (${title})`)
        .join(', ')}\n`,
    );
}

function noSuchRule(text: string, rules: readonly AnyRule[]): UsageError {
  const { problem, hint } = unknownRule(text, rules);
  return new UsageError(problem, hint);
}

interface Known extends KnownRules {
  readonly pages: readonly SymptomPage[];
}

/** What is said of a text that is neither a rule nor a symptom: what files show all the same, and the pages and rules that are nearest to it in words. */
async function unknownText(text: string, known: Known, where: Where, printer: Printer): Promise<void> {
  const meant = nearest(text, [...known.rules.map(({ meta }) => meta.name), ...known.pages.map(({ name }) => name)]);
  const rules = known.rules.map(({ meta }) => ({ name: meta.name, title: meta.summary, about: '' }));
  const near = nearInWords(text, [...known.pages.map(explainedBy), ...rules]);
  if (meant !== undefined || (where.paths.length === 0 && (near.length === 0 || !/\s/.test(text)))) throw nothingKnown(text, meant, known);
  await inFiles(undefined, [], where, printer);
  const none = 'No page knows this text. A status, a flag of the access log (NC, UH, …), the error of curl, or the whole line of the log tells more.';
  const lead = 'No page knows just these words. Nearest by them (egress-lint explain NAME):';
  const named = near.map(({ name, title }) => `- ${name}: ${title}`);
  printer.io.out(section('Nearest to it', named.length > 0 ? [lead, '', ...named] : [none], printer));
}

/** What was probably meant, what a plugin may have, or what there is. */
function nothingKnown(text: string, meant: string | undefined, { asleep, pages }: Known): UsageError {
  const problem = `there is no rule '${text}', and no page knows it as a symptom`;
  if (meant !== undefined) return new UsageError(problem, `did you mean '${meant}'?`);
  if (asleep.length > 0 && !/\s/.test(text))
    return new UsageError(problem, `if it is a rule of ${asleep.join(' or ')}: --allow-plugins runs what the configuration names`);
  return new UsageError(problem, `'egress-lint rules' lists all rules; symptoms: ${pages.map(({ name }) => name).join(', ')}`);
}

const PEER_CODE = /^(?:IST|KIA)\d{4}$/i;

/** What other programs call by a code of theirs: the page of the rule that reports it here, or a list of several. */
function peersPage(code: string, all: readonly AnyRule[], io: Io): string {
  const rules = all.filter(({ meta }) => meta.peers?.includes(code));
  const [first, ...others] = rules;
  const who = code.startsWith('IST') ? 'istioctl analyze' : 'Kiali';
  if (!first) throw new UsageError(`no rule reports what ${who} calls ${code}`, "'egress-lint rules' lists what is reported");
  if (others.length === 0) return `What ${who} calls ${code} is reported here by ${first.meta.name}.\n\n${pageOf(first, io.packageRoot)}`;
  const listed = rules.map(({ meta }) => `- \`${meta.name}\` (${meta.code}): ${meta.summary}`);
  return `What ${who} calls ${code} is reported here by these rules:\n\n${listed.join('\n')}\n`;
}

interface Printer {
  readonly io: Io;
  readonly chalk: ChalkInstance;
  readonly width: number;
}

/** Prints what one rule finds in files, hidden infos included. */
async function ofRuleInFiles(name: string, { paths, flags }: Where, { io, chalk, width }: Printer): Promise<void> {
  if (flags.from !== undefined) throw new UsageError('--from is of use only with an error text or a line of a log', 'leave it out, or ask for the text');
  if (paths.length === 0) return;
  const findings = lintTree(await readTree(paths, flags, io), 'info').filter(({ rule }) => rule === name);
  io.out(section('In these files', findings.length === 0 ? ['The rule finds nothing in these files.'] : findings.flatMap(findingText), { chalk, width }));
}

function lintTree({ files, division, settings, rules }: Tree, least: Severity): readonly Finding[] {
  return lintMeshes(files, division.meshes, { rules, ...lintSettings(settings), least }).findings;
}

/** Prints what files have to do with it: the connection of a line, and what the linter says by the rules that a page names. */
async function inFiles(entry: AccessLogEntry | undefined, rules: readonly string[], { paths, flags }: Where, { io, chalk, width }: Printer): Promise<void> {
  if (paths.length === 0) {
    if (flags.from !== undefined) throw new UsageError('--from is of use only where files are read', 'name the files behind the text');
    return;
  }
  const tree = await readTree(paths, flags, io);
  const all = lintTree(tree, 'info');
  const findings = all.filter(({ severity }) => severity !== 'info');
  const answers = new Answers(tree.division.meshes, { findings });
  const client = flags.from === undefined ? undefined : clientIn(flags.from, answers);
  if (entry) {
    const told = probesOfLog(entry).flatMap((probe) => (client ? [answers.answer({ from: client, ...probe })] : answers.classes(probe)));
    const match = matchLog(entry, told);
    io.out(section('In these files', match ? logMatchText(match) : ['The line does not say where the connection went.'], { chalk, width }));
    const advice = match && match.hop !== undefined ? adviceFor(match.answer, findings) : [];
    if (advice.length > 0) io.out(section('What the linter says of it', advice.flatMap(findingText), { chalk, width }));
    return;
  }
  const isNamed = ({ rule, trace }: Finding): boolean => rules.includes(rule) && (!client || !trace || trace.probe.from.namespace === client.namespace);
  const certain = findings.filter(isNamed);
  // What is hidden otherwise may be the cause that is asked for, where nothing else is.
  const named = certain.length > 0 || findings.length > 0 ? certain : all.filter(isNamed);
  io.out(section('In these files', named.length === 0 ? nothingNamed(findings, rules, paths) : named.flatMap(findingText), { chalk, width }));
}

/** What is said where the rules of a page find nothing: what others report may be behind the symptom all the same. */
function nothingNamed(findings: readonly Finding[], rules: readonly string[], paths: readonly string[]): readonly string[] {
  const others = findings.filter(({ rule }) => !rules.includes(rule)).sort((a, b) => RANK[a.severity] - RANK[b.severity]);
  const none = rules.length > 0 ? 'None of the rules that the page below names finds anything in these files.' : 'The linter finds nothing in these files.';
  if (others.length === 0) return [none];
  const left = others.length - MAX_OTHERS;
  const more = left > 0 ? [`${left} more: egress-lint ${paths.join(' ')}`] : [];
  const lead = rules.length > 0 ? [none, 'Others do, and may be right all the same:'] : ['The linter finds:'];
  return [...lead, '', ...others.slice(0, MAX_OTHERS).flatMap(findingText), ...more];
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

function findingText({ severity, code, rule, message, help, location }: Finding): readonly string[] {
  const head = `${severity}[${code} ${rule}] ${location.file}:${location.startLine}:${location.startColumn}`;
  return [head, `  ${message}`, ...(help === undefined ? [] : [`  → ${help}`])].map(printableLineStart);
}

function printableLineStart(text: string): string {
  const indent = /^ */.exec(text)?.[0] ?? '';
  return `${indent}${printableLine(text)}`;
}

/** A heading, and lines that are wrapped; those that begin with spaces keep them. */
function section(title: string, lines: readonly string[], { chalk, width }: Pick<Printer, 'chalk' | 'width'>): string {
  const rows = lines.flatMap((line) => {
    const indent = 2 + (/^ */.exec(line)?.[0] ?? '').length;
    const text = line.trimStart();
    const hang = text.startsWith('→ ') ? 2 : 0;
    return wrap(text, Math.max(LEAST_WIDTH, width - indent), hang).map((row, at) => `${' '.repeat(at === 0 ? indent : indent + hang)}${row}\n`);
  });
  return `${chalk.bold(title)}\n\n${rows.join('')}\n`;
}

const LEAST_WIDTH = 40;

function readSymptomPages(packageRoot: string): readonly SymptomPage[] {
  const directory = `${packageRoot}/docs/symptoms`;
  const names = readdirSync(directory).filter((file) => file.endsWith('.md') && file !== 'README.md');
  return names.sort().map((file) => parseSymptomPage(file.slice(0, -'.md'.length), readFileSync(`${directory}/${file}`, 'utf8')));
}
