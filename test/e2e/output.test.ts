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

  test('--output names the file of the report that has none', () => {
    const cwd = directory({ 'a.yaml': BAD });
    egressLint(['a.yaml', '-f', 'json', '-f', 'sarif=out.sarif', '-o', 'out.json'], { cwd });
    expect(JSON.parse(readFileSync(join(cwd, 'out.json'), 'utf8'))).toMatchObject({ version: 1 });
    expect(egressLint(['a.yaml', '-f', 'sarif=out.sarif', '--output', 'x'], { cwd })).toMatchObject({ status: 2, out: '' });
    expect(egressLint(['a.yaml', '-f', 'concise', '-o', '-'], { cwd }).out).toMatch(/^a\.yaml:7:11: error/);
  });

  test.each(['jsonl', 'github', 'gitlab', 'junit', 'checkstyle', 'markdown'])('%s is printed by the program', (format) => {
    const { status, out, err } = egressLint(['a.yaml', '-f', format], { cwd: directory({ 'a.yaml': BAD }) });
    expect({ status, err }).toEqual({ status: 1, err: '' });
    expect(out).toContain('sidecar-host-format');
  });

  test('FORMAT=- is standard output', () => {
    expect(JSON.parse(egressLint(['--format', 'json=-'], { cwd: directory({ 'a.yaml': GOOD }) }).out)).toMatchObject({ findings: [] });
  });
});

describe('GitHub Actions', () => {
  const cwd = directory({ 'a.yaml': BAD });
  const env = { GITHUB_ACTIONS: 'true' };
  const annotation = /^::error title=EL501 sidecar-host-format,file=a\.yaml,line=7,endLine=7,col=11,endColumn=29::/;

  test('gets annotations beside the report, on the stream that no program reads', () => {
    const plain = egressLint(['a.yaml'], { cwd });
    const { out, err, status } = egressLint(['a.yaml'], { cwd, env });
    expect({ out, status }).toEqual({ out: plain.out, status: 1 });
    expect(err).toMatch(annotation);
    expect(plain.err).toBe('');
    expect(JSON.parse(egressLint(['a.yaml', '-f', 'json'], { cwd, env }).out)).toMatchObject({ version: 1 });
  });

  test('gets them once where they are asked for', () => {
    const { out, err } = egressLint(['a.yaml', '-f', 'github'], { cwd, env });
    expect(out).toMatch(annotation);
    expect(err).toBe('');
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

  test('--timing says how long each step and each rule took', () => {
    const { err } = egressLint(['--timing'], { cwd: directory({ 'a.yaml': GOOD }) });
    expect(err).toMatch(/^run rules +\d+\.\d ms$/m);
    expect(err).toMatch(/^ {2}[a-z-]+ +\d+\.\d ms in \d+ visits?$/m);
    expect(err).toMatch(/^ {2}\d+ other rules +\d+\.\d ms$/m);
  });

  test('--statistics counts by rule, and leaves standard output alone', () => {
    const cwd = directory({ 'a.yaml': BAD, 'b.yaml': BAD.replaceAll('bad', 'worse') });
    const { out, err } = egressLint(['--statistics', '-f', 'jsonl'], { cwd });
    expect(out.trimEnd().split('\n')).toHaveLength(2);
    expect(err).toMatch(/^2 {2}error {4}EL501 {2}sidecar-host-format/);
  });
});
