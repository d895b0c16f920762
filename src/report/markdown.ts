import type { Finding, Location, Severity } from '../engine/finding.ts';
import { remarksOf } from './full-text.ts';
import { pageUrl, type Report, type ReportInput, SEVERITIES, shownFindings } from './report.ts';
import { summaryLine } from './summary.ts';
import { printableLine } from './terminal-text.ts';

/**
 * Markdown for the summary of a CI job (`--format markdown >> "$GITHUB_STEP_SUMMARY"`) or a comment: the summary, then the findings in a table with
 * their stories folded up, the worst first. GitHub takes a megabyte a step: what does not fit is counted.
 */
export const markdown: Report = (input) => {
  const head = `## ${input.tool.name}\n\n${escapeText(summaryLine(input.summary, input.showInfos))}\n`;
  const findings = shownFindings(input);
  const sorted = SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
  if (sorted.length === 0) return head;
  const rows: string[] = [];
  let length = 0;
  for (const finding of sorted) {
    const row = rowOf(finding, input);
    length += row.length;
    if (length > MOST_TEXT) break;
    rows.push(row);
  }
  const left = sorted.length - rows.length;
  const more = left === 0 ? '' : `\n${left} more ${left === 1 ? 'finding does' : 'findings do'} not fit here.\n`;
  return `${head}\n| | rule | where | what |\n| --- | --- | --- | --- |\n${rows.join('')}${more}`;
};

/** UTF-16 units; a unit is three bytes at most, and the limit is a megabyte. */
const MOST_TEXT = 300_000;
const SIGNS: Readonly<Record<Severity, string>> = { error: '🛑 error', warning: '⚠️ warning', info: 'ℹ️ info' };

function rowOf(finding: Finding, { tool }: ReportInput): string {
  const { severity, rule, code, docs, location, message } = finding;
  const url = pageUrl(tool, docs);
  const name = `\`${rule}\` ${code}`;
  const story = remarksOf(finding).map((remark) => `<b>${remark.name}:</b> ${escapeText(remark.text)}`);
  const folded = story.length === 0 ? '' : `<details><summary>more</summary>${story.join('<br>')}</details>`;
  return `| ${SIGNS[severity]} | ${url === undefined ? name : `[${name}](${url})`} | ${whereOf(location)} | ${escapeText(message)}${folded} |\n`;
}

function whereOf({ file, startLine, startColumn }: Location): string {
  return escapeText(`${file}:${startLine}:${startColumn}`);
}

/** Text that stands for itself in a cell of a table: no markup, no HTML, no mention of a person, no line end that would end the row. */
function escapeText(text: string): string {
  return text
    .split('\n')
    .map(printableLine)
    .join('\u0000')
    .replace(/[&<>]/g, (character) => ENTITIES[character] ?? character)
    .replace(/[\\`*_[\]|~$]/g, '\\$&')
    .replaceAll('@', '&#64;')
    .replaceAll('://', '&#58;//')
    .replaceAll('\u0000', '<br>');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
