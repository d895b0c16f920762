import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { directory, egressLint, root } from './support.ts';

const entry = (name: string, resolution = 'DNS', namespace = 'shop'): string =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec:\n  hosts: [${name}.example]\n  location: MESH_EXTERNAL\n  resolution: ${resolution}\n  ports: [{ number: 443, name: tls, protocol: TLS }]\n`;
const BROKEN = 'DSN';

const TREE = { 'base/all.yaml': entry('all'), 'envs/dev/pay.yaml': entry('pay'), 'envs/prod/pay.yaml': entry('pay', BROKEN) };

/** A repository whose files are committed. */
function repository(files: Readonly<Record<string, string>>): string {
  const path = directory(files);
  for (const args of [
    ['init', '-q', '-b', 'main'],
    ['add', '-A'],
    ['commit', '-q', '-m', 'start'],
  ])
    git(path, args);
  return path;
}

function git(cwd: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.example', '-c', 'commit.gpgsign=false', ...args], {
    cwd,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}

/** The findings of a run as `file rule`. */
function found(cwd: string, args: readonly string[]): readonly string[] {
  const { out, err, status } = egressLint([...args, '--format', 'json'], { cwd });
  if (status === 2) throw new Error(err);
  const { findings } = JSON.parse(out) as { findings: readonly { rule: string; location: { file: string } }[] };
  return findings.map(({ rule, location }) => `${location.file} ${rule}`);
}

describe('environments in one tree', () => {
  test('are judged apart, and the report says so', () => {
    const cwd = directory(TREE);
    const { out, status } = egressLint(['.'], { cwd });
    expect([status, out.trimEnd().split('\n').at(-1)]).toEqual([1, 'judged as 2 meshes: envs/dev, envs/prod (shared: base)']);
    const { meshes } = JSON.parse(egressLint(['--format', 'json'], { cwd }).out) as { meshes: unknown };
    expect(meshes).toEqual({ names: ['envs/dev', 'envs/prod'], shared: ['base'] });
  });

  test('give the same text whatever the order of arguments', () => {
    const cwd = directory(TREE);
    const run = (...paths: readonly string[]) => egressLint(paths, { cwd });
    expect(run('envs/prod', 'base', 'envs/dev')).toEqual(run('base', 'envs/dev', 'envs/prod'));
  });

  test('are not mentioned where there is one mesh', () => {
    const cwd = directory({ 'a/x.yaml': entry('x'), 'b/y.yaml': entry('y') });
    expect(egressLint(['.'], { cwd }).out).not.toContain('judged as');
    expect(egressLint(['.', '--format', 'json'], { cwd }).out).not.toContain('"meshes"');
  });
});

test('patches of a kustomization are no resources', () => {
  const patch = 'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: pay }\nspec: { resolution: STATIC }\n';
  const files = { 'base/kustomization.yaml': 'resources: [pay.yaml]\n', 'base/pay.yaml': entry('pay'), 'prod/patch.yaml': patch };
  const taken = { 'prod/kustomization.yaml': 'namespace: shop\nresources: [../base]\npatches: [{ path: patch.yaml }]\n' };
  expect(found(directory(files), ['.'])).toContain('prod/patch.yaml missing-field');
  expect(found(directory({ ...files, ...taken }), ['.'])).toEqual([]);
});

test('the last line says how many files are patches, and what they write is not called template text', () => {
  const patch = 'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: pay }\nspec: { resolution: STATIC }\n';
  const cwd = directory({
    'base/kustomization.yaml': 'resources: [pay.yaml]\nsecretGenerator: [{ name: key, literals: [a=b] }]\n',
    'base/pay.yaml': entry('pay'),
    'prod/kustomization.yaml': 'resources: [../base]\npatches: [{ path: patch.yaml }]\n',
    'prod/patch.yaml': patch,
  });
  const { out, status } = egressLint(['.', '--show-infos'], { cwd });
  expect([out.trimEnd().split('\n').at(-1), status]).toEqual([
    expect.stringMatching(/^ok: no findings \(1 patch file not judged\) in \d+ resources of 4 files$/),
    0,
  ]);
  expect(JSON.parse(egressLint(['.', '--format', 'json'], { cwd }).out)).toMatchObject({ summary: { patches: 1, infos: 0 } });
  // What stands in the file itself is still told.
  writeFileSync(join(cwd, 'base/pay.yaml'), entry('pay').replace('pay.example', '__HOST__'));
  expect(egressLint(['.', '--show-infos'], { cwd }).out).toContain('holds template text in spec.hosts[0]:');
});

test('a component that nothing names builds nothing', () => {
  const component = 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [pay.yaml]\nnamespace: shop\n';
  const files = { 'component/kustomization.yaml': component, 'component/pay.yaml': entry('pay', BROKEN, '""') };
  const namespaceIn = (tree: Readonly<Record<string, string>>) =>
    (JSON.parse(egressLint(['.', '--format', 'json'], { cwd: directory(tree) }).out) as { findings: readonly { resource: { namespace: string } }[] })
      .findings[0]?.resource.namespace;
  expect(namespaceIn(files)).toBe('default');
  expect(namespaceIn({ ...files, 'prod/kustomization.yaml': 'components: [../component]\n' })).toBe('shop');
});

describe('what is reported', () => {
  const files = { ...TREE, 'base/all.yaml': entry('all', BROKEN) };
  const all = ['base/all.yaml unknown-value', 'envs/prod/pay.yaml unknown-value'];

  test('is everything, unless files are named', () => {
    const cwd = directory(files);
    expect(found(cwd, ['.'])).toEqual(all);
    expect(found(cwd, ['.', '--report-only', 'base/all.yaml'])).toEqual([all[0]]);
    expect(found(cwd, ['.', '--report-only', 'envs/dev/pay.yaml', 'envs/prod'])).toEqual([all[1]]);
    expect(found(cwd, ['envs', '--context', 'base'])).toEqual([all[1]]);
    const { out, status } = egressLint(['.', '--report-only', 'envs/dev/pay.yaml'], { cwd });
    expect(status).toBe(0);
    expect(out).toContain('2 in other files');
  });

  test('is refused for files that are not there', () => {
    const { status, err } = egressLint(['.', '--report-only', 'gone.yaml'], { cwd: directory(files) });
    expect([status, err]).toEqual([2, expect.stringContaining("cannot read 'gone.yaml'")]);
  });

  test('is what changed since the last commit, or since a branch left another', () => {
    const cwd = repository(files);
    expect(found(cwd, ['--changed', '.'])).toEqual([]);
    git(cwd, ['checkout', '-q', '-b', 'topic']);
    writeFileSync(join(cwd, 'base/all.yaml'), `# note\n${files['base/all.yaml']}`);
    expect(found(cwd, ['--changed', '.'])).toEqual([all[0]]);
    git(cwd, ['commit', '-q', '-a', '-m', 'note']);
    expect(found(cwd, ['--changed', '.'])).toEqual([]);
    expect(found(cwd, ['--changed=main', '.'])).toEqual([all[0]]);
    writeFileSync(join(cwd, 'new.yaml'), entry('new', BROKEN));
    expect(found(cwd, ['--changed', '.'])).toEqual(['new.yaml unknown-value']);
  });

  test('is named as people have it: absolute, from another directory, in a hook', () => {
    const cwd = repository(files);
    expect(found(cwd, ['.', '--report-only', join(cwd, 'base/all.yaml')])).toEqual([all[0]]);
    expect(found(join(cwd, 'envs'), ['..', '--report-only', '../base/all.yaml'])).toEqual([all[0]]);
    writeFileSync(join(cwd, 'base/all.yaml'), `# note\n${files['base/all.yaml']}`);
    // Git tells its hooks where its directory is, wherever they go from there.
    for (const env of [{ GIT_DIR: join(cwd, '.git'), GIT_INDEX_FILE: '.git/index' }, {}]) {
      const { out } = egressLint(['--changed', '..', '--format', 'concise'], { cwd: join(cwd, 'envs'), env });
      expect(out).toMatch(/^base\/all\.yaml:\d+:\d+: error\[unknown-value\].*\n1 error \(1 in other files\)/);
    }
  });

  test('is what changed where files were moved, added, removed, in worktrees and in shallow clones', () => {
    const cwd = repository(files);
    git(cwd, ['checkout', '-q', '-b', 'topic']);
    git(cwd, ['mv', 'base/all.yaml', 'base/moved ü.yaml']);
    git(cwd, ['rm', '-q', 'envs/prod/pay.yaml']);
    expect(found(cwd, ['--changed', '.'])).toEqual(['base/moved ü.yaml unknown-value']);
    git(cwd, ['commit', '-q', '-m', 'moved']);
    expect(found(cwd, ['--changed', '.'])).toEqual([]);
    expect(found(cwd, ['--changed=main', '.'])).toEqual(['base/moved ü.yaml unknown-value']);
    const other = join(directory(), 'tree');
    git(cwd, ['worktree', 'add', '-q', other, 'main']);
    writeFileSync(join(other, 'new.yaml'), entry('new', BROKEN));
    expect(found(other, ['--changed', '.'])).toEqual(['new.yaml unknown-value']);
    const clone = join(directory(), 'clone');
    git(cwd, ['clone', '-q', '--depth', '1', '--branch', 'topic', `file://${cwd}`, clone]);
    expect(found(clone, ['--changed', '.'])).toEqual([]);
    expect(egressLint(['--changed=main', '.'], { cwd: clone })).toMatchObject({ status: 2, err: expect.stringContaining('fetch-depth: 0') });
    // Both are there, and nothing tells what they have in common: what the other branch changed is not this one's.
    git(clone, ['fetch', '-q', '--depth', '1', 'origin', 'main:main']);
    expect(egressLint(['--changed=main', '.'], { cwd: clone })).toMatchObject({ status: 2, err: expect.stringContaining('the clone is shallow; fetch more') });
    git(clone, ['fetch', '-q', '--unshallow', 'origin', 'main']);
    expect(found(clone, ['--changed=main', '.'])).toEqual(['base/moved ü.yaml unknown-value']);
  });

  test('is what changed in submodules, as far as they are there', () => {
    const inner = repository({ 'a.yaml': entry('a', BROKEN), 'b.yaml': entry('b', BROKEN) });
    const cwd = repository({ 'own.yaml': entry('own', BROKEN) });
    git(cwd, ['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner, 'lib/inner']);
    expect(found(cwd, ['--changed', '.'])).toEqual(['lib/inner/a.yaml unknown-value', 'lib/inner/b.yaml unknown-value']);
    git(cwd, ['commit', '-q', '-m', 'inner']);
    expect(found(cwd, ['--changed', '.'])).toEqual([]);
    writeFileSync(join(cwd, 'lib/inner/new.yaml'), entry('new', BROKEN));
    expect(found(cwd, ['--changed', '.'])).toEqual(['lib/inner/new.yaml unknown-value']);
    writeFileSync(join(cwd, 'lib/inner/b.yaml'), `# note\n${entry('b', BROKEN)}`);
    git(join(cwd, 'lib/inner'), ['add', '-A']);
    git(join(cwd, 'lib/inner'), ['commit', '-q', '-m', 'more']);
    expect(found(cwd, ['--changed', '.'])).toEqual(['lib/inner/b.yaml unknown-value', 'lib/inner/new.yaml unknown-value']);
  });

  test('cannot be told without git, or from a commit that is not there', () => {
    expect(egressLint(['--changed', '.'], { cwd: directory(files) })).toMatchObject({ status: 2, err: expect.stringContaining('--report-only') });
    expect(egressLint(['--changed=gone', '.'], { cwd: repository(files) })).toMatchObject({ status: 2, err: expect.stringContaining("no commit 'gone'") });
    const env = { PATH: directory() };
    expect(egressLint(['--changed', '.'], { cwd: directory(files), env })).toMatchObject({ status: 2, err: expect.stringContaining('git cannot be run') });
  });
});

