import type { Finding } from '../../src/index.ts';

/** What a marker comment in a fixture expects: a finding, or a related location, at exact columns of the line above. */
export interface Marker {
  readonly line: number;
  readonly startColumn: number;
  readonly endColumn: number;
  /** `error`, `warning`, `info` or `related`. */
  readonly level: string;
  /** The rule's name; '' for related locations. */
  readonly rule: string;
  /** Must occur in the message. */
  readonly text: string;
}

const MARKER = /^(?<lead>\s*#\s*)(?<carets>\^+|<\^*)\s+(?<level>error|warning|info|related)(?:\[(?<rule>[\w-]+)\])?:?\s*(?<text>.*)$/;

/**
 * Reads markers: a comment under the line it speaks of, carets under the columns, `error[rule-name] part of the message` or `related: part of the message`.
 * `#<^^^` marks a span that starts in column 1, its length being that of everything from `#`.
 */
export function markersIn(text: string): readonly Marker[] {
  const markers: Marker[] = [];
  let line = 0;
  for (const [index, content] of text.split('\n').entries()) {
    const groups = MARKER.exec(content)?.groups;
    if (!groups) {
      line = index + 1;
      continue;
    }
    const { lead = '', carets = '', level = '', rule = '', text: message = '' } = groups;
    const startColumn = carets.startsWith('<') ? lead.indexOf('#') + 1 : lead.length + 1;
    markers.push({ line, startColumn, endColumn: lead.length + carets.length + 1, level, rule, text: message.trim() });
  }
  return markers;
}

/** A finding and its related locations in the form of markers, with the whole messages. */
export function asMarkers(finding: Finding): readonly Marker[] {
  const at = (level: string, rule: string, text: string, { startLine, startColumn, endLine, endColumn }: Finding['location']): Marker => ({
    line: startLine,
    startColumn,
    endColumn: endLine === startLine ? endColumn : -1,
    level,
    rule,
    text,
  });
  return [
    at(finding.severity, finding.rule, finding.message, finding.location),
    ...finding.related.map((related) => at('related', '', related.message, related.location)),
  ];
}

/** Pairs markers with findings; what is left on either side is returned as lines of text, which should be none. */
export function mismatches(expected: readonly Marker[], actual: readonly Marker[]): readonly string[] {
  const open = [...actual];
  const problems: string[] = [];
  for (const marker of expected) {
    const index = open.findIndex((each) => same(marker, each));
    if (index === -1) problems.push(`expected, not reported: ${show(marker)}`);
    else open.splice(index, 1);
  }
  return [...problems, ...open.map((marker) => `reported, not expected: ${show(marker)}`)];
}

function same(marker: Marker, actual: Marker): boolean {
  return (
    marker.line === actual.line &&
    marker.startColumn === actual.startColumn &&
    marker.endColumn === actual.endColumn &&
    marker.level === actual.level &&
    marker.rule === actual.rule &&
    actual.text.includes(marker.text)
  );
}

function show(marker: Marker): string {
  return `${marker.line}:${marker.startColumn}-${marker.endColumn} ${marker.level}${marker.rule && `[${marker.rule}]`} ${marker.text}`;
}
