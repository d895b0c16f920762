import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BAD, directory, egressLint, GOOD, plainEnvironment, program, root, sidecar } from './support.ts';

const ESCAPE = '\u001b[';

describe('several formats', () => {
  test('go to several places, directories made where they are missing', () => {
    const cwd = directory({ 'a.yaml': BAD });
    const args = ['a.yaml', '--format', 'concise', '--format', 'sarif=reports/new/out.sarif', '-f', 'json=out.json'];
    const { status, out, err } = egressLint(args, { cwd });
    expect({ status, err }).toEqual({ status: 1, err: '' });
    expect(out).toMatch(/^a\.yaml:7:11: error\[sidecar-host-format\]/);
    expect(JSON.parse(readFileSync(join(cwd, 'reports/new/out.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' });
    expect(JSON.parse(readFileSync(join(cwd, 'out.json'), 'utf8'))).toMatchObject({ version: 1, summary: { errors: 1 } });
  });

  test('only to files: the summary goes to standard error', () => {
    const cwd = directory({ 'a.yaml': BAD });
    expect(egressLint(['a.yaml', '--format', 'json=out.json'], { cwd })).toEqual({ status: 1, out: '', err: '1 error in 1 resource of 1 file\n' });
    expect(existsSync(join(cwd, 'out.json'))).toBe(true);
  });

  test('FORMAT=- is standard output', () => {
    expect(JSON.parse(egressLint(['--format', 'json=-'], { cwd: directory({ 'a.yaml': GOOD }) }).out)).toMatchObject({ findings: [] });
  });
});

describe('quiet', () => {
  test('says nothing where nothing fails', () => {
    const cwd = directory({ 'a.yaml': BAD });
    expect(egressLint(['-q', '--rule', 'EL501=warning'], { cwd })).toEqual({ status: 0, out: '', err: '' });
    expect(egressLint(['-q'], { cwd }).out).toContain('sidecar-host-format');
  });
});

describe('color', () => {
  const cwd = directory({ 'a.yaml': BAD });
  const hasColor = (args: readonly string[], env: NodeJS.ProcessEnv = {}): boolean => egressLint(['a.yaml', ...args], { cwd, env }).out.includes(ESCAPE);

  test('is for terminals, flags and variables', () => {
    expect(hasColor([])).toBe(false);
    expect(hasColor(['--color', 'always'])).toBe(true);
    expect(hasColor(['--color=always'], { NO_COLOR: '1' })).toBe(true);
    expect(hasColor([], { FORCE_COLOR: '1' })).toBe(true);
    expect(hasColor([], { FORCE_COLOR: '0' })).toBe(false);
    expect(hasColor([], { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
    expect(hasColor([], { CLICOLOR_FORCE: '1' })).toBe(true);
    expect(hasColor(['--color', 'never'], { FORCE_COLOR: '3' })).toBe(false);
  });

  test('is not for files, unless asked for', () => {
    egressLint(['a.yaml', '--format', 'pretty=plain.txt'], { cwd, env: { FORCE_COLOR: '1' } });
    egressLint(['a.yaml', '--format', 'pretty=colored.txt', '--color', 'always'], { cwd });
    expect(readFileSync(join(cwd, 'plain.txt'), 'utf8')).not.toContain(ESCAPE);
    expect(readFileSync(join(cwd, 'colored.txt'), 'utf8')).toContain(ESCAPE);
  });
});

describe('a pipe', () => {
  const many = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`${i}.yaml`, sidecar(`s${i}`, 'rates.bank.example')]));
  const cwd = directory(many);

  test('that is closed early ends the run in peace', async () => {
    const child = spawn(process.execPath, [program], { cwd, env: plainEnvironment() });
    let err = '';
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect({ status, err }).toEqual({ status: 1, err: '' });
  });

  test('that is slow gets everything', async () => {
    const child = spawn(process.execPath, [program, '--format', 'json'], { cwd, env: plainEnvironment() });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    let out = '';
    for await (const chunk of child.stdout) out += chunk;
    expect(out.length).toBeGreaterThan(200_000);
    expect((JSON.parse(out) as { findings: unknown[] }).findings).toHaveLength(400);
  });
});

describe('commands', () => {
  const cwd = directory();

  test('--help shows what it does, how to call it, all flags and what the exit status means', () => {
    const { out } = egressLint(['--help'], { cwd });
    for (const part of [
      'Usage: egress-lint [OPTIONS] [PATH...]',
      'egress-lint explain RULE',
      'Examples:',
      '--fail-on <SEVERITY>',
      '--version',
      'Exit status:',
    ]) {
      expect(out).toContain(part);
    }
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
    expect(egressLint(['lint', '-h'], { cwd }).out).toBe(out);
  });

  test('--version is that of the package', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(egressLint(['--version'], { cwd }).out).toBe(`${version}\n`);
  });

  test('explain takes a name or a code, in any case', () => {
    const { out } = egressLint(['explain', 'el501'], { cwd });
    expect(out).toMatch(/^sidecar-host-format \(EL501\)\n/);
    expect(out).toContain('    kind: Sidecar\n');
    expect(out).not.toMatch(/^#|```|\]\(/m);
    expect(egressLint(['explain', 'sidecar-host-format'], { cwd }).out).toBe(out);
  });

  test('rules lists every rule, in three forms', () => {
    const rules = JSON.parse(egressLint(['rules', '--format', 'json'], { cwd }).out) as { code: string; name: string; docs: string }[];
    expect(rules.map(({ code }) => code)).toContain('EL501');
    expect(rules.find(({ code }) => code === 'EL501')).toMatchObject({
      name: 'sidecar-host-format',
      docs: 'docs/rules/sidecar-host-format.md',
      severity: 'error',
    });
    const count = (format: string, line: RegExp): number | undefined => egressLint(['rules', '--format', format], { cwd }).out.match(line)?.length;
    expect(count('table', /^EL\d{3} {2}[a-z]/gm)).toBe(rules.length);
    expect(count('markdown', /^\| EL\d{3} \| \[/gm)).toBe(rules.length);
  });

  test('--timing says how long each step took', () => {
    expect(egressLint(['--timing'], { cwd: directory({ 'a.yaml': GOOD }) }).err).toMatch(/^run rules +\d+\.\d ms$/m);
  });
});
