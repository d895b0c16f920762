import type { PhysicalLocation, Region, Result, Fix as SarifFix, Location as SarifLocation } from 'sarif';
import type { Finding, Fix, Location, Severity } from '../engine/finding.ts';
import type { Trace } from '../engine/trace.ts';
import { positionAt } from '../text/source-text.ts';
import { describe } from '../traffic/outcomes/symptoms.ts';
import { writeClient, writeDestination } from '../traffic/probes/probe-text.ts';
import { findingNotes } from './finding-notes.ts';
import { outcomeText, proxyText, subjectOf } from './outcome-text.ts';
import type { SourceLines } from './source-lines.ts';
import { printableLine, printableLines, wellFormed } from './terminal-text.ts';

/** What the results of a run share. */
export interface ResultContext {
  /** Where a rule stands in the driver's list, by its code. */
  readonly ruleIndices: ReadonlyMap<string, number>;
  readonly lines: (file: string) => SourceLines | undefined;
  /** GitHub's hash of the line in which a location starts; undefined where the file is not at hand. */
  readonly lineHash: (location: Location) => string | undefined;
}

export const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = { error: 'error', warning: 'warning', info: 'note' };

/** GitHub keeps as many locations of a result as this. */
const MOST_RELATED = 100;

/** A finding as a SARIF result. Its text alone is enough to act on: viewers show little else of an alert. */
export function resultOf(finding: Finding, { ruleIndices, lines, lineHash }: ResultContext): Result {
  const ruleIndex = ruleIndices.get(finding.code);
  const hash = lineHash(finding.location);
  const related = finding.related.slice(0, MOST_RELATED);
  const fixes = finding.fixes.flatMap((fix) => fixOf(fix, lines) ?? []);
  return {
    ruleId: finding.code,
    ...(ruleIndex !== undefined && { ruleIndex }),
    level: LEVELS[finding.severity],
    message: { text: messageText(finding) },
    locations: [{ physicalLocation: physicalLocation(finding.location) }],
    ...(related.length > 0 && {
      relatedLocations: related.map(
        ({ location, message }, index): SarifLocation => ({
          id: index + 1,
          physicalLocation: physicalLocation(location),
          message: { text: sentence(message) },
        }),
      ),
    }),
    ...(finding.trace && codeFlowsOf(finding.trace)),
    partialFingerprints: { ...(hash !== undefined && { primaryLocationLineHash: hash }), 'egressLint/v1': finding.fingerprint },
    ...(fixes.length > 0 && { fixes }),
    properties: { confidence: finding.confidence, ...(finding.origin !== undefined && { origin: finding.origin }) },
  };
}

/** GitHub keeps as many locations of a path as this. */
const MOST_STEPS = 1000;

/** The way of the connection that fails, field by field; nothing where no field in view decided. */
function codeFlowsOf({ probe, expect, symptom }: Trace): Pick<Result, 'codeFlows'> {
  const steps = expect.hops.flatMap((hop) => hop.decidedBy.map((field) => ({ field, proxy: proxyText(hop) })));
  const last = expect.because && { field: expect.because, proxy: outcomeText(expect) };
  const all = [...steps, ...(last ? [last] : [])].slice(0, MOST_STEPS);
  if (all.length === 0) return {};
  const locations = all.map(({ field, proxy }, index) => ({
    executionOrder: index + 1,
    nestingLevel: 0,
    importance: index === all.length - 1 ? ('essential' as const) : ('important' as const),
    location: { physicalLocation: physicalLocation(field.location), message: { text: sentence(`${proxy}: ${subjectOf(field)} ${field.what}`) } },
  }));
  const text = `${writeClient(probe.from)} → ${writeDestination(probe)}: ${outcomeText(expect)}. What you see: ${describe(symptom)}`;
  return { codeFlows: [{ message: { text: sentence(text) }, threadFlows: [{ locations }] }] };
}

/** Message, symptom, notes, help, and a link to each related location: `[file:line](1)` leads to the one with that id. */
function messageText(finding: Finding): string {
  const { message, symptom, help, related } = finding;
  const parts = [sentence(message)];
  if (symptom) parts.push(`What you see: ${sentence(symptom)}`);
  for (const note of findingNotes(finding)) parts.push(`Note: ${sentence(note)}`);
  if (help) parts.push(`What to do: ${sentence(help)}`);
  const links = related.slice(0, MOST_RELATED).map((each, index) => `- ${phrase(each.message)}: [${linkText(each.location)}](${index + 1})`);
  if (links.length > 0) parts.push(`Related:\n${links.join('\n')}`);
  return parts.join('\n\n');
}

/** Text with a full stop at its end, without characters that viewers might act on, and without what would read as a link. */
export function sentence(text: string): string {
  const clean = unlinked(printableLines(text.trim()).join('\n'));
  return /[.!?:]$/.test(clean) ? clean : `${clean}.`;
}

function phrase(text: string): string {
  return unlinked(printableLine(text));
}

/** In SARIF `[text](target)` is a link: what comes from a file must not become one. */
function unlinked(text: string): string {
  return text.replaceAll('](', '] (');
}

function linkText({ file, startLine }: Location): string {
  return `${printableLine(file)}:${startLine}`.replace(/[\\[\]]/g, '\\$&');
}

function physicalLocation(location: Location): PhysicalLocation {
  const { startLine, startColumn, endLine, endColumn } = location;
  return { artifactLocation: artifactLocation(location.file), region: { startLine, startColumn, endLine, endColumn } };
}

function artifactLocation(file: string): PhysicalLocation['artifactLocation'] & object {
  return { uri: fileUri(file), uriBaseId: '%SRCROOT%' };
}

/** A file name as a relative URI reference, percent-encoded. */
function fileUri(file: string): string {
  return wellFormed(file).split('/').map(encodeURIComponent).join('/');
}

/** Undefined where there is nothing to change, or a file is not at hand. */
function fixOf({ title, edits }: Fix, lines: ResultContext['lines']): SarifFix | undefined {
  const byFile = new Map<string, { deletedRegion: Region; insertedContent: { text: string } }[]>();
  for (const { file, start, end, text } of edits) {
    const source = lines(file);
    if (!source) return undefined;
    const replacement = { deletedRegion: regionOf(source, start, end), insertedContent: { text } };
    byFile.set(file, [...(byFile.get(file) ?? []), replacement]);
  }
  if (byFile.size === 0) return undefined;
  return {
    description: { text: sentence(title) },
    artifactChanges: [...byFile].map(([file, replacements]) => ({ artifactLocation: artifactLocation(file), replacements })),
  };
}

function regionOf({ starts }: SourceLines, start: number, end: number): Region {
  const from = positionAt(starts, start);
  const to = positionAt(starts, end);
  return { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column };
}
