import { Chalk } from 'chalk';
import { RULES } from '../../rules/index.ts';
import { compareText } from '../text/compare-text.ts';
import { colorLevel } from './color.ts';
import type { Io } from './io.ts';
import type { RulesFlags } from './program.ts';

/** `egress-lint rules`: prints all rules, by code. */
export function rulesCommand(flags: RulesFlags, io: Io): void {
  const rules = RULES.map(({ meta }) => meta).sort((a, b) => compareText(a.code, b.code));
  switch (flags.format) {
    case 'json':
      io.out(
        `${JSON.stringify(
          rules.map((meta) => ({ ...meta, docs: pageOf(meta.name) })),
          null,
          2,
        )}\n`,
      );
      return;
    case 'markdown':
      io.out(
        table(
          rules.map(
            ({ code, name, severity, isOptIn, fixable, summary }) =>
              `| ${code} | [${name}](${pageOf(name)}) | ${isOptIn ? 'off' : severity} | ${fixable ?? ''} | ${summary} |`,
          ),
        ),
      );
      return;
    case 'table': {
      const chalk = new Chalk({ level: colorLevel(flags.color, io.env, io.outIsTerminal) });
      const width = Math.max(...rules.map(({ name }) => name.length));
      for (const { code, name, severity, isOptIn, summary } of rules) {
        const shown = isOptIn ? chalk.dim('off'.padEnd(7)) : chalk[COLORS[severity]](severity.padEnd(7));
        io.out(`${chalk.bold(code)}  ${name.padEnd(width)}  ${shown}  ${summary}\n`);
      }
      io.out("Rules that are off are for the presets strict and all: 'extends: strict' in egress-lint.yaml, or --rule NAME=warning.\n");
      return;
    }
    default:
      flags.format satisfies never;
  }
}

const COLORS = { error: 'red', warning: 'yellow', info: 'blue' } as const;

function pageOf(name: string): string {
  return `docs/rules/${name}.md`;
}

function table(rows: readonly string[]): string {
  return `${['| code | rule | severity | fix | what is wrong |', '| --- | --- | --- | --- | --- |', ...rows].join('\n')}\n`;
}
