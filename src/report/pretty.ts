import type { Finding, Fix, Location, ResourceId } from '../engine/finding.ts';
import { writeClient, writeDestination } from '../traffic/probes/probe-text.ts';
import { bar, codeFrame, type FrameLayout, type Label } from './code-frame.ts';
import { quoted } from './confirm-commands.ts';
import { findingNotes } from './finding-notes.ts';
import { pathLine } from './outcome-text.ts';
import { type Paint, paintFor } from './paint.ts';
import { isPage, pageUrl, type Report, type ReportInput, shownFindings } from './report.ts';
import { type SourceLines, sourceLines } from './source-lines.ts';
import { meshLine, summaryLine } from './summary.ts';
import { displayWidth, printableLine, printableLines, wrap } from './terminal-text.ts';

/** For people at a terminal: each finding with the code that it speaks of, what they would see and what to do; a summary line ends it. */
export const pretty: Report = (input) => {
  const paint = paintFor(input.terminal);
  const lines = sourceLines(input.sources);
  const blocks = shownFindings(input).map((finding) => block(finding, { input, paint, lines }));
  const summary = summaryLine(input.summary, input.showInfos);
  const { meshes } = input.summary;
  const division = meshes ? `${paint.faint(printableLine(meshLine(meshes)))}\n` : '';
  return [...blocks.map((rows) => `${rows.join('\n')}\n`), `${paintSummary(summary, input, paint)}\n${division}`].join('\n');
};

interface Context {
  readonly input: ReportInput;
  readonly paint: Paint;
  readonly lines: (file: string) => SourceLines | undefined;
}

/** Green if there is nothing to complain about; else in the color of the worst. */
export function paintSummary(line: string, { summary }: Pick<ReportInput, 'summary'>, paint: Paint): string {
  if (summary.errors > 0) return paint.severity.error(line);
  if (summary.warnings > 0) return paint.severity.warning(line);
  return line.startsWith('ok') ? paint.good(line) : paint.strong(line);
}

function block(finding: Finding, context: Context): readonly string[] {
  const { input, paint } = context;
  const locations = [finding.location, ...finding.related.map((related) => related.location)];
  const digits = Math.max(...locations.map((location) => String(location.endLine).length));
  const layout = { digits, width: input.terminal.width, paint };
  return [...head(finding, context), ...frames(finding, layout, context), ...trailer(finding, layout, context)];
}

/** `error[EL103 unknown-field]: message`, wrapped with an indent. */
function head(finding: Finding, { input, paint }: Context): readonly string[] {
  const { severity, code, rule } = finding;
  const name = `${severity}[${code} ${rule}]`;
  const [first = '', ...rest] = wrap(`${name}: ${printableLine(finding.message)}`, input.terminal.width, HEAD_INDENT);
  const linked = paint.severity[severity](paint.link(name, pageUrl(input.tool, finding.docs)));
  const begin = first.startsWith(name) ? `${linked}${paint.strong(first.slice(name.length))}` : paint.strong(first);
  return [begin, ...rest.map((line) => paint.strong(`${' '.repeat(HEAD_INDENT)}${line}`))];
}

const HEAD_INDENT = 4;

/** A frame for the file of the finding, then one for each further file, in the order of the story. */
function frames(finding: Finding, layout: FrameLayout, context: Context): readonly string[] {
  const labels = new Map<string, Place[]>();
  const add = (place: Place): void => {
    const file = place.location.file;
    labels.set(file, [...(labels.get(file) ?? []), place]);
  };
  add({ location: finding.location, text: finding.label ?? '', primary: finding.severity, resource: finding.resource, path: finding.path });
  for (const { location, message, resource, path } of finding.related) add({ location, text: message, resource, path });

  const rows: string[] = [];
  for (const [file, places] of labels) {
    const lines = context.lines(file);
    if (rows.length > 0) rows.push(bar(layout));
    const first = places[0];
    if (first) rows.push(arrow(first, layout, context));
    if (lines) rows.push(...codeFrame(lines, places, layout));
    else rows.push(...places.filter(({ text }) => text !== '').map(({ text }) => `${bar(layout)} ${printableLine(text)}`));
  }
  return [...rows, bar(layout)];
}

type Place = Label & { readonly resource: ResourceId | undefined; readonly path: string | undefined };

/** `  --> file:line:column`, and the field and resource where they fit into the line. */
function arrow(place: Place, { digits, width, paint }: FrameLayout, { input }: Context): string {
  const where = locationText(place.location);
  const begin = `${' '.repeat(digits)}--> `;
  const { resource, path } = place;
  const owner = resource && `${resource.kind} ${resource.namespace}/${resource.name}`;
  const candidates = [owner && path ? `${path} of ${owner}` : '', owner ?? ''].map(printableLine);
  const room = width - begin.length - displayWidth(where) - 2;
  const aside = candidates.find((text) => text !== '' && displayWidth(text) <= room);
  const linked = paint.link(where, input.terminal.fileUrl?.(place.location.file));
  return `${paint.gutter(begin)}${linked}${aside === undefined ? '' : `  ${paint.faint(aside)}`}`;
}

/** `file:line:column`, as terminals and editors make it clickable. */
export function locationText({ file, startLine, startColumn }: Location): string {
  return `${printableLine(file)}:${startLine}:${startColumn}`;
}

/** What follows the frames, always in this order. */
function trailer(finding: Finding, layout: FrameLayout, { input }: Context): readonly string[] {
  const entries: [name: string, text: string][] = [];
  if (finding.symptom) entries.push(['symptom', finding.symptom]);
  if (finding.trace) entries.push(['path', tracedText(finding.trace, input)]);
  for (const note of findingNotes(finding)) entries.push(['note', note]);
  if (finding.help) entries.push(['help', finding.help]);
  for (const fix of finding.fixes) if (fix.edits.length > 0) entries.push(['fix', fixText(fix)]);
  const { docs } = finding;
  entries.push(['docs', pageUrl(input.tool, docs) ?? (isPage(docs) ? `${docs} (${input.tool.name} explain ${finding.rule})` : docs)]);
  return entries.flatMap(([name, text]) => entry(name, text, layout));
}

/** The way of the connection that fails, and the command that tells it in full. */
function tracedText({ probe, expect }: NonNullable<Finding['trace']>, { tool, paths = [] }: ReportInput): string {
  const command = [tool.name, 'trace', ...paths.map(quoted), '--from', quoted(writeClient(probe.from)), '--to', quoted(writeDestination(probe))].join(' ');
  return `${pathLine(writeClient(probe.from), expect)}\n  ${command}`;
}

/** `   = help: text`, further lines indented to where the text begins. Lines of the text stay lines; those that start with a space are not wrapped. */
function entry(name: string, text: string, layout: FrameLayout): readonly string[] {
  const begin = `${bar(layout, '=')} ${layout.paint.strong(`${name}:`)} `;
  const indent = layout.digits + name.length + 5;
  const room = Math.max(LEAST_TEXT, layout.width - indent);
  const rows = printableLines(text.trimEnd()).flatMap((line) => (line.startsWith(' ') ? [line] : wrap(line, room)));
  return rows.map((row, index) => (index === 0 ? begin : ' '.repeat(indent)) + row).map((row) => row.trimEnd());
}

const LEAST_TEXT = 30;

/** A fix without edits is nothing that `--fix` can do; what to do by hand, the help says. */
function fixText({ title, safe }: Fix): string {
  return safe ? `${title} (safe: --fix)` : `${title} (may change allowed traffic: --fix=all)`;
}
