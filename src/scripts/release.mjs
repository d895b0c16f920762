// `npm run release`: makes the release tag v<version of package.json>. The tagged commit holds dist/ besides the sources, as pre-commit and GitHub
// Actions need it: both run what they clone, and neither builds. The branch and the files that you see stay as they are; nothing is pushed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensurePackages, notBuilt, requireNode, root, run } from './prepare.mjs';

requireNode();
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const tag = `v${version}`;
if (git(['status', '--porcelain']) !== '') fail('there are changes that are not committed', 'commit or stash them first');
if (git(['tag', '--list', tag]) !== '')
  fail(`there is a tag ${tag} already`, 'raise the version in package.json (npm version --no-git-tag-version) and commit it');

ensurePackages();
if (run(process.execPath, [path.join(root, 'src/scripts/build.mjs')]) !== 0) fail('the build failed', 'see above');
const missing = notBuilt();
if (missing.length > 0) fail(`the build made no ${missing.join(', ')}`, 'repair src/scripts/build.mjs');

git(['tag', '--annotate', tag, '--message', `egress-lint ${version}`, commitWithDist()]);
console.log(`made ${tag}; publish it with: git push origin ${tag}`);

/** Commits HEAD and dist/ by way of an index of its own. Compiled code is for one version of Node.js and stays behind. */
function commitWithDist() {
  const scratch = mkdtempSync(path.join(tmpdir(), 'egress-lint-release-'));
  try {
    const env = { ...process.env, GIT_INDEX_FILE: path.join(scratch, 'index') };
    git(['read-tree', 'HEAD'], env);
    git(['add', '--force', '--', 'dist', ':(exclude)dist/*.cache'], env);
    return git(['commit-tree', git(['write-tree'], env), '-p', 'HEAD', '-m', `Release ${version}, built`], env);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function git(args, env = process.env) {
  const { status, stdout, stderr, error } = spawnSync('git', args, { cwd: root, env, encoding: 'utf8' });
  if (status !== 0) fail(`git ${args[0]} failed: ${(error?.message ?? stderr).trim()}`, 'repair that and run this again');
  return stdout.trim();
}

function fail(problem, hint) {
  process.stderr.write(`error: ${problem}; ${hint}\n`);
  process.exit(1);
}
