import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { BAD, directory, GOOD, plainEnvironment, root } from './support.ts';

interface Step {
  readonly id?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly if?: string;
}
const action = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
};

/** Runs the steps of the action that are scripts, as a runner would, in a workspace of these files. */
function runAction(files: Readonly<Record<string, string>>, inputs: Readonly<Record<string, string>> = {}) {
  const cwd = directory(files);
  const temp = directory({ output: '', summary: '' });
  const outputs = (): Readonly<Record<string, string>> =>
    Object.fromEntries(
      readFileSync(join(temp, 'output'), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
  const resolved = (text: string): string =>
    text.replace(/\$\{\{ ([\w.-]+) \}\}/g, (_, expression: string) => {
      if (expression === 'github.action_path') return root;
      const input = /^inputs\.(.*)$/.exec(expression)?.[1];
      if (input !== undefined) return inputs[input] ?? action.inputs[input]?.default ?? '';
      return outputs()[/^steps\.lint\.outputs\.(.*)$/.exec(expression)?.[1] ?? ''] ?? '';
    });
  let status: number | null = 0;
  let log = '';
  for (const step of action.runs.steps) {
    if (step.run === undefined) continue;
    const env = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, resolved(value)]));
    const runner = { RUNNER_TEMP: temp, GITHUB_OUTPUT: join(temp, 'output'), GITHUB_STEP_SUMMARY: join(temp, 'summary'), GITHUB_ACTIONS: 'true' };
    const result = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
      cwd,
      env: { ...plainEnvironment(), ...runner, ...env },
      encoding: 'utf8',
    });
    status = result.status;
    log += result.stdout + result.stderr;
    if (status !== 0) break;
  }
  return { status, log, outputs: outputs(), summary: readFileSync(join(temp, 'summary'), 'utf8') };
}

describe('the GitHub action', () => {
  test('fails for findings, with the report in the log, annotations, a summary and a SARIF file to upload', () => {
    const { status, log, outputs, summary } = runAction({ 'k8s/a.yaml': BAD });
    expect(status).toBe(1);
    expect(log).toContain('sidecar-host-format');
    expect(log).toMatch(/^::error title=EL501 sidecar-host-format,file=k8s\/a\.yaml,/m);
    expect(summary).toContain('## egress-lint\n\n1 error in 1 resource of 1 file\n');
    expect(outputs['status']).toBe('1');
    expect(JSON.parse(readFileSync(outputs['sarif'] ?? '', 'utf8'))).toMatchObject({ version: '2.1.0', runs: [{ results: [{ ruleId: 'EL501' }] }] });
  });

  test('passes where there is nothing', () => {
    const { status, outputs, summary } = runAction({ 'k8s/a.yaml': GOOD });
    expect({ status, summary }).toEqual({ status: 0, summary: '## egress-lint\n\nok: no findings in 1 resource of 1 file\n' });
    expect(existsSync(outputs['sarif'] ?? '')).toBe(true);
  });

  test('takes paths and options, and leaves patterns to the program', () => {
    const files = { 'a/x.yaml': GOOD, 'b/x.yaml': BAD };
    expect(runAction(files, { paths: 'a' }).status).toBe(0);
    expect(runAction(files, { paths: 'a */x.yaml' }).status).toBe(1);
    expect(runAction(files, { args: '--exit-zero --rule EL501=warning' }).status).toBe(0);
    expect(runAction(files, { paths: '$(touch owned) ;touch' }).status).toBe(2);
  });

  test('says when the run failed, and has nothing to upload then', () => {
    const { status, outputs } = runAction({}, { args: '--no-such-option' });
    expect(status).toBe(2);
    expect(outputs).toEqual({ status: '2' });
  });

  test('uploads what the first step made', () => {
    const upload = action.runs.steps.find(({ uses }) => uses?.startsWith('github/codeql-action/upload-sarif@'));
    expect(upload).toMatchObject({
      if: expect.stringContaining("steps.lint.outputs.sarif != ''"),
      with: { sarif_file: '$' + '{{ steps.lint.outputs.sarif }}' },
    });
  });
});

test('the program of the Dockerfile runs with nothing but what is packed', () => {
  const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
  const cwd = directory({ 'k8s/a.yaml': BAD });
  // What the last stage copies: the package without its dependencies.
  const pack = spawnSync('npm', ['pack', '--silent', '--pack-destination', cwd], { cwd: root, encoding: 'utf8' });
  const unpack = /(?<=&& )tar .*$/m.exec(dockerfile)?.[0].replaceAll('/opt/egress-lint', 'opt') ?? 'false';
  const place = /ln -s \/opt\/egress-lint\/(\S+) \/usr\/local\/bin\/egress-lint$/m.exec(dockerfile)?.[1] ?? '';
  expect(spawnSync('sh', ['-c', `mkdir opt && ${unpack}`], { cwd }).status, pack.stderr).toBe(0);
  const run = (...args: string[]) => spawnSync(process.execPath, [join(cwd, 'opt', place), ...args], { cwd, encoding: 'utf8', env: plainEnvironment() });
  expect(run('k8s/')).toMatchObject({ status: 1, stdout: expect.stringContaining('EL501'), stderr: '' });
  for (const text of ['EL501', 'wrong version number']) expect(run('explain', text), text).toMatchObject({ status: 0, stderr: '' });
  expect(dockerfile).toMatch(/^USER [1-9]\d*:\d+$/m);
  expect(dockerfile).toMatch(/^ENTRYPOINT \["egress-lint"\]$/m);
});
