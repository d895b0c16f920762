import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BAD, directory, egressLint, GOOD, plainEnvironment, program } from './support.ts';

const HEAD = 'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: odd, namespace: shop }\n';

/** Each `*a` stands for ten of the one before: ten to the tenth strings. */
const BOMB = `${HEAD}a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 10 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]\n`).join('')}spec: { hosts: *a10 }\n`;

describe('a file that is odd hides nothing of the others', () => {
  test.each([
    ['nested 10,000 deep in brackets', `${HEAD}spec: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`, 'error[unparsable-yaml]'],
    ['nested 10,000 deep and cut off', `${HEAD}spec: ${'{a: '.repeat(10_000)}`, 'error[unparsable-yaml]'],
    [
      'nested 2,000 deep by indentation',
      `${HEAD}spec:\n${Array.from({ length: 2_000 }, (_, i) => `${' '.repeat(i + 1)}a:\n`).join('')}`,
      'error[unparsable-yaml]',
    ],
    ['an alias bomb', BOMB, 'error[unparsable-yaml]'],
    ['an alias to itself', `${HEAD}spec: &a\n  hosts: [*a]\n`, 'error[unparsable-yaml]'],
    ['cut off within a string', `${HEAD}spec:\n  hosts: ["a.exam`, 'error[unparsable-yaml]'],
    ['cut off within a list', `${HEAD}spec:\n  hosts: [a.example,`, 'error[unparsable-yaml]'],
    ['a NUL byte', `${HEAD}\0`, 'warning[unreadable-file]'],
    ['not UTF-8', Buffer.from(`${HEAD}# caf\xe9\n`, 'latin1'), 'warning[unreadable-file]'],
    ['UTF-16 without a mark', Buffer.from(HEAD, 'utf16le'), 'warning[unreadable-file]'],
    ['random bytes', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 255, 254]), 'warning[unreadable-file]'],
  ])('%s', (_, text, finding) => {
    const cwd = directory({ 'bad.yaml': BAD, 'odd.yaml': text });
    const { status, out, err } = egressLint(['odd.yaml', 'bad.yaml', '--format', 'concise'], { cwd });
    expect(out).toContain(`${finding} `);
    expect(out).toMatch(/^odd\.yaml:\d+:\d+: /m);
    expect(out).toContain('bad.yaml:7:11: error[sidecar-host-format]');
    expect({ status, err }).toEqual({ status: 1, err: '' });
  });

  test('an unreadable file says on which line it stops being text', () => {
    const cwd = directory({
      'a.yaml': Buffer.from(`# one\n# zwei\n# ü drei \xfc\n`, 'latin1'),
      'b.yaml': Buffer.from('# ü\n# \u00fc', 'utf8').subarray(0, -1),
    });
    const { out } = egressLint(['--format', 'concise'], { cwd });
    expect(out).toContain('byte 0xFC on line 3');
    expect(out).toContain('byte 0xC3 on line 2');
  });
});

test('UTF-16 with a mark, CRLF and a UTF-8 mark are read', () => {
  const utf16 = Buffer.from(`\ufeff${BAD}`, 'utf16le');
  const cwd = directory({ 'le.yaml': utf16, 'be.yaml': Buffer.from(utf16).swap16(), 'mark.yaml': `\ufeff${BAD}`, 'crlf.yaml': BAD.replaceAll('\n', '\r\n') });
  for (const file of ['le.yaml', 'be.yaml', 'mark.yaml', 'crlf.yaml']) {
    expect(egressLint([file, '--format', 'concise'], { cwd }).out).toMatch(new RegExp(`^${file}:7:11: error\\[sidecar-host-format\\]`));
  }
});

test('a file of 50 MB is read to its end, and the mistake at its end is found', () => {
  const cwd = directory();
  const other = `apiVersion: v1\nkind: Event\nmetadata: { name: s }\ndata:\n  a: ${'x'.repeat(950)}\n---\n`;
  const file = openSync(join(cwd, 'big.yaml'), 'w');
  for (let i = 0; i < 50; i++) writeSync(file, other.repeat(1000));
  writeSync(file, BAD);
  closeSync(file);
  const { status, out } = egressLint(['--format', 'concise'], { cwd });
  expect(status).toBe(1);
  expect(out).toMatch(/^big\.yaml:300007:11: error\[sidecar-host-format\]/);
}, 60_000);

test('a file that is larger than the limit is not read', () => {
  const cwd = directory({ 'good.yaml': GOOD });
  const file = openSync(join(cwd, 'huge.yaml'), 'w');
  writeSync(file, 'x', 129 * 1024 * 1024);
  closeSync(file);
  const { status, out } = egressLint(['--format', 'concise'], { cwd });
  expect(status).toBe(0);
  expect(out).toContain('it is too large: 129 MiB, the limit is 128 MiB');
});

describe('what may not be read', () => {
  const cwd = directory({ 'a.yaml': BAD, 'secret.yaml': BAD, 'closed/b.yaml': BAD });
  chmodSync(cwd, 0o755);
  chmodSync(join(cwd, 'secret.yaml'), 0);
  chmodSync(join(cwd, 'closed'), 0);
  // Permissions do not stop root: then the program runs as nobody.
  const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const run = (...args: readonly string[]) => spawnSync(process.execPath, [program, ...args], { cwd, encoding: 'utf8', env: plainEnvironment(), ...nobody });

  test('is reported; the rest is still checked', ({ skip }) => {
    skip(run('--version').status !== 0, 'the program lies where nobody but root may read');
    const { status, stdout, stderr } = run('--format', 'concise');
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(stdout).toContain('a.yaml:7:11: error[sidecar-host-format]');
    expect(stdout).toContain('closed:1:1: warning[unreadable-file] this file was not read: permission denied');
    expect(stdout).toContain('secret.yaml:1:1: warning[unreadable-file] this file was not read: permission denied');
  });

  test('alone leaves nothing to check', ({ skip }) => {
    skip(run('--version').status !== 0, 'the program lies where nobody but root may read');
    expect(run('secret.yaml', '-q')).toMatchObject({ status: 2, stderr: "error: nothing to check: 'secret.yaml' was not read: permission denied\n" });
    expect(run('closed/b.yaml')).toMatchObject({ status: 2, stderr: "error: cannot read 'closed/b.yaml': permission denied\n" });
  });
});

test.skipIf(process.platform === 'win32')('what another program writes into a pipe is read from its file descriptor', () => {
  const cwd = directory({ 'a.yaml': BAD });
  const { status, stdout } = spawnSync('bash', ['-c', `"$0" "${program}" <(cat a.yaml) --format concise`, process.execPath], {
    cwd,
    encoding: 'utf8',
    env: plainEnvironment(),
  });
  expect(status).toBe(1);
  expect(stdout).toMatch(/^\/dev\/fd\/\d+:7:11: error\[sidecar-host-format\]/);
});
