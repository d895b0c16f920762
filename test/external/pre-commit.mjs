// The real pre-commit runs our hooks: from a clone at a release tag that src/scripts/release.mjs made, and with a program installed from a package.
// A commit with a mistake must be stopped for that mistake, and pass once it is repaired. pre-commit comes from PyPI into a cache beside the
// system's temporary files, not into the project. Needs git, npm, and Python 3 with venv.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { must, pythonProgram } from './support/python.mjs';

const VERSION = '4.7.0';
const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(path.join(tmpdir(), 'egress-lint-pre-commit-'));
const windows = process.platform === 'win32';
const npm = windows ? 'npm.cmd' : 'npm';
/** Nothing of the person's own configuration gets in, and nothing of ours out. */
const environment = {
  ...withoutNpm(process.env),
  PRE_COMMIT_HOME: path.join(scratch, 'pre-commit-home'),
  GIT_CONFIG_GLOBAL: path.join(scratch, 'gitconfig'),
  GIT_CONFIG_NOSYSTEM: '1',
  GITHUB_ACTIONS: '',
};

const sidecar = (host) =>
  `apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata:\n  name: default\n  namespace: shop\nspec:\n  egress:\n    - hosts:\n        - ${host}\n`;

try {
  writeFileSync(
    environment.GIT_CONFIG_GLOBAL,
    '[user]\n  name = Tester\n  email = tester@mesh.example\n[init]\n  defaultBranch = main\n[protocol "file"]\n  allow = always\n',
  );
  const preCommit = pythonProgram('pre-commit', VERSION);
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const release = released(version);
  console.log(`released v${version}`);

  const remote = `  - repo: ${release}\n    rev: v${version}\n    hooks:\n      - id: egress-lint\n        args: [k8s/]\n`;
  check('a clone at the release tag', preCommit, remote, environment);

  checkChanged(preCommit, remote.replace('id: egress-lint\n', 'id: egress-lint-changed\n'), environment);

  const program = packed(release, `v${version}`);
  const system = remote.replace('id: egress-lint\n', 'id: egress-lint-system\n');
  check('an installed package', preCommit, system, { ...environment, PATH: `${program}${path.delimiter}${environment.PATH}` });
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** A repository with the hook: what is wrong stays out, what is repaired gets in, and what is no YAML is nobody's business. */
function check(name, preCommit, repositories, env) {
  const { repository, git, write, commit } = userRepository(env);
  must(preCommit, ['install'], { cwd: repository, env });

  write('.pre-commit-config.yaml', `repos:\n${repositories}`);
  write('k8s/sidecar.yaml', sidecar('rates.bank.example'));
  const refusal = commit();
  assert.match(refusal ?? '', /egress-lint.*Failed/, `${name}: the mistake was committed`);
  assert.match(refusal, /error\[EL501 sidecar-host-format\]/, `${name}: the commit was stopped for another reason:\n${refusal}`);
  assert.match(refusal, /--> k8s\/sidecar\.yaml:9:11/);
  assert.match(refusal, /exit code: 1/);

  write('k8s/sidecar.yaml', sidecar('./rates.bank.example'));
  assert.equal(commit(), undefined, `${name}: the repaired file was not committed`);

  write('README.md', '# no manifest\n');
  assert.equal(commit(), undefined);
  const { status, stdout } = spawnSync(preCommit, ['run', '--all-files', '--verbose'], { cwd: repository, env, encoding: 'utf8' });
  assert.equal(status, 0, stdout);
  assert.match(stdout, /ok: no errors or warnings|ok: no findings/);

  // Mistakes outside of the directories in `args` are not looked for; one more inside is seen though another file changes.
  write('elsewhere/sidecar.yaml', sidecar('rates.bank.example'));
  assert.equal(commit(), undefined);
  writeFileSync(path.join(repository, 'k8s/other.yaml'), sidecar('rates.bank.example').replace('shop', 'cart'));
  write('k8s/list.yaml', 'a: 1\n');
  assert.equal(git('add', 'k8s/other.yaml').status, 0);
  assert.match(commit() ?? '', /k8s\/other\.yaml:9:11/);
  console.log(`${name}: stops and passes as it should`);
}

/** The hook for changes: what was wrong before does not stop a commit, what the commit brings does. */
function checkChanged(preCommit, repositories, env) {
  const { repository, git, write, commit } = userRepository(env);
  write('.pre-commit-config.yaml', `repos:\n${repositories}`);
  write('k8s/old.yaml', sidecar('rates.bank.example'));
  assert.equal(commit(), undefined);
  must(preCommit, ['install'], { cwd: repository, env });
  write('k8s/new.yaml', sidecar('./rates.bank.example').replace('shop', 'cart'));
  assert.equal(commit(), undefined, 'an old mistake stopped a commit');
  write('k8s/new.yaml', sidecar('rates.bank.example').replace('shop', 'cart'));
  const refusal = commit() ?? '';
  assert.match(refusal, /--> k8s\/new\.yaml:9:11/);
  assert.doesNotMatch(refusal, /--> k8s\/old\.yaml/);
  assert.notEqual(git('status', '--porcelain').stdout, '');
  console.log('the hook for changes: reports what the commit brings');
}

/** A repository of somebody who uses the hooks. */
function userRepository(env) {
  const repository = mkdtempSync(path.join(scratch, 'user-'));
  const git = (...args) => spawnSync('git', args, { cwd: repository, env, encoding: 'utf8' });
  const write = (file, text) => {
    mkdirSync(path.dirname(path.join(repository, file)), { recursive: true });
    writeFileSync(path.join(repository, file), text);
    assert.equal(git('add', file).status, 0);
  };
  /** Commits; gives what the hook said, or undefined where the commit was made. */
  const commit = () => {
    const { status, stdout, stderr } = git('commit', '-m', 'a change');
    return status === 0 ? undefined : stdout + stderr;
  };
  git('init');
  return { repository, git, write, commit };
}

/** The sources as they are now, in a repository of their own with the release's tag. */
function released(version) {
  const repository = path.join(scratch, 'release');
  mkdirSync(repository);
  const { stdout } = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 });
  for (const file of stdout.split('\0').filter((each) => each !== '' && existsSync(path.join(root, each)))) {
    cpSync(path.join(root, file), path.join(repository, file), { recursive: true });
  }
  for (const args of [['init'], ['add', '--all'], ['commit', '-m', 'all']]) must('git', args, { cwd: repository, env: environment });
  must(npm, ['run', 'release'], { cwd: repository, env: environment });
  const status = spawnSync('git', ['status', '--porcelain'], { cwd: repository, env: environment, encoding: 'utf8' });
  assert.equal(status.stdout, '', 'the release changed the branch');
  const tagged = spawnSync('git', ['ls-tree', '-r', '--name-only', `v${version}`], { cwd: repository, env: environment, encoding: 'utf8' }).stdout.split('\n');
  for (const file of ['dist/egress-lint.cjs', 'dist/THIRD-PARTY-LICENSES', 'docs/rules/sidecar-host-format.md'])
    assert.ok(tagged.includes(file), `${file} is not in the tag`);
  assert.deepEqual(
    tagged.filter((file) => file.endsWith('.cache')),
    [],
  );
  const again = spawnSync(npm, ['run', 'release'], { cwd: repository, env: environment, encoding: 'utf8' });
  assert.notEqual(again.status, 0);
  assert.match(again.stderr, /there is a tag v.* already/);
  return repository;
}

/** Packs what the tag holds and installs it as a person would, without what only developers need; gives the directory of the command. */
function packed(release, tag) {
  const clone = path.join(scratch, 'clone');
  must('git', ['clone', '--quiet', '--branch', tag, release, clone], { env: environment });
  must(npm, ['pack', '--pack-destination', scratch], { cwd: clone, env: environment });
  const prefix = path.join(scratch, 'prefix');
  const tarball = path.join(scratch, `egress-lint-${tag.slice(1)}.tgz`);
  must(npm, ['install', '--global', '--prefix', prefix, '--no-audit', '--no-fund', tarball], { env: environment });
  return windows ? prefix : path.join(prefix, 'bin');
}

/** npm tells the programs it starts how it was called itself; what they install must not depend on it. */
function withoutNpm(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^npm_(?!config_(?:registry|userconfig|cache)$)|^INIT_CWD$|^GIT_/i.test(name)));
}
