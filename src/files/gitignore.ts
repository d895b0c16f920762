import { readFileSync } from 'node:fs';
import ignore, { type Ignore } from 'ignore';

/** The `.gitignore` files that apply in a directory: its own, then those of the directories above. */
export interface IgnoreScope {
  /** Length of the directory's path with its closing `/`: what a path below it is cut by. */
  readonly prefix: number;
  readonly rules: Ignore;
  readonly outer: IgnoreScope | undefined;
}

/** The scope of a directory that has a `.gitignore`; one that cannot be read counts as empty. */
export function enterScope(directory: string, outer: IgnoreScope | undefined): IgnoreScope | undefined {
  let text: string;
  try {
    text = readFileSync(`${directory}/.gitignore`, 'utf8');
  } catch {
    return outer;
  }
  // Git compares names by case where the file system does; one answer on every machine is worth more here.
  return {
    prefix: directory.endsWith('/') ? directory.length : directory.length + 1,
    rules: ignore({ ignorecase: false, allowRelativePaths: true }).add(text),
    outer,
  };
}

/**
 * Whether git would ignore a path, given that it ignores no directory above it. The innermost file that has something to say decides.
 * @param path absolute, with `/` between its parts
 */
export function isIgnored(scope: IgnoreScope | undefined, path: string, isDirectory: boolean): boolean {
  for (let current = scope; current; current = current.outer) {
    const relative = path.slice(current.prefix);
    const { ignored, unignored } = current.rules.test(isDirectory ? `${relative}/` : relative);
    if (ignored || unignored) return ignored;
  }
  return false;
}
