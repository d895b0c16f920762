import { Chalk } from 'chalk';
import { docsOf } from '../engine/rule.ts';
import { compareText } from '../text/compare-text.ts';
import { colorLevel } from './color.ts';
import { knownRules } from './configuration.ts';
import type { Io } from './io.ts';
import type { RulesFlags } from './program.ts';

/** `egress-lint rules`: prints all rules, by code, those of plugins included where their modules may be run. */
export async function rulesCommand(flags: RulesFlags, io: Io): Promise<void> {
  const known = await knownRules([], flags, io);
  const rules = known.rules.map(({ meta }) => meta).sort((a, b) => compareText(a.code, b.code));
  switch (flags.format) {
    case 'json':
      io.out(
        `${JSON.stringify(
          rules.map((meta) => ({ ...meta, docs: docsOf(meta) })),
          null,
          2,
        )}\n`,
      );
      return;
    case 'markdown':
      io.out(
        table(
          rules.map(
            (meta) => `| ${meta.code} | [${meta.name}](${docsOf(meta)}) | ${meta.isOptIn ? 'off' : meta.severity} | ${meta.fixable ?? ''} | ${meta.summary} |`,
          ),
        ),
      );
      return;
    case 'table': {
      const chalk = new Chalk({ level: colorLevel(flags.color, io.env, io.outIsTerminal) });
      const width = Math.max(...rules.map(({ name }) => name.length));
      const codeWidth = Math.max(...rules.map(({ code }) => code.length));
      for (const { code, name, severity, isOptIn, summary } of rules) {
        const shown = isOptIn ? chalk.dim('off'.padEnd(7)) : chalk[COLORS[severity]](severity.padEnd(7));
        io.out(`${chalk.bold(code.padEnd(codeWidth))}  ${name.padEnd(width)}  ${shown}  ${summary}\n`);
      }
      io.out("Rules that are off are for the presets strict and all: 'extends: strict' in egress-lint.yaml, or --rule NAME=warning.\n");
      if (known.asleep.length > 0) io.out(`Rules of ${known.asleep.join(', ')} are not listed: --allow-plugins runs what the configuration names.\n`);
      return;
    }
    default:
      flags.format satisfies never;
  }
}

const COLORS = { error: 'red', warning: 'yellow', info: 'blue' } as const;

function table(rows: readonly string[]): string {
  return `${['| code | rule | severity | fix | what is wrong |', '| --- | --- | --- | --- | --- |', ...rows].join('\n')}\n`;
}
