import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { directory, egressLint, plainEnvironment } from './support.ts';

const cwd = directory({ 'k8s/a.yaml': '', 'koala.yaml': '' });

/** What bash offers for a command line whose last word is not finished. */
function completedByBash(words: readonly string[]): readonly string[] {
  const script = `source <("$NODE" "$PROGRAM" completions bash)
COMP_WORDS=("$@"); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _egress_lint
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const env = { ...plainEnvironment(), NODE: process.execPath, PROGRAM: new URL('../../dist/egress-lint.cjs', import.meta.url).pathname };
  const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', 'egress-lint', ...words], { cwd, env, encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

describe('bash completes', () => {
  test('commands, options and files where nothing is written yet', () => {
    expect(completedByBash([''])).toEqual(expect.arrayContaining(['lint', 'explain', 'rules', 'completions', '--format', '--version', 'k8s', 'koala.yaml']));
    expect([...completedByBash(['k'])].sort()).toEqual(['k8s', 'koala.yaml']);
    expect(completedByBash(['--min'])).toEqual(['--min-severity']);
  });

  test('what an option takes, behind a space and behind =', () => {
    expect(completedByBash(['k8s', '--format', 'ju'])).toEqual(['junit']);
    expect(completedByBash(['k8s', '--format', '=', 'ju'])).toEqual(['junit']);
    expect(completedByBash(['k8s', '--fail-on', '='])).toEqual(['error', 'warning', 'info']);
    expect(completedByBash(['-o', 'koa'])).toEqual(['koala.yaml']);
    expect(completedByBash(['--rule', 'sidecar-host-f'])).toEqual(['sidecar-host-format=']);
    expect(completedByBash(['--namespace', 'k'])).toEqual([]);
  });

  test('what a command takes', () => {
    expect(completedByBash(['explain', 'sidecar-host-f'])).toEqual(['sidecar-host-format']);
    expect(completedByBash(['rules', '--format', ''])).toEqual(['table', 'json', 'markdown']);
    expect(completedByBash(['completions', 'f'])).toEqual(['fish']);
    expect(completedByBash(['completions', 'k'])).toEqual([]);
    expect(completedByBash(['explain', 'k'])).toEqual(['koala.yaml', 'k8s']);
  });
});

test('every option of the help is in the script of each shell', () => {
  const { out: help } = egressLint(['--help'], { cwd });
  const options = [...help.matchAll(/^ +(?:-\w, )?--([a-z-]+)/gm)].map(([, name]) => name);
  expect(options.length).toBeGreaterThan(15);
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { out, status } = egressLint(['completions', shell], { cwd });
    expect(status).toBe(0);
    for (const option of options) expect(out).toContain(shell === 'fish' ? `-l ${option} ` : `--${option}`);
  }
});

test('another shell is a mistake', () => {
  expect(egressLint(['completions', 'tcsh'], { cwd })).toMatchObject({ status: 2, out: '' });
});
