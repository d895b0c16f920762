import { Chalk } from 'chalk';
import type { Severity } from '../engine/finding.ts';
import type { Terminal } from './report.ts';
import { wellFormed } from './terminal-text.ts';

type Style = (text: string) => string;

/** The colors of the reports for people. */
export interface Paint {
  /** The head and the carets of a finding. */
  readonly severity: Readonly<Record<Severity, Style>>;
  readonly strong: Style;
  /** Line numbers, bars, arrows. */
  readonly gutter: Style;
  /** Underlines of related places. */
  readonly related: Style;
  readonly faint: Style;
  readonly good: Style;
  /** Makes text lead to a URL where the terminal follows links and there is one. */
  readonly link: (text: string, url: string | undefined) => string;
}

/** chalk is told the level: it would otherwise look at the environment, which is the caller's to judge. */
export function paintFor({ color, hyperlinks }: Terminal): Paint {
  const chalk = new Chalk({ level: color });
  return {
    severity: { error: chalk.bold.red, warning: chalk.bold.yellow, info: chalk.bold.cyan },
    strong: chalk.bold,
    gutter: chalk.blue,
    related: chalk.blue,
    faint: chalk.dim,
    good: chalk.green,
    link: (text, url) => (hyperlinks && url !== undefined ? hyperlink(text, url) : text),
  };
}

/** OSC 8, as terminals since 2017 follow it and others skip it. */
function hyperlink(text: string, url: string): string {
  const safe = wellFormed(url).replace(/[^\x21-\x7e]/gu, encodeURIComponent);
  return `\u001b]8;;${safe}\u001b\\${text}\u001b]8;;\u001b\\`;
}
