import type { Finding } from './finding.ts';

/** Which findings of a run are reported, though everything was read. Names are those of findings; a directory stands for all below it. */
export interface ReportScope {
  /** Files that a reported finding touches, be it with a related place; undefined for all. */
  readonly only?: readonly string[];
  /** Files that are read for what they tell of others; nothing is reported at them. */
  readonly context: readonly string[];
}

/** The findings that a scope lets through. */
export function inScope(findings: readonly Finding[], { only, context }: ReportScope): readonly Finding[] {
  const isContext = matcher(context);
  const isWanted = only && matcher(only);
  return findings.filter(({ location, related }) => {
    if (isContext(location.file)) return false;
    return !isWanted || [location, ...related.map((each) => each.location)].some(({ file }) => isWanted(file));
  });
}

function matcher(names: readonly string[]): (file: string) => boolean {
  const known = new Set(names.map((name) => name.replace(/\/$/, '')));
  if (known.has('.')) return (file) => !file.startsWith('../') || known.has(file);
  return (file) => {
    for (let name = file; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('/')))) if (known.has(name)) return true;
    return false;
  };
}
