import type { Finding, Severity } from '../engine/finding.ts';
import { fullText } from './full-text.ts';
import { type Report, SEVERITIES, shownFindings } from './report.ts';

/**
 * Workflow commands, which GitHub Actions turns into annotations of the changed lines. A step shows ten of each level: the worst come first.
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export const github: Report = (input) => {
  const findings = shownFindings(input);
  return SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity))
    .map(commandOf)
    .join('');
};

const COMMANDS: Readonly<Record<Severity, 'error' | 'warning' | 'notice'>> = { error: 'error', warning: 'warning', info: 'notice' };

function commandOf(finding: Finding): string {
  const { location, severity, code, rule } = finding;
  const { file, startLine, startColumn, endLine, endColumn } = location;
  // Columns of a place that spans lines make GitHub drop the annotation.
  const columns = startLine === endLine ? { col: startColumn, endColumn } : {};
  const properties = { title: `${code} ${rule}`, file, line: startLine, endLine, ...columns };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${COMMANDS[severity]} ${list.join(',')}::${escapeData(fullText(finding))}\n`;
}

/** What the runner reverses in the text behind the second `::`. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** What it reverses in a property. */
function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
