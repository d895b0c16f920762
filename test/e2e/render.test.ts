import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { directory, egressLint, type Outcome } from './support.ts';

/** A ServiceEntry with a mistake in its last line but one. */
const entry = (name: string, metadata = ''): string =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: ${name}\n${metadata}spec:\n  hosts:\n    - pay.example\n  location: MESH_EXTERNAL\n  resolution: DSN\n  ports: [{ number: 443, name: tls, protocol: TLS }]\n`;
const origin = (path: string, more = ''): string => `  annotations:\n    config.kubernetes.io/origin: |\n      path: ${path}\n${more}  namespace: shop\n`;

const TREE = {
  '.git/HEAD': '',
  'base/kustomization.yaml': 'resources: [pay.yaml]\n',
  'base/pay.yaml': `# what a person edits\n${entry('pay')}`,
  'envs/prod/kustomization.yaml': 'namespace: shop\nresources: [../../base]\npatches: [{ path: patch.yaml }]\n',
  'envs/prod/patch.yaml': 'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: pay }\nspec: { location: MESH_INTERNAL }\n',
};

/** Programs that print something, on a PATH that has nothing else but what the shell needs. */
function path(programs: Readonly<Record<string, string>>): { readonly PATH: string } {
  const bin = directory(Object.fromEntries(Object.entries(programs).map(([name, script]) => [name, `#!/bin/sh\n${script}\n`])));
  for (const name of readdirSync(bin)) chmodSync(join(bin, name), 0o755);
  for (const name of ['cat', 'sed', 'grep']) {
    symlinkSync(spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim(), join(bin, name));
  }
  return { PATH: bin };
}

const printing = (text: string): string => `cat <<'END'\n${text}END`;
const lint = (cwd: string, env: NodeJS.ProcessEnv, ...args: string[]): Outcome => egressLint(['--format', 'concise', ...args], { cwd, env });

/** What kustomize would say of the base, seen from where it was told to start. */
const KUSTOMIZE = `[ "$1" = build ] || exit 9\nd=$(sed -n 's/^  - "\\(.*\\)"$/\\1/p' "$2/kustomization.yaml")\ngrep -q originAnnotations "$2/kustomization.yaml" || exit 8\nsed "s|ORIGIN|$d/../../base/pay.yaml|" <<'END'\n${entry('pay', origin('ORIGIN'))}END`;

