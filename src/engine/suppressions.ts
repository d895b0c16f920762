import type { LoadedFile } from '../mesh/load.ts';
import type { Resource } from '../resources/resource.ts';
import { lineStarts, type SourceText } from '../text/source-text.ts';
import type { Finding } from './finding.ts';

/** Which findings a person has silenced, in comments or annotations. */
export interface Suppressions {
  readonly covers: (finding: Finding, resource: Resource | undefined) => boolean;
}

/** Lines `from` to `to` (1-based, inclusive) in which the named rules stay silent; no names means all rules. */
interface Scope {
  readonly from: number;
  readonly to: number;
  readonly names: readonly string[];
}

const ANNOTATION = 'egress-lint/ignore';
const DIRECTIVE = /#\s*egress-lint-disable-(next-line|line|file)\b([^\n\r]*)/g;

/**
 * Reads `# egress-lint-disable-next-line NAME, … -- reason` (also `-line`, `-file`) and the annotation `egress-lint/ignore: "NAME: reason"`.
 * A comment's scope is the YAML node on its line, with everything that is nested in it.
 */
export function suppressionsIn(files: readonly LoadedFile[]): Suppressions {
  const byFile = new Map<string, readonly Scope[]>();
  for (const { source } of files) {
    if (source.text.includes('egress-lint-disable')) byFile.set(source.file, scopesIn(source));
  }
  return {
    covers: (finding, resource) => {
      if (resource && annotated(resource, finding)) return true;
      const places = [finding.location, ...finding.related.map((related) => related.location)];
      return places.some((place) =>
        (byFile.get(place.file) ?? []).some((scope) => scope.from <= place.startLine && place.startLine <= scope.to && names(scope.names, finding)),
      );
    },
  };
}

function annotated(resource: Resource, finding: Finding): boolean {
  const annotation = resource.annotations[ANNOTATION];
  if (annotation === undefined) return false;
  return annotation.split(/[\n;]/).some((entry) => names(listed(entry.split(':', 1)[0] ?? ''), finding));
}

function names(listed: readonly string[], finding: Finding): boolean {
  return listed.length === 0 || listed.includes(finding.rule) || listed.includes(finding.code) || listed.includes('*');
}

function listed(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((name) => name !== '');
}

function scopesIn(source: SourceText): readonly Scope[] {
  const lines = source.text.split(/\r\n|\n|\r/);
  const starts = lineStarts(source.text);
  const scopes: Scope[] = [];
  for (const match of source.text.matchAll(DIRECTIVE)) {
    const ruleNames = listed((match[2] ?? '').split(/\s--(?:\s|$)/, 1)[0] ?? '');
    if (match[1] === 'file') {
      scopes.push({ from: 1, to: lines.length, names: ruleNames });
      continue;
    }
    const own = starts.findLastIndex((start) => start <= match.index);
    const target = match[1] === 'line' ? own : nextLine(lines, own);
    scopes.push({ from: target + 1, to: lastLineOfNode(lines, target) + 1, names: ruleNames });
  }
  return scopes;
}

/** The next line that is neither blank nor a comment. */
function nextLine(lines: readonly string[], own: number): number {
  let index = own + 1;
  while (index < lines.length - 1 && /^\s*(?:#|$)/.test(lines[index] ?? '')) index++;
  return index;
}

/** The last line of the block that starts on a line, told by indentation; a list may stand at its key's own column. */
function lastLineOfNode(lines: readonly string[], first: number): number {
  const indent = indentOf(lines[first] ?? '');
  const isKey = /^\s*(?!-\s)[^#]*:\s*(?:#.*)?$/.test(lines[first] ?? '');
  let last = first;
  for (let index = first + 1; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (/^\s*(?:#|$)/.test(line)) continue;
    if (line.startsWith('---')) break;
    const deeper = indentOf(line) > indent || (isKey && indentOf(line) === indent && /^\s*-\s/.test(line));
    if (!deeper) break;
    last = index;
  }
  return last;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
