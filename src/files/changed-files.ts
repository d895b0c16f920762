import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** What git says of a working tree: absolute paths, or why it cannot tell. */
export type Changed = { readonly files: readonly string[] } | { readonly problem: string; readonly hint: string };

/**
 * The files that differ from a commit, those that git does not track yet included. Nothing in the repository is run for it.
 * @param directory where to ask
 * @param ref what to compare the working tree with: the point where the current branch left it; HEAD unless given
 */
export function changedFiles(directory: string, ref?: string): Changed {
  const top = git(directory, ['rev-parse', '--show-toplevel']);
  if ('problem' in top) return top;
  const root = top.text.replace(/\n$/, '');
  const hasCommit = 'text' in git(root, ['rev-parse', '--verify', '--quiet', 'HEAD']);
  if (ref === undefined && !hasCommit) return paths(root, [git(root, ['ls-files', '-z', '--cached', '--others', '--exclude-standard'])]);
  if (ref !== undefined && !('text' in git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]))) {
    return { problem: `git knows no commit '${ref}' here`, hint: 'fetch it first; in CI, a shallow clone may lack it (fetch-depth: 0)' };
  }
  const fork = ref === undefined ? undefined : git(root, ['merge-base', ref, 'HEAD']);
  if (fork && 'problem' in fork && isShallow(root)) {
    return {
      problem: `git cannot tell where this branch left '${ref}': the clone is shallow`,
      hint: 'fetch more of the history (fetch-depth: 0, or git fetch --unshallow)',
    };
  }
  // Histories that have nothing in common are compared as they are.
  const base = fork && 'text' in fork ? fork.text.trim() : (ref ?? 'HEAD');
  return changedSince(root, base);
}

/** What differs from a commit, in submodules too: there, from the commit of theirs that it holds. */
function changedSince(root: string, base: string): Changed {
  const own = paths(root, [
    git(root, ['diff', '--name-only', '-z', '--no-ext-diff', '--no-textconv', '--no-renames', '--ignore-submodules=dirty', base, '--']),
    git(root, ['ls-files', '-z', '--others', '--exclude-standard']),
  ]);
  if ('problem' in own) return own;
  const files = new Set(own.files);
  for (const path of submodules(root)) {
    const recorded = git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${base}:${path}`]);
    const inside = 'text' in recorded ? changedSince(`${root}/${path}`, recorded.text.trim()) : recorded;
    // One that is new, or whose commit is not at hand, counts as a whole.
    if ('problem' in inside) continue;
    files.delete(`${root}/${path}`);
    for (const file of inside.files) files.add(file);
  }
  return { files: [...files].sort() };
}

/** The paths of submodules that are checked out. */
function submodules(root: string): readonly string[] {
  if (!existsSync(`${root}/.gitmodules`)) return [];
  const listed = git(root, ['config', '--file', '.gitmodules', '--null', '--get-regexp', '^submodule\\..*\\.path$']);
  const written = 'text' in listed ? listed.text.split('\0').map((entry) => entry.slice(entry.indexOf('\n') + 1)) : [];
  return written.filter((path) => path !== '' && !path.split('/').includes('..') && existsSync(`${root}/${path}/.git`));
}

function isShallow(root: string): boolean {
  const answer = git(root, ['rev-parse', '--is-shallow-repository']);
  return 'text' in answer && answer.text.trim() === 'true';
}

type Answer = { readonly text: string } | { readonly problem: string; readonly hint: string };

function paths(root: string, answers: readonly Answer[]): Changed {
  const files = new Set<string>();
  for (const answer of answers) {
    if ('problem' in answer) return answer;
    for (const name of answer.text.split('\0')) if (name !== '') files.add(`${root}/${name}`);
  }
  return { files: [...files].sort() };
}

function git(cwd: string, args: readonly string[]): Answer {
  const options = { cwd, env: environment(), encoding: 'utf8', maxBuffer: 1 << 28 } as const;
  const { status, stdout, stderr, error } = spawnSync('git', ['-c', 'core.fsmonitor=false', ...args], options);
  if (error) return { problem: 'git cannot be run', hint: 'install git, or name the files with --report-only' };
  if (status === 0) return { text: stdout };
  const reason = stderr.split('\n', 1)[0]?.replace(/^fatal: /, '') ?? '';
  if (reason.startsWith('detected dubious ownership')) {
    return {
      problem: `git cannot tell what changed: ${reason}`,
      hint: 'run git config --global --add safe.directory DIRECTORY for it, or name the files with --report-only',
    };
  }
  return { problem: `git cannot tell what changed: ${reason}`, hint: 'run it inside of a repository, or name the files with --report-only' };
}

/**
 * Git tells its hooks where its directory is, relative to the top, and takes the current directory for the top then: whoever is somewhere else gets other files.
 * Without being told it finds both itself.
 */
function environment(): NodeJS.ProcessEnv {
  const { GIT_DIR, GIT_INDEX_FILE, ...rest } = process.env;
  return rest['GIT_WORK_TREE'] === undefined ? rest : process.env;
}
