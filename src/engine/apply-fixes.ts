import type { InputFile } from '../mesh/load.ts';
import { applyEdits, type TextEdit } from '../text/edit.ts';
import type { Finding, Fix } from './finding.ts';

/** Which fixes to apply: only those that never change what traffic is allowed, or each finding's first one. */
export type FixLevel = 'safe' | 'all';

export interface FixedFiles {
  /** All files, in their order; those that nothing changed are the same objects. */
  readonly files: readonly InputFile[];
  /** How many fixes went in. */
  readonly applied: number;
}

/** A repair can make another one possible; more rounds than these would be a circle. */
const MAX_ROUNDS = 10;

/**
 * Applies fixes until none is left to apply. Pure: writing the files is the caller's business.
 * @param lint finds what is wrong with the files as they are after each round
 */
export function applyFixes(files: readonly InputFile[], level: FixLevel, lint: (files: readonly InputFile[]) => readonly Finding[]): FixedFiles {
  let current = files;
  let applied = 0;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const chosen = choose(lint(current), level);
    if (chosen.length === 0) break;
    applied += chosen.length;
    current = withEdits(current, chosen);
  }
  return { files: current, applied };
}

/** The fixes of one round: no two touch the same text, and each goes in as a whole or not at all. */
function choose(findings: readonly Finding[], level: FixLevel): readonly Fix[] {
  const chosen: Fix[] = [];
  const taken = new Map<string, TextEdit[]>();
  for (const { fixes } of findings) {
    const fix = fixes.find((each) => (each.safe || level === 'all') && each.edits.length > 0);
    if (!fix || fix.edits.some((edit) => (taken.get(edit.file) ?? []).some((other) => touch(edit, other)))) continue;
    chosen.push(fix);
    for (const edit of fix.edits) taken.set(edit.file, [...(taken.get(edit.file) ?? []), edit]);
  }
  return chosen;
}

/** Edits that share text or a border: the order in which two insertions at one place go in would matter. */
function touch(a: TextEdit, b: TextEdit): boolean {
  return a.start <= b.end && b.start <= a.end;
}

function withEdits(files: readonly InputFile[], fixes: readonly Fix[]): readonly InputFile[] {
  const byFile = new Map<string, TextEdit[]>();
  for (const edit of fixes.flatMap((fix) => fix.edits)) byFile.set(edit.file, [...(byFile.get(edit.file) ?? []), edit]);
  return files.map((file) => {
    const edits = byFile.get(file.file);
    return edits ? { ...file, text: applyEdits(file.text, edits).text } : file;
  });
}
