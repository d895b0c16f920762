import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { directory, egressLint, plainEnvironment } from './support.ts';

const cwd = directory({ 'k8s/a.yaml': '', 'koala.yaml': '' });

/** What bash offers for a command line whose last word is not finished. */
function completedByBash(words: readonly string[], before = ''): readonly string[] {
  const script = `${before} source <("$NODE" "$PROGRAM" completions bash)
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
    expect(completedByBash(['--rule', 'sidecar-host-format', '='])).toEqual(['off', 'info', 'warning', 'error']);
    expect(completedByBash(['--rule', '=', 'sidecar-host-format', '=', 'w'])).toEqual(['warning']);
    // No space follows what is to be gone on with: compopt, which works while bash completes only, says here what it was asked.
    expect(completedByBash(['--rule', 'sidecar-host-f'], 'compopt() { echo "$1 $2"; };')).toEqual(['-o nospace', 'sidecar-host-format=']);
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

const SHELLS = { bash: ['-n'], zsh: ['-n'], fish: ['--no-execute'] } as const;
const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

describe.each(Object.entries(SHELLS))('%s', (shell, check) => {
  test.skipIf(!has(shell))('can read its script', () => {
    const scripts = directory({ script: egressLint(['completions', shell], { cwd }).out });
    expect(spawnSync(shell, [...check, 'script'], { cwd: scripts, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });
});

/** What fish offers at the end of a command line. */
function completedByFish(line: string): readonly string[] {
  const home = directory({ script: egressLint(['completions', 'fish'], { cwd }).out });
  const run = spawnSync('fish', ['--no-config', '-c', `source ${home}/script; complete -C '${line}'`], {
    cwd,
    env: { ...plainEnvironment(), HOME: home },
    encoding: 'utf8',
  });
  expect(run.stderr).toBe('');
  return run.stdout.split('\n').flatMap((row) => (row === '' ? [] : [row.split('\t')[0] ?? '']));
}

/** What zsh offers when Tab is pressed at the end of a command line: a shell in a terminal of its own prints it instead of showing it. */
function completedByZsh(line: string): readonly string[] {
  const home = directory({
    script: egressLint(['completions', 'zsh'], { cwd }).out,
    setup: `PROMPT=
autoload -Uz compinit
compinit -u -D
source "$HOME/script"
bindkey '^I' complete-word
mark() { print -r -- '<MARK>' }
compprefuncs=(mark)
comppostfuncs=(mark exit)
zstyle ':completion:*' insert-tab false
compadd() {
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return; fi
  local -a hits
  builtin compadd -A hits "$@"
  [[ -n $hits ]] && print -rl -- '<HIT>'\${^hits}'<END>'
}
print -r -- 'LOA''DED'
`,
    ask: `zmodload zsh/zpty || exit 9
zpty shell zsh -f -i
zpty -w shell 'source "$HOME/setup"'
zpty -r -m shell seen '*LOADED*'
zpty -n -w shell "$1"$'\\t'
zpty -r -m shell seen '*<MARK>*<MARK>*'
print -r -- "$seen"
`,
  });
  const { stdout, status } = spawnSync('zsh', ['-f', `${home}/ask`, line], {
    cwd,
    env: { ...plainEnvironment(), HOME: home, TERM: 'dumb' },
    encoding: 'utf8',
    timeout: 50_000,
  });
  expect(status).toBe(0);
  return [...stdout.matchAll(/<HIT>(.*?)<END>/g)].map(([, hit = '']) => hit);
}

describe.each([
  ['fish', completedByFish],
  ['zsh', completedByZsh],
] as const)('%s completes', (shell, completed) => {
  test.skipIf(!has(shell))('options, formats, rules, commands and files', { timeout: 180_000 }, () => {
    expect(completed('egress-lint --min')).toEqual(['--min-severity']);
    expect(completed('egress-lint k8s --format ju')).toEqual(['junit']);
    expect(completed('egress-lint --rule sidecar-host-f')).toEqual(['sidecar-host-format=']);
    expect(completed('egress-lint explain sidecar-host-f')).toEqual(['sidecar-host-format']);
    expect([...completed('egress-lint rules --format ')].sort()).toEqual(['json', 'markdown', 'table']);
    expect([...completed('egress-lint config ')].filter((word) => /^[a-z]+$/.test(word)).sort()).toEqual(['print', 'schema']);
    expect(completed('egress-lint config print --al')).toEqual(expect.arrayContaining(['--all', '--allow-plugins']));
    expect(completed('egress-lint completions f')).toEqual(['fish']);
    expect([...completed('egress-lint k')].map((word) => word.replace(/\/$/, '')).sort()).toEqual(['k8s', 'koala.yaml']);
  });
});

test.skipIf(!has('zsh'))('zsh completes the severity that a rule gets', () => {
  expect(completedByZsh('egress-lint --rule sidecar-host-format=w')).toEqual(['warning']);
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
