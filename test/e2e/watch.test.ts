import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BAD, directory, egressLint, GOOD, plainEnvironment, program, sidecar } from './support.ts';

/** A run with `--watch`, whose output can be waited for. */
function watching(cwd: string, args: readonly string[] = []): { readonly child: ChildProcess; readonly runs: (count: number) => Promise<string> } {
  const child = spawn(process.execPath, [program, '--watch', '--format', 'concise', ...args], {
    cwd,
    env: plainEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      text += chunk;
      for (const listener of listeners) listener();
    });
  }
  const runs = (count: number): Promise<string> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (text.split('Ctrl-C ends\n').length <= count) return;
        listeners.delete(look);
        resolve(text.split('Ctrl-C ends\n')[count - 1] ?? '');
      };
      listeners.add(look);
      look();
    });
  return { child, runs };
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.on('close', resolve));
}

test('--watch runs again when files change or come, and ends on Ctrl-C with the last status', async () => {
  const cwd = directory({ 'a.yaml': GOOD });
  const { child, runs } = watching(cwd);
  try {
    expect(await runs(1)).toContain('ok: no findings in 1 resource of 1 file\n');
    writeFileSync(join(cwd, 'a.yaml'), BAD);
    expect(await runs(2)).toContain('a.yaml:7:11: error[sidecar-host-format]');
    mkdirSync(join(cwd, 'new'));
    writeFileSync(join(cwd, 'new/b.yaml'), sidecar('new', '"*/*"'));
    expect(await runs(3)).toContain('1 error in 2 resources of 2 files');
    const status = ended(child);
    child.kill('SIGINT');
    expect(await status).toBe(1);
  } finally {
    child.kill('SIGKILL');
  }
});

test('--watch looks away from what no run reads, and takes a crowd of changes for one', async () => {
  const cwd = directory({ 'a.yaml': BAD, 'node_modules/b.yaml': GOOD });
  const { child, runs } = watching(cwd);
  try {
    await runs(1);
    writeFileSync(join(cwd, 'node_modules/b.yaml'), BAD);
    writeFileSync(join(cwd, 'notes.txt'), 'x');
    for (let i = 0; i < 5; i++) writeFileSync(join(cwd, `b${i}.yaml`), sidecar(`good-${i}`, '"*/*"'));
    expect(await runs(2)).toContain('1 error in 6 resources of 6 files');
    const third = await Promise.race([runs(3), new Promise((resolve) => setTimeout(() => resolve('nothing more'), 700))]);
    expect(third).toBe('nothing more');
  } finally {
    child.kill('SIGKILL');
  }
});

test('--watch looks at the files of a run alone, by the .gitignore and the configuration of the moment', async () => {
  const cwd = directory({
    '.git/HEAD': '',
    '.gitignore': 'build/\n*.gen.yaml\n',
    'egress-lint.yaml': 'ignore: [samples/]\n',
    'k8s/a.yaml': GOOD,
    'k8s/build/b.yaml': GOOD,
    'k8s/chart/Chart.yaml': 'name: x\n',
    'k8s/chart/charts/dep/b.yaml': GOOD,
    'samples/b.yaml': GOOD,
    'k8s/samples/b.yaml': GOOD,
  });
  const { child, runs } = watching(cwd, ['k8s', '--format', 'json=k8s/report.json']);
  try {
    expect(await runs(1)).toContain('1 resource of 2 files');
    // Nothing of this is read, so nothing of it is news; that the report is written neither.
    for (const file of ['build/b.yaml', 'c.gen.yaml', 'chart/charts/dep/b.yaml', 'samples/b.yaml', 'report.json', 'notes.txt'])
      writeFileSync(join(cwd, 'k8s', file), BAD);
    expect(await Promise.race([runs(2), new Promise((resolve) => setTimeout(() => resolve('nothing'), 700))])).toBe('nothing');
    mkdirSync(join(cwd, 'k8s/deep/er'), { recursive: true });
    writeFileSync(join(cwd, 'k8s/deep/er/new.yaml'), sidecar('new', '"*/*"'));
    expect(await runs(2)).toContain('2 resources of');
    writeFileSync(join(cwd, '.gitignore'), '*.gen.yaml\n');
    expect(await runs(3)).toContain('k8s/build/b.yaml:7:11: error');
    writeFileSync(join(cwd, 'k8s/build/b.yaml'), sidecar('b', '"*/*"'));
    expect(await runs(4)).toContain('ok: ');
    writeFileSync(join(cwd, 'egress-lint.yaml'), '{}\n');
    expect(await runs(5)).toContain('k8s/samples/b.yaml:7:11: error');
    rmSync(join(cwd, 'k8s/samples'), { recursive: true });
    expect(await runs(6)).toContain('ok: ');
  } finally {
    child.kill('SIGKILL');
  }
});

test('--watch sees a configuration come, though it lies above the paths', async () => {
  const cwd = directory({ '.git/HEAD': '', 'k8s/a.yaml': BAD });
  const { child, runs } = watching(cwd, ['k8s']);
  try {
    expect(await runs(1)).toContain('error[sidecar-host-format]');
    writeFileSync(join(cwd, 'egress-lint.yaml'), 'rules: { sidecar-host-format: off }\n');
    expect(await runs(2)).toContain('ok: ');
  } finally {
    child.kill('SIGKILL');
  }
});

test('--watch goes on after a run that could not be made', async () => {
  const cwd = directory({ 'a.yaml': GOOD });
  const { child, runs } = watching(cwd, ['missing.yaml', 'a.yaml']);
  try {
    expect(await runs(1)).toContain("error: cannot read 'missing.yaml'");
    writeFileSync(join(cwd, 'missing.yaml'), sidecar('found', '"*/*"'));
    expect(await runs(2)).toContain('ok: no findings in 2 resources of 2 files');
    const status = ended(child);
    child.kill('SIGTERM');
    expect(await status).toBe(0);
  } finally {
    child.kill('SIGKILL');
  }
});

test('--watch sees the configuration change, though it lies above the paths', async () => {
  const cwd = directory({ '.git/HEAD': '', 'egress-lint.yaml': 'rules:\n  sidecar-host-format: off\n', 'k8s/a.yaml': BAD });
  const { child, runs } = watching(cwd, ['k8s']);
  try {
    expect(await runs(1)).toContain('ok: ');
    writeFileSync(join(cwd, 'egress-lint.yaml'), 'rules: [');
    expect(await runs(2)).toContain('egress-lint.yaml');
    writeFileSync(join(cwd, 'egress-lint.yaml'), 'rules:\n  sidecar-host-format: warning\n');
    expect(await runs(3)).toContain('k8s/a.yaml:7:11: warning[sidecar-host-format]');
  } finally {
    child.kill('SIGKILL');
  }
});

test('--watch cannot watch standard input', () => {
  expect(egressLint(['--watch', '-'], { cwd: directory() })).toMatchObject({ status: 2, err: expect.stringContaining('cannot watch standard input') });
});

test('--watch refuses what it cannot watch, as other usage is refused', () => {
  const cwd = directory({ 'a.yaml': GOOD });
  expect(egressLint(['--watch', '-'], { cwd })).toMatchObject({
    status: 2,
    out: '',
    err: expect.stringMatching(/^error: --watch cannot watch standard input/),
  });
  expect(egressLint(['--watch', '--config', 'none.yaml'], { cwd })).toMatchObject({ status: 2, out: '', err: expect.stringMatching(/^error: .*'none\.yaml'/) });
});
