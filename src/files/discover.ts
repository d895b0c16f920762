import { type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { compareText } from '../text/compare-text.ts';
import { reasonOf } from './file-error.ts';
import { displayName, posix, realPath } from './paths.ts';
import { repositoryRoot, walk } from './walk.ts';

/** What a person asked for, in the words of the command line. */
export interface Request {
  /** Files, directories and glob patterns; `-` is standard input; none means the current directory. */
  readonly paths: readonly string[];
  readonly cwd: string;
  /** What printed names are relative to: the repository's root unless given. */
  readonly root?: string;
  /** The name under which standard input is linted; a file of that name is then not read. */
  readonly stdinFilename?: string;
}

/** A file to read. */
export interface FoundFile {
  /** Where to read it: absolute, or `-` for standard input. */
  readonly path: string;
  /** Its name in reports. */
  readonly file: string;
  readonly named: boolean;
  /** Set where it is known before reading that there is nothing to read. */
  readonly unreadable?: string;
}

export interface Discovered {
  /** Absolute. */
  readonly root: string;
  /** Sorted by name, each once, whatever the order of the arguments. */
  readonly files: readonly FoundFile[];
  /** Arguments that led to nothing, with the reason. */
  readonly missing: readonly { readonly argument: string; readonly reason: string }[];
  /** Symbolic links that walks passed by. */
  readonly links: number;
}

/** What printed names are relative to: what a flag says, else the repository's root, else the current directory. Absolute. */
export function runRoot(cwd: string, root: string | undefined): string {
  const from = realPath(cwd);
  return root === undefined ? (repositoryRoot(from) ?? from) : realPath(resolve(from, root));
}

/** Turns the arguments of a command line into files. Reads directories, but no file. */
export async function discover(request: Request): Promise<Discovered> {
  const cwd = realPath(request.cwd);
  const root = runRoot(request.cwd, request.root);
  const search = new Search(cwd, root);
  for (const argument of request.paths.length === 0 ? ['.'] : request.paths) {
    if (argument === '-') search.addStdin(request.stdinFilename);
    else await search.addArgument(argument);
  }
  return { root, ...search.result() };
}

class Search {
  private readonly cwd: string;
  private readonly root: string;
  private readonly found = new Map<string, FoundFile>();
  private readonly missing: { argument: string; reason: string }[] = [];
  private links = 0;
  private stdin: { readonly path: string; readonly file: FoundFile } | undefined;

  constructor(cwd: string, root: string) {
    this.cwd = cwd;
    this.root = root;
  }

  async addArgument(argument: string): Promise<void> {
    const path = resolve(this.cwd, argument);
    let stats: Stats;
    try {
      stats = statSync(path);
    } catch (error) {
      if (isGlob(argument)) await this.addGlob(argument);
      else this.missing.push({ argument, reason: reasonOf(error) });
      return;
    }
    if (stats.isDirectory()) this.addDirectory(realPath(path));
    else this.addFile(stats.isFile() ? realPath(path) : posix(path), true);
  }

  addStdin(filename: string | undefined): void {
    const path = realPath(resolve(this.cwd, filename ?? 'stdin.yaml'));
    const file = filename === undefined ? 'stdin.yaml' : displayName(this.root, path);
    this.stdin = { path, file: { path: '-', file, named: true } };
  }

  result(): Omit<Discovered, 'root'> {
    if (this.stdin) {
      this.found.delete(this.stdin.path);
      this.found.set('-', this.stdin.file);
    }
    const files = [...this.found.values()].sort((a, b) => compareText(a.file, b.file));
    const missing = this.missing.filter(({ argument }) => resolve(this.cwd, argument) !== this.stdin?.path).sort((a, b) => compareText(a.argument, b.argument));
    return { files, missing, links: this.links };
  }

  private addFile(path: string, named: boolean): void {
    if (named || !this.found.has(path)) this.found.set(path, { path, file: displayName(this.root, path), named });
  }

  private addDirectory(directory: string): void {
    const walked = walk(directory);
    for (const path of walked.files) this.addFile(path, false);
    for (const { path, reason } of walked.unreadable) {
      this.found.set(path, { path, file: displayName(this.root, path), named: path === directory, unreadable: reason });
    }
    this.links += walked.links;
  }

  /** Patterns that the shell left alone. What they match in `node_modules` and `.git` is not meant. */
  private async addGlob(pattern: string): Promise<void> {
    const { globby } = await import('globby');
    const matches = await globby(posix(pattern), {
      cwd: this.cwd,
      absolute: true,
      followSymbolicLinks: false,
      dot: true,
      ignore: ['**/node_modules/**', '**/.git/**'],
      expandDirectories: false,
      suppressErrors: true,
    });
    if (matches.length === 0) this.missing.push({ argument: pattern, reason: 'no file matches this pattern' });
    for (const path of matches) this.addFile(posix(path), false);
  }
}

function isGlob(argument: string): boolean {
  return /[*?[\]{}!]/.test(argument);
}