describe('--render', () => {
  test('lints what kustomize makes, at the lines that a person edits', () => {
    const cwd = directory(TREE);
    const { status, out, err } = lint(cwd, path({ kustomize: KUSTOMIZE }), '--render');
    expect(err).toBe('');
    expect(out).toMatch(/^base\/pay\.yaml:10:15: error\[unknown-value\]/);
    expect(out.trimEnd().split('\n')).toHaveLength(2);
    expect(status).toBe(1);
    const { runs } = JSON.parse(lint(cwd, path({ kustomize: KUSTOMIZE }), '--render', '--format', 'sarif=-').out || '{"runs":[]}') as {
      runs: readonly object[];
    };
    expect(runs).toBeDefined();
    expect(egressLint(['--render'], { cwd, env: path({ kustomize: KUSTOMIZE }) }).out).toContain('--> base/pay.yaml:10:15');
    expect(egressLint(['--render', '--format', 'github'], { cwd, env: path({ kustomize: KUSTOMIZE }) }).out).toContain('file=base/pay.yaml,line=10');
  });

  test('runs nothing without the flag', () => {
    const { out, err } = lint(directory(TREE), path({ kustomize: 'echo run >&2; exit 7', helm: 'exit 7', kubectl: 'exit 7' }));
    expect([out, err]).toEqual([expect.stringContaining('base/pay.yaml:10:15'), '']);
  });

  test('takes the kustomize in kubectl where there is no other', () => {
    const script = `[ "$1" = kustomize ] || exit 9\n${printing(entry('pay', origin('../elsewhere.yaml')))}`;
    const { status, out, err } = lint(directory(TREE), path({ kubectl: script }), '--render');
    expect(err).toBe('');
    expect(out).toMatch(/^envs\/prod\/\(kubectl kustomize\):\d+:15: error\[unknown-value\].*\(rendered from \.\.\/elsewhere\.yaml\)$/m);
    expect(status).toBe(1);
  });

  test('renders charts, the outermost only', () => {
    const rendered = `---\n# Source: other-name/templates/pay.yaml\n${entry('pay')}---\n# Source: other-name/templates/gen.yaml\n${entry('gen')}`;
    const cwd = directory({
      '.git/HEAD': '',
      'charts/shop/Chart.yaml': 'apiVersion: v2\nname: other-name\n',
      'charts/shop/values.yaml': 'a: 1\n',
      'charts/shop/templates/pay.yaml': entry('"{{ .Values.name }}"'),
      'charts/shop/charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\n',
      'charts/shop/templates/gen.yaml': `{{- range .Values.all }}\n${entry('gen')}{{- end }}\n`,
    });
    const env = path({ helm: `[ "$*" = "template shop . --namespace web" ] || { echo "$*" >&2; exit 9; }\n${printing(rendered)}` });
    const { out, err, status } = lint(cwd, env, '--render', '--namespace', 'web');
    expect(err).toBe('');
    expect(out).toMatch(/^charts\/shop\/templates\/pay\.yaml:9:15: error\[unknown-value\]/m);
    // Its lines come and go, so that it is no object before it is rendered: the line is the one that reads the same.
    expect(out).toMatch(/^charts\/shop\/templates\/gen\.yaml:10:15: error\[unknown-value\]/m);
    expect(out.match(/error\[/g)).toHaveLength(2);
    expect(status).toBe(1);
  });

  test('leaves libraries to the charts that use them', () => {
    const cwd = directory({
      '.git/HEAD': '',
      'lib/Chart.yaml': 'name: lib\ntype: library\n',
      'lib/templates/_x.yaml': '{{ define "x" }}{{ end }}\n',
      'pay.yaml': entry('pay'),
    });
    expect(lint(cwd, path({ helm: 'exit 3' }), '--render')).toMatchObject({ status: 1, err: '' });
  });

  test('offers no repair of what nobody edits', () => {
    const cwd = directory(TREE);
    const script = `[ "$1" = kustomize ] || exit 9\n${printing(entry('pay', origin('../elsewhere.yaml')))}`;
    const fixes = (...args: string[]) => {
      const { findings } = JSON.parse(egressLint(['--format', 'json', ...args], { cwd, env: path({ kubectl: script }) }).out) as {
        findings: { fixes: unknown[] }[];
      };
      return findings.map((finding) => finding.fixes.length);
    };
    expect(fixes()).toEqual([1]);
    expect(fixes('--render')).toEqual([0]);
  });

  test('says what is missing, or fails, and lints the rest as it is', () => {
    const cwd = directory({ ...TREE, 'chart/Chart.yaml': 'name: c\n' });
    const missing = lint(cwd, path({}), '--render');
    expect(missing.err).toBe(
      "error: cannot render 'chart/': --render needs helm for a chart, and it is not on PATH\nerror: cannot render 'envs/prod/': --render needs kustomize or kubectl for a kustomization, and neither is on PATH\n",
    );
    expect(missing).toMatchObject({ status: 2, out: expect.stringContaining('base/pay.yaml:10:15: error') });
    const failing = lint(cwd, path({ kustomize: "echo 'Error: no such file: x.yaml' >&2; exit 1", helm: 'exit 3' }), '--render');
    expect(failing.err).toContain("cannot render 'chart/': helm template failed: status 3\n");
    expect(failing.err).toContain("cannot render 'envs/prod/': kustomize build failed: no such file: x.yaml\n");
    expect(failing.status).toBe(2);
    expect(lint(cwd, path({}), '--render', '--fix')).toMatchObject({ status: 2, err: expect.stringContaining('leave out one') });
  });

  const kubectl = spawnSync('kubectl', ['kustomize', '--help'], { encoding: 'utf8' });
  test.skipIf(kubectl.status !== 0)('works with the real kubectl, where there is one', () => {
    const cwd = directory(TREE);
    const where = spawnSync('sh', ['-c', 'command -v kubectl'], { encoding: 'utf8' }).stdout.trim();
    const env = path({ kubectl: `PATH='${process.env['PATH']}' exec '${where}' "$@"` });
    const { out, err } = lint(cwd, env, '--render');
    expect([out.split(' error')[0], err]).toEqual(['base/pay.yaml:10:15:', '']);
  });
});

describe('rendered output on standard input', () => {
  const stdin = (input: string, files: Readonly<Record<string, string>> = TREE) =>
    egressLint(['-', '--format', 'concise'], { cwd: directory(files), input }).out;

  test('is reported where it was made from', () => {
    expect(stdin(entry('pay', origin('../../base/pay.yaml')))).toMatch(/^base\/pay\.yaml:10:15: error/);
    expect(stdin(entry('pay', origin('base/pay.yaml')))).toMatch(/^base\/pay\.yaml:10:15: error/);
  });

  test.each([
    ['of another object', entry('other', origin('base/pay.yaml'))],
    ['of a field that a patch wrote', entry('pay', origin('base/pay.yaml')).replace('DSN', 'DNSS')],
    ['of a file that is not there', entry('pay', origin('base/gone.yaml'))],
    ['of another repository', entry('pay', origin('base/pay.yaml', '      repo: https://git.example/x\n'))],
    ['of a file outside of the tree', entry('pay', origin('../../../../../../etc/hostname.yaml'))],
  ])('but not what is %s', (_, input) => {
    expect(stdin(input)).toMatch(/^stdin\.yaml:\d+:15: error\[unknown-value\].*\(rendered from [\w./-]+\)$/m);
  });

  test('is found by what kustomize put around its name', () => {
    const renamed = entry('eu-pay-v2', origin('base/pay.yaml'));
    expect(stdin(renamed)).toMatch(/^base\/pay\.yaml:10:15: error/);
    const two = { ...TREE, 'base/pay.yaml': `${TREE['base/pay.yaml']}---\n${entry('pay-v2')}` };
    expect(stdin(renamed, two)).toMatch(/^stdin\.yaml:\d+:15: error\[unknown-value\].*\(rendered from base\/pay\.yaml\)$/m);
  });

  describe('of Helm', () => {
    const from = (file: string, text: string): string => `---\n# Source: ${file}\n${text}`;
    const ranged = `{{- range .Values.all }}\n---\n# one of them\n${entry('{{ . }}')}{{- end }}\n`;
    const chart = (template: string, directory = 'charts/shop'): Readonly<Record<string, string>> => ({
      '.git/HEAD': '',
      [`${directory}/Chart.yaml`]: 'apiVersion: v2\nname: "payments" # not shop\n',
      [`${directory}/templates/pay.yaml`]: template,
    });
    const rendered = from('payments/templates/pay.yaml', entry('pay'));

    test('is found by the name of the chart, which need not be that of its directory', () => {
      expect(stdin(rendered, chart(entry('pay')))).toMatch(/^charts\/shop\/templates\/pay\.yaml:9:15: error/);
      expect(stdin(rendered, { ...chart(entry('pay')), ...chart(entry('pay'), 'charts/other') })).toMatch(/^stdin\.yaml:/);
    });

    test('is found by its line where lines of the template come and go', () => {
      expect(stdin(rendered, chart(ranged))).toMatch(/^charts\/shop\/templates\/pay\.yaml:12:15: error/);
      expect(stdin(rendered, chart(ranged.replace('DSN', '{{ .Values.resolution }}')))).toMatch(/^charts\/shop\/templates\/pay\.yaml:12:15: error/);
      for (const other of [ranged.replace('DSN', 'DNS'), ranged.replace(/---/, `---\n${entry('b')}---`)])
        expect(stdin(rendered, chart(other))).toMatch(/^stdin\.yaml:\d+:15: error\[unknown-value\].*\(rendered from charts\/shop\/templates\/pay\.yaml\)$/m);
    });

    test('is shown there', () => {
      const out = egressLint(['-'], { cwd: directory(chart(ranged)), input: rendered }).out;
      expect(out).toMatch(/--> charts\/shop\/templates\/pay\.yaml:12:15/);
      expect(out).toMatch(/^12 \| {3}resolution: DSN\n {3}\| {15}\^\^\^/m);
    });
  });

  test('is not where two files may be meant', () => {
    const twice = { ...TREE, 'other/base/pay.yaml': TREE['base/pay.yaml'], 'base/pay.yaml': '' };
    expect(stdin(entry('pay', origin('../pay.yaml')), { ...twice, 'base/pay.yaml': TREE['base/pay.yaml'] })).toMatch(/^stdin\.yaml/);
  });
});
