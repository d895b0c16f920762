import { readdirSync, readFileSync } from 'node:fs';
import { Chalk, type ChalkInstance } from 'chalk';
import { RULES } from '../../rules/index.ts';
import { findRule, unknownRule } from '../config/rule-severities.ts';
import { describeAccessLog, symptomTextOf } from '../report/access-log-text.ts';
import { parseSymptomPage, type SymptomPage, symptomsFor } from '../report/symptom-pages.ts';
import { type AccessLogEntry, parseAccessLog } from '../traffic/outcomes/access-log.ts';
import { colorLevel } from './color.ts';
import type { Io } from './io.ts';
import type { ExplainFlags } from './program.ts';
import { UsageError } from './usage-error.ts';

/** Wider lines are hard to read. */
const MAX_WIDTH = 100;
/** More pages than this are named, not printed. */
const MAX_OTHERS = 4;

/** `egress-lint explain RULE | SYMPTOM | LOG-LINE`: prints the rule's page, what may cause a symptom, or what a line of an access log tells. */
export async function explainCommand(text: string, flags: ExplainFlags, io: Io): Promise<void> {
  const { renderPage } = await import('./page-text.ts');
  const chalk = new Chalk({ level: colorLevel(flags.color, io.env, io.outIsTerminal) });
  const width = Math.min(io.columns ?? MAX_WIDTH, MAX_WIDTH);
  const print = (markdown: string): void => io.out(renderPage(markdown, { chalk, width }));

  const rule = findRule(text, RULES);
  if (rule) return print(readFileSync(`${io.packageRoot}/docs/rules/${rule.meta.name}.md`, 'utf8'));

  const pages = readSymptomPages(io.packageRoot);
  const entry = parseAccessLog(text);
  if (entry) io.out(logText(entry, chalk));
  const found = symptomsFor(entry ? symptomTextOf(entry) : text, pages);
  const [best, ...others] = found;
  if (!best) {
    if (entry) return;
    const { problem, hint } = unknownRule(text, RULES);
    const symptoms = `symptoms: ${pages.map(({ name }) => name).join(', ')}`;
    throw new UsageError(`${problem}, and no page knows it as a symptom`, hint.startsWith('did you mean') ? hint : `${hint}; ${symptoms}`);
  }
  print(best.markdown);
  if (others.length > 0 && !entry)
    io.out(
      `\nSee also: ${others
        .slice(0, MAX_OTHERS)
        .map(({ name, title }) => `${name} (${title})`)
        .join(', ')}\n`,
    );
}

function logText(entry: AccessLogEntry, chalk: ChalkInstance): string {
  return `${chalk.bold('The log says')}\n\n${describeAccessLog(entry)
    .map((sentence) => `  ${sentence}\n`)
    .join('')}\n`;
}

function readSymptomPages(packageRoot: string): readonly SymptomPage[] {
  const directory = `${packageRoot}/docs/symptoms`;
  const names = readdirSync(directory).filter((file) => file.endsWith('.md') && file !== 'README.md');
  return names.sort().map((file) => parseSymptomPage(file.slice(0, -'.md'.length), readFileSync(`${directory}/${file}`, 'utf8')));
}
