import { type Dirent, existsSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { reasonOf } from './file-error.ts';
import { enterScope, type IgnoreScope, isIgnored } from './gitignore.ts';
import { posix } from './paths.ts';

/** Never anybody's own manifests, or copies of other people's; skipped even where no `.gitignore` says so, unless they are named. */
const SKIPPED_DIRECTORIES = new Set(['node_modules', '.git', '.hg', '.svn', 'vendor', 'third_party']);
/** An unpacked release of Istio: its name, and what lies in it. */
const RELEASE = /^istio-\d+\.\d+(?:\.\d+)?(?:[-.][\w.-]+)?$/;
const RELEASED = ['manifests', 'install'];
/** What a walk reads. */
export const EXTENSION = /\.(?:ya?ml|json)$/i;

/** What a walk came upon. Paths are absolute, with `/` between their parts. */
export interface Walked {
  readonly files: string[];
  /** Directories that could not be listed. */
  readonly unreadable: { readonly path: string; readonly reason: string }[];
  /** How many symbolic links were passed by: they are never followed, so no loop can catch us and nothing outside is read. */
  links: number;
}

/**
 * Finds the YAML and JSON files below a directory, leaving out what `.gitignore` files leave out.
 * @param directory absolute, without symbolic links, with `/` between its parts
 */
export function walk(directory: string): Walked {
  const walked: Walked = { files: [], unreadable: [], links: 0 };
  visit(directory, scopeAbove(directory), walked, true);
  return walked;
}

function visit(directory: string, outer: IgnoreScope | undefined, walked: Walked, isNamed = false): void {
  let entries: Dirent[];
  try {
    entries = readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    walked.unreadable.push({ path: directory, reason: reasonOf(error) });
    return;
  }
  if (!isNamed && isRelease(directory, (name) => entries.some((entry) => entry.name === name && entry.isDirectory()))) return;
  const scope = entries.some((entry) => entry.name === '.gitignore' && entry.isFile()) ? enterScope(directory, outer) : outer;
  // What a chart depends on is unpacked there.
  const isChart = entries.some((entry) => entry.name === 'Chart.yaml');
  const prefix = directory.endsWith('/') ? directory : `${directory}/`;
  for (const entry of entries) {
    const { name } = entry;
    if (entry.isFile()) {
      if (isReadBelow(scope, prefix + name, name)) walked.files.push(prefix + name);
    } else if (entry.isDirectory()) {
      if (isEnteredBelow(scope, prefix + name, name, isChart)) visit(prefix + name, scope, walked);
    } else if (entry.isSymbolicLink()) walked.links++;
  }
}

/** Whether a directory is Istio's own release, with its samples and charts. */
function isRelease(directory: string, has: (name: string) => boolean): boolean {
  return RELEASE.test(directory.slice(directory.lastIndexOf('/') + 1)) && has('samples') && RELEASED.some(has);
}

function isReadBelow(scope: IgnoreScope | undefined, path: string, name: string): boolean {
  return EXTENSION.test(name) && !isIgnored(scope, path, false);
}

function isEnteredBelow(scope: IgnoreScope | undefined, path: string, name: string, isChart: boolean): boolean {
  return !SKIPPED_DIRECTORIES.has(name) && !(isChart && name === 'charts') && !isIgnored(scope, path, true);
}

/** Says of single paths what {@link walk} would do with them: for who is told of changes. Reads each `.gitignore` and each directory once. */
export class WalkedAlike {
  private readonly directory: string;
  private readonly known = new Map<string, { readonly scope: IgnoreScope | undefined } | undefined>();

  /** @param directory as {@link walk} takes it */
  constructor(directory: string) {
    this.directory = directory;
    this.known.set(directory, { scope: enterScope(directory, scopeAbove(directory)) });
  }

  /** Whether a file that is there, or was or could be, would be read. */
  reads(path: string): boolean {
    const around = this.entered(dirname(path));
    return around !== undefined && isReadBelow(around.scope, path, basename(path));
  }

  /** Whether a directory would be looked into. */
  enters(path: string): boolean {
    return this.entered(path) !== undefined;
  }

  private entered(path: string): { readonly scope: IgnoreScope | undefined } | undefined {
    if (!this.known.has(path)) this.known.set(path, this.look(path));
    return this.known.get(path);
  }

  private look(path: string): { readonly scope: IgnoreScope | undefined } | undefined {
    const prefix = this.directory.endsWith('/') ? this.directory : `${this.directory}/`;
    const above = dirname(path);
    const outer = path.startsWith(prefix) ? this.entered(above) : undefined;
    if (!outer || !isEnteredBelow(outer.scope, path, basename(path), existsSync(`${above}/Chart.yaml`))) return undefined;
    if (isRelease(path, (name) => existsSync(`${path}/${name}`))) return undefined;
    return { scope: enterScope(path, outer.scope) };
  }
}

/** The directories between a directory and its repository's root, which included: files in them decide what a walk reads. */
export function directoriesAbove(directory: string): readonly string[] {
  const root = repositoryRoot(directory);
  const above: string[] = [];
  for (let current = directory; root !== undefined && current !== root; ) {
    current = dirname(current);
    above.push(current);
  }
  return above;
}

/**
 * The `.gitignore` files above a directory, up to its repository's root. None of them applies to a directory that they ignore themselves:
 * whoever names it wants it read.
 */
function scopeAbove(directory: string): IgnoreScope | undefined {
  const root = repositoryRoot(directory);
  if (root === undefined || root === directory) return undefined;
  let scope = enterScope(root, undefined);
  let path = root;
  for (const part of directory.slice(root.length).split('/').filter(Boolean)) {
    path = path.endsWith('/') ? path + part : `${path}/${part}`;
    if (isIgnored(scope, path, true)) return undefined;
    if (path !== directory) scope = enterScope(path, scope);
  }
  return scope;
}

/** The nearest directory, upwards from this one, that holds a `.git`; absolute, with `/` between its parts. */
export function repositoryRoot(directory: string): string | undefined {
  for (let current = directory; ; current = dirname(current)) {
    if (existsSync(`${current}/.git`)) return posix(current);
    if (dirname(current) === current) return undefined;
  }
}
