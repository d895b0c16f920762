import { paintFor } from './paint.ts';
import { locationText, paintSummary } from './pretty.ts';
import { type Report, shownFindings } from './report.ts';
import { summaryLine } from './summary.ts';
import { printableLine } from './terminal-text.ts';

/** One line for each finding, `file:line:column: error[rule-name] message`, for editors, grep and short logs; a summary line ends it. */
export const concise: Report = (input) => {
  const paint = paintFor(input.terminal);
  const rows = shownFindings(input).map(({ location, severity, rule, message, origin }) => {
    const where = paint.link(locationText(location), input.terminal.fileUrl?.(location.file));
    const from = origin === undefined || origin === location.file ? '' : ` (rendered from ${printableLine(origin)})`;
    return `${where}: ${paint.severity[severity](`${severity}[${rule}]`)} ${printableLine(message)}${from}\n`;
  });
  return `${rows.join('')}${paintSummary(summaryLine(input.summary, input.showInfos), input, paint)}\n`;
};