describe('a baseline', () => {
  test('leaves out what it knows, wherever it moved, and tells what it no longer needs', () => {
    const cwd = directory(TREE);
    expect(egressLint(['.', '--baseline', 'known.json'], { cwd })).toMatchObject({ status: 2, err: expect.stringContaining('--update-baseline') });
    expect(egressLint(['.', '--baseline', 'known.json', '--update-baseline'], { cwd })).toMatchObject({
      status: 0,
      err: 'known.json: 1 finding is known from now on\n',
    });
    expect(egressLint(['.', '--baseline', 'known.json'], { cwd })).toMatchObject({ status: 0, err: '', out: expect.stringContaining('1 suppressed') });

    writeFileSync(join(cwd, 'envs/prod/moved.yaml'), `# moved\n${TREE['envs/prod/pay.yaml']}`);
    rmSync(join(cwd, 'envs/prod/pay.yaml'));
    expect(egressLint(['.', '--baseline', 'known.json'], { cwd })).toMatchObject({ status: 0, err: '' });

    writeFileSync(join(cwd, 'envs/prod/moved.yaml'), entry('pay'));
    const { status, err } = egressLint(['.', '--baseline', 'known.json'], { cwd });
    expect(status).toBe(0);
    expect(err).toContain('no longer needed: unknown-value of ServiceEntry shop/pay at spec.resolution');
    const { staleBaseline } = JSON.parse(egressLint(['.', '--baseline', 'known.json', '--format', 'json'], { cwd }).out) as { staleBaseline: unknown };
    expect(staleBaseline).toEqual([{ rule: 'unknown-value', resource: 'ServiceEntry shop/pay', path: 'spec.resolution' }]);
    expect(egressLint(['.', '--baseline', 'known.json', '--write-baseline'], { cwd }).err).toBe('known.json: 0 findings are known from now on\n');
    expect(egressLint(['.', '--baseline', 'known.json', '--format', 'json'], { cwd }).out).not.toContain('staleBaseline');
  });

  test('says nothing of files that a run did not read, and keeps what it knows of them', () => {
    const cwd = directory({ ...TREE, 'envs/dev/other.yaml': entry('other', BROKEN) });
    const run = (...args: readonly string[]) => egressLint([...args, '--baseline', 'known.json'], { cwd });
    expect(run('envs', '--update-baseline').err).toBe('known.json: 2 findings are known from now on\n');
    const known = readFileSync(join(cwd, 'known.json'), 'utf8');
    expect(JSON.parse(known)).toMatchObject({ version: 1, paths: ['envs'] });
    expect(run('envs/prod')).toMatchObject({ status: 0, err: '' });
    expect(run('envs/prod', '--update-baseline').err).toBe('known.json: 1 finding is known from now on, and 1 of files that this run did not read\n');
    expect(JSON.parse(readFileSync(join(cwd, 'known.json'), 'utf8'))).toMatchObject({ findings: JSON.parse(known).findings });
    expect(run('envs', '--report-only', 'envs/prod/pay.yaml', '--update-baseline').err).toBe('known.json: 2 findings are known from now on\n');
    expect(readFileSync(join(cwd, 'known.json'), 'utf8')).toBe(known);

    rmSync(join(cwd, 'envs/dev/other.yaml'));
    expect(run('envs/prod')).toMatchObject({ status: 0, err: '' });
    for (const path of ['envs', '.']) expect(run(path).err).toContain('no longer needed: unknown-value of ServiceEntry shop/other at spec.resolution');
    writeFileSync(join(cwd, 'envs/prod/pay.yaml'), entry('pay'));
    expect(run('envs/prod').err).toMatch(/^known\.json: no longer needed: unknown-value of ServiceEntry shop\/pay.*\nknown\.json: run again/);
  });

  test('does not know a second one of the same kind', () => {
    const cwd = directory(TREE);
    egressLint(['.', '--update-baseline'], { cwd });
    writeFileSync(join(cwd, 'envs/prod/other.yaml'), entry('other', BROKEN));
    expect(found(cwd, ['.', '--baseline', 'egress-lint-baseline.json'])).toEqual(['envs/prod/other.yaml unknown-value']);
  });

  test.each([
    ['{', 'is not JSON'],
    ['{}', 'version 1'],
    ['{"version":1,"findings":[{}]}', "a list 'findings'"],
  ])('%s is none', (text, problem) => {
    const cwd = directory({ ...TREE, 'known.json': text });
    expect(egressLint(['envs', '--baseline', 'known.json'], { cwd })).toMatchObject({ status: 2, err: expect.stringContaining(problem) });
  });
});

test('every command line of the guide runs', () => {
  const guide = readFileSync(join(root, 'docs/whole-repositories.md'), 'utf8');
  const commands = [...guide.matchAll(/```sh\n([\s\S]*?)```/g)]
    .flatMap(([, block = '']) => block.trim().split('\n'))
    .filter((line) => line.startsWith('egress-lint'));
  expect(commands.length).toBeGreaterThan(5);
  const cwd = repository(TREE);
  for (const command of commands) {
    const [name, ...args] = command.split(' ');
    const { status, err } = egressLint(args, { cwd });
    expect([command, name, status === 2 ? err : 'runs']).toEqual([command, 'egress-lint', 'runs']);
  }
});
