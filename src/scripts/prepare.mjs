// What a clean clone needs before anything runs: packages from the lockfile, and dist/. Uses Node and npm only; all chatter goes to standard error.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a package needs, and a release tag: the program, the library, what rules import, types, licenses. `npm start` makes the program alone. */
export const BUILT = ['dist/egress-lint.cjs', 'dist/cli.cjs', 'dist/index.js', 'dist/rule-api.js', 'dist/types/src/index.d.ts', 'dist/THIRD-PARTY-LICENSES'];

/** Those of them that are not there. */
export function notBuilt() {
  return BUILT.filter((file) => !existsSync(path.join(root, file)));
}

/** Ends the process with a clear message where Node.js is too old for what follows. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  process.stderr.write(`error: egress-lint needs Node.js 20.19 or later; this is ${process.version}\n`);
  process.exit(2);
}

/** Runs a program with all of its output on standard error, unless told otherwise. Gives its exit status. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['inherit', 2, 2], ...options });
  if (result.error) process.stderr.write(`error: cannot run ${command}: ${result.error.message}\n`);
  return result.status ?? 1;
}

/** Installs the packages of the lockfile where they are missing or older than it. */
export function ensurePackages() {
  const isCurrent = () => newest(path.join(root, 'node_modules/.package-lock.json')) >= newest(path.join(root, 'package-lock.json'));
  const [command, args] = npm();
  // Tools to build with are wanted even where the environment says production.
  ensure('Installing packages (npm ci)', isCurrent, () => run(command, [...args, 'ci', '--include=dev', '--no-audit', '--no-fund']));
}

/** Builds the program where it is missing or older than what it is made of. */
export function ensureBuilt() {
  ensureNewer('dist/cli.cjs', 'Building the program', ['--program']);
}

/** Builds program and library, unless they are newer than everything that they are made of. */
export function ensureLibraryBuilt() {
  ensureNewer('dist/index.js', 'Building program and library', []);
}

function ensureNewer(file, step, flags) {
  const sources = ['src', 'rules', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.types.json'];
  const isCurrent = () => newest(path.join(root, file)) >= Math.max(...sources.map((source) => newest(path.join(root, source))));
  ensure(step, isCurrent, () => run(process.execPath, [path.join(root, 'src/scripts/build.mjs'), ...flags]));
}

/** Does a step that is due, and ends the process where it fails. */
function ensure(step, isCurrent, action) {
  if (isCurrent()) return;
  const status = alone(step, () => {
    // Whoever held the lock before may just have done it.
    if (isCurrent()) return 0;
    process.stderr.write(`${step} …\n`);
    return action();
  });
  if (status === 0) return;
  process.stderr.write(`error: this failed, see above: ${step}\n`);
  process.exit(2);
}

/** npm as it started us; its own file where we know it, for on Windows `npm` is a batch file that cannot be started directly. */
function npm() {
  const { npm_execpath: own } = process.env;
  return own !== undefined && /npm-cli\.[cm]?js$/.test(own) ? [process.execPath, [own]] : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []];
}

/** The latest change of a file, or of anything below a directory; 0 where there is none. */
function newest(target) {
  const stats = statSync(target, { throwIfNoEntry: false });
  if (!stats) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(target).map((entry) => newest(path.join(target, entry))));
}

/** Lets one process at a time do what would get in another's way. A lock whose owner is gone does not count. */
function alone(name, action) {
  const lock = path.join(tmpdir(), `egress-lint-${createHash('sha256').update(`${root} ${name}`).digest('hex').slice(0, 16)}`);
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (isAbandoned(lock)) rmSync(lock, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  try {
    writeFileSync(path.join(lock, 'pid'), String(process.pid));
    return action();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function isAbandoned(lock) {
  const owner = path.join(lock, 'pid');
  if (!existsSync(owner)) return Date.now() - newest(lock) > 5_000;
  try {
    process.kill(Number(readFileSync(owner, 'utf8')), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH' || error.code === 'ENOENT';
  }
}
