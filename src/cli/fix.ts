import type { FixedFiles, FixLevel } from '../engine/apply-fixes.ts';
import type { FoundFile } from '../files/discover.ts';
import { reasonOf } from '../files/file-error.ts';
import { writeTextFile } from '../files/write-file.ts';
import type { InputFile } from '../mesh/load.ts';
import type { Io } from './io.ts';
import type { LintFlags } from './program.ts';
import { UsageError } from './usage-error.ts';

/** `--fix` takes the safe ones, `--fix=all` all. */
export function fixLevel({ fix, diff, render }: LintFlags): FixLevel | undefined {
  if (render && (fix !== undefined || diff)) throw new UsageError('--fix cannot change what --render makes', 'leave out one of the two');
  if (fix === undefined) return diff ? 'safe' : undefined;
  if (fix === 'safe' || fix === 'all') return fix;
  throw new UsageError(`--fix=${fix}: there is no such level`, 'write --fix for safe fixes, or --fix=all');
}

/** Prints what would change, for `--diff`. @returns how many files would */
export async function printDiff(before: readonly InputFile[], fixed: FixedFiles, io: Io): Promise<number> {
  const { unifiedDiff } = await import('./unified-diff.ts');
  const changed = changes(before, fixed);
  for (const { file, from, to } of changed) io.out(unifiedDiff(file, from, to));
  if (changed.length === 0) io.err('nothing to fix\n');
  else io.err(`${counted(fixed.applied, 'fix', 'fixes')} would change ${counted(changed.length, 'file')}; nothing was written\n`);
  return changed.length;
}

/**
 * Writes the files that changed, for `--fix`.
 * @throws UsageError where one cannot be written, or is standard input
 */
export function writeFixes(before: readonly InputFile[], fixed: FixedFiles, found: readonly FoundFile[], io: Io): void {
  const changed = changes(before, fixed);
  const paths = new Map(found.map(({ file, path }) => [file, path]));
  for (const { file, to } of changed) {
    const path = paths.get(file);
    if (path === undefined || path === '-') throw new UsageError(`--fix cannot write ${file}: it is standard input`, 'write --diff to see what would change');
    try {
      writeTextFile(path, to);
    } catch (error) {
      throw new UsageError(`--fix cannot write ${file}: ${reasonOf(error)}`, 'files named before it in the report may have been written');
    }
  }
  if (changed.length > 0) io.err(`applied ${counted(fixed.applied, 'fix', 'fixes')} in ${counted(changed.length, 'file')}\n`);
}

function changes(before: readonly InputFile[], { files }: FixedFiles): readonly { readonly file: string; readonly from: string; readonly to: string }[] {
  return before.flatMap(({ file, text: from }, index) => {
    const to = files[index]?.text ?? from;
    return to === from ? [] : [{ file, from, to }];
  });
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
