import { readFileSync } from 'node:fs';
import { Chalk } from 'chalk';
import { RULES } from '../../rules/index.ts';
import { findRule, unknownRule } from '../config/rule-severities.ts';
import { colorLevel } from './color.ts';
import type { Io } from './io.ts';
import type { ExplainFlags } from './program.ts';
import { UsageError } from './usage-error.ts';

/** Wider lines are hard to read. */
const MAX_WIDTH = 100;

/** `egress-lint explain RULE`: prints the rule's page. */
export async function explainCommand(nameOrCode: string, flags: ExplainFlags, io: Io): Promise<void> {
  const rule = findRule(nameOrCode, RULES);
  if (!rule) {
    const { problem, hint } = unknownRule(nameOrCode, RULES);
    throw new UsageError(problem, hint);
  }
  const { renderPage } = await import('./page-text.ts');
  const chalk = new Chalk({ level: colorLevel(flags.color, io.env, io.outIsTerminal) });
  const page = readFileSync(`${io.packageRoot}/docs/rules/${rule.meta.name}.md`, 'utf8');
  io.out(renderPage(page, { chalk, width: Math.min(io.columns ?? MAX_WIDTH, MAX_WIDTH) }));
}
