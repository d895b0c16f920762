import ignore from 'ignore';

/** A pattern as in `.gitignore`, and the directory that it starts at, as printed names have it: '' is the root. */
export interface Pattern {
  readonly pattern: string;
  readonly base: string;
}

/** Whether patterns take in a file, by its name as printed. */
export type FileMatcher = (file: string) => boolean;

/** @param patterns in their order: a later `!pattern` takes files out again */
export function fileMatcher(patterns: readonly Pattern[]): FileMatcher {
  const groups = byBase(patterns).map(({ base, lines }) => ({
    prefix: base === '' ? '' : `${base}/`,
    rules: ignore({ ignorecase: false, allowRelativePaths: true }).add([...lines]),
  }));
  return (file) => {
    let isTaken = false;
    for (const { prefix, rules } of groups) {
      const inside = file.startsWith(prefix) ? file.slice(prefix.length) : '';
      if (inside === '' || inside.startsWith('../') || inside.startsWith('/')) continue;
      const { ignored, unignored } = rules.test(inside);
      if (ignored || unignored) isTaken = ignored;
    }
    return isTaken;
  };
}

/** Neighbors that start at one directory; their order is kept. */
function byBase(patterns: readonly Pattern[]): readonly { readonly base: string; readonly lines: readonly string[] }[] {
  const groups: { base: string; lines: string[] }[] = [];
  for (const { pattern, base } of patterns) {
    const last = groups.at(-1);
    if (last?.base === base) last.lines.push(pattern);
    else groups.push({ base, lines: [pattern] });
  }
  return groups;
}

/** Why a pattern cannot mean what it seems to mean, and what to write instead. */
export function patternProblem(pattern: string): { readonly problem: string; readonly hint: string } | undefined {
  if (/^\.\.?\//.test(pattern)) {
    return { problem: `the pattern '${pattern}' matches nothing`, hint: 'write it relative to the directory of this file, without ./ or ../' };
  }
  if (/\{[^{}]*,[^{}]*\}/.test(pattern)) return { problem: `braces mean nothing in the pattern '${pattern}'`, hint: 'write a pattern for each of the choices' };
  return undefined;
}
