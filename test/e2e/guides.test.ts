import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { lint } from '../../src/engine/lint.ts';
import type { AnyRule } from '../../src/engine/rule.ts';
import { load } from '../../src/mesh/load.ts';
import { Mesh } from '../../src/mesh/mesh.ts';
import { directory, egressLint, plainEnvironment, program, root, sidecar } from './support.ts';

/**
 * Every command line and every file that the guides show is tried, in the order of the page, in a repository made for it:
 * - a block whose first line is a comment with a file name (`# k8s/egress.yaml`, `// rules/x.mjs`) is written to that file;
 * - `sh` and `console` blocks are run line by line; the program must not refuse them (status 2), other programs must succeed. In a `console` block
 *   commands follow `$`, and what follows them is what they print, where something does; `…` stands for any text;
 * - scripts of workflows and of GitLab jobs are run as well;
 * - YAML must be YAML; manifests that are not in a file must have no error, unless a comment in the block says `wrong: RULE`.
 * `<!-- not run: REASON -->` above a block leaves it out. kustomize, helm, kubectl, docker, npm and npx are stand-ins.
 */
const guides = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `docs/${name}`),
];

interface Block {
  readonly line: number;
  readonly language: string;
  readonly text: string;
  readonly skipped: boolean;
}

function blocksOf(markdown: string): readonly Block[] {
  return [...markdown.matchAll(/(?:^<!-- not run: [^\n]+ -->\n+)?^([ \t]*)```(\w+)\n([\s\S]*?)^[ \t]*```/gm)].map(
    ({ 0: whole, 1: indent = '', 2: language = '', 3: body = '', index }) => ({
      line: markdown.slice(0, index).split('\n').length,
      language,
      text: body.replace(new RegExp(`^${indent}`, 'gm'), ''),
      skipped: whole.startsWith('<!--'),
    }),
  );
}

/** What people who read the guides have: a repository with manifests, overlays and a chart, and the programs that the guides call. */
function sandbox(): { readonly cwd: string; readonly env: NodeJS.ProcessEnv } {
  const good = sidecar('good', '"./*"');
  const cwd = directory({
    'k8s/egress.yaml': good,
    'overlays/prod/kustomization.yaml': 'resources: [egress.yaml]\n',
    'overlays/prod/egress.yaml': good,
    'overlays/dev/egress.yaml': good,
    'charts/shop/templates/egress.yaml': good,
    'base/egress.yaml': good,
    'envs/dev/pay.yaml': good,
    'envs/prod/pay.yaml': good,
  });
  const self = `exec "${process.execPath}" "${program}"`;
  const rendered = `cat <<'END'\n${good}END`;
  const bin = directory({
    'egress-lint': `#!/bin/sh\n${self} "$@"\n`,
    kustomize: `#!/bin/sh\n${rendered}\n`,
    helm: `#!/bin/sh\n${rendered}\n`,
    kubectl: `#!/bin/sh\n${rendered}\n`,
    // What stands behind the image goes to the program.
    docker: `#!/bin/sh\nif [ "$1" != run ]; then exit 0; fi\nwhile [ "$1" != egress-lint ]; do shift || exit 9; done\nshift\n${self} "$@"\n`,
    npx: `#!/bin/sh\nwhile [ "$1" != egress-lint ]; do shift || exit 9; done\nshift\n${self} "$@"\n`,
    npm: `#!/bin/sh\nif [ "$1" != start ]; then exit 0; fi\nwhile [ $# -gt 0 ] && [ "$1" != -- ]; do shift; done\n[ $# -eq 0 ] || shift\n${self} "$@"\n`,
    'pre-commit': '#!/bin/sh\nexit 0\n',
  });
  for (const name of readdirSync(bin)) chmodSync(join(bin, name), 0o755);
  for (const args of [
    ['init', '-q', '-b', 'main'],
    ['add', '-A'],
    ['-c', 'user.name=a', '-c', 'user.email=a@b.example', 'commit', '-qm', 'all'],
  ])
    spawnSync('git', args, { cwd });
  const outside = directory();
  const ci = { RUNNER_TEMP: outside, GITHUB_STEP_SUMMARY: join(outside, 'summary'), CI_PROJECT_DIR: cwd };
  return { cwd, env: { ...plainEnvironment(), ...ci, PATH: `${bin}${delimiter}${process.env['PATH']}` } };
}

function run(script: string, { cwd, env }: ReturnType<typeof sandbox>): { readonly status: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', script], { cwd, env, encoding: 'utf8', input: '' });
  return { status, out: stdout, err: stderr };
}

/** Commands of a block, a continued line as one, each with what it is said to print. */
function commandsOf({ language, text }: Block): readonly { readonly command: string; readonly shown: string }[] {
  const joined = text.replace(/\\\n\s*/g, ' ');
  if (language === 'console') {
    return joined
      .split(/^\$ /m)
      .slice(1)
      .map((part) => ({ command: part.slice(0, part.indexOf('\n')), shown: part.slice(part.indexOf('\n') + 1) }));
  }
  return joined
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((command) => ({ command, shown: '' }));
}

/** What a command is said to print, with `…` for any text. */
function pattern(shown: string): RegExp {
  const parts = shown.trimEnd().split('…');
  return new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[\\s\\S]*?')}\\s*$`);
}

/** `PATH`, `FILE` and the like stand for something that people fill in. */
function filledIn(command: string): string {
  return command.replace(/\bPATH(?:\.\.\.)?(?=\s|$)/g, 'k8s').replace(/\bRULE(?=\s|$)/g, 'sidecar-host-format');
}

function tryCommand(command: string, shown: string, box: ReturnType<typeof sandbox>): void {
  // What a person sees is both streams in one.
  const { status, out, err } = run(`${shown.trim() === '' ? '' : 'exec 2>&1\n'}${filledIn(command)}`, box);
  const isOurs = /\begress-lint\b|\bnpm start\b/.test(command);
  const about = `${command}\n${out}${err}`;
  expect(isOurs ? [0, 1] : [0], about).toContain(status);
  expect(err, about).not.toContain('not found');
  if (shown.trim() !== '') expect(out, about).toMatch(pattern(shown));
}

/** The scripts of a workflow's steps or of GitLab's jobs. */
function scriptsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(scriptsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'run' && typeof inner === 'string') return [inner];
    if (key === 'script' && Array.isArray(inner)) return [inner.join('\n')];
    return scriptsOf(inner);
  });
}

function tryYaml({ text }: Block, file: string | undefined, box: ReturnType<typeof sandbox>): void {
  const documents = parseAllDocuments(text);
  for (const document of documents) expect(document.errors, text).toEqual([]);
  const values = documents.map((document): unknown => document.toJS());
  if (file !== undefined && /^\.github\/workflows\/|^\.gitlab-ci\.yml$/.test(file)) {
    const scripts = scriptsOf(values);
    for (const script of scripts) tryCommand(script, '', box);
  }
  if (file !== undefined || !/^apiVersion: .*(?:istio\.io|gateway\.networking)/m.test(text)) return;
  const { out } = egressLint(['-', '--format', 'json', '--exit-zero', '--allow-plugins'], { cwd: box.cwd, input: text });
  const rules = (JSON.parse(out) as { findings: { rule: string; severity: string }[] }).findings
    .filter(({ severity }) => severity !== 'info')
    .map(({ rule }) => rule);
  const wrong = /# wrong: ([\w-]+)/.exec(text)?.[1];
  expect(rules, text).toEqual(wrong === undefined ? [] : expect.arrayContaining([wrong]));
}

function fileOf(text: string): string | undefined {
  const name = /^(?:#|\/\/) ([\w./-]+\.(?:ya?ml|json|mjs|js))$/m.exec(text.slice(0, text.indexOf('\n')))?.[1];
  return name?.startsWith('/') ? undefined : name;
}

describe.each(guides)('%s', (guide) => {
  test('holds what it shows', { timeout: 120_000 }, () => {
    const box = sandbox();
    for (const block of blocksOf(readFileSync(join(root, guide), 'utf8'))) {
      if (block.skipped) continue;
      const file = fileOf(block.text);
      if (file !== undefined) {
        mkdirSync(dirname(join(box.cwd, file)), { recursive: true });
        writeFileSync(join(box.cwd, file), block.text);
      }
      if (block.language === 'yaml') tryYaml(block, file, box);
      if (block.language === 'sh' || block.language === 'console') {
        // What the README prints is about this repository; the guides' readers have their own.
        const here = guide === 'README.md' && block.language === 'console' ? { ...box, cwd: root } : box;
        for (const { command, shown } of commandsOf(block)) tryCommand(command, shown, here);
      }
    }
  });

  test('names options, rules and files that there are', () => {
    const text = readFileSync(join(root, guide), 'utf8');
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g))
      expect(existsSync(join(root, dirname(guide), target)), target).toBe(true);
  });
});

test('the rule that docs/writing-rules.md shows finds what it says', async () => {
  const text = blocksOf(readFileSync(join(root, 'docs/writing-rules.md'), 'utf8')).find(({ language }) => language === 'js')?.text ?? '';
  const cwd = directory({ 'rule.mjs': text });
  const { default: rule } = (await import(/* @vite-ignore */ join(cwd, 'rule.mjs'))) as { default: AnyRule };
  const entry = (annotations: string): string =>
    `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: rates, namespace: shop${annotations} }\nspec: { hosts: [rates.bank.example], ports: [{ number: 443, name: tls, protocol: TLS }] }\n`;
  const files = load([
    { file: 'a.yaml', text: entry('') },
    { file: 'b.yaml', text: entry(', annotations: { mesh.example/owner: payments }').replace('rates,', 'owned,') },
  ]);
  const { findings, crashed } = lint(files, new Mesh(files), { rules: [rule] });
  expect(crashed).toBe(false);
  expect(findings.map(({ location, message }) => `${location.file}: ${message}`)).toEqual([
    'a.yaml: ServiceEntry rates has no annotation mesh.example/owner, so nobody is asked when rates.bank.example changes',
  ]);
});

test('a guide that shows what does not work is found out', () => {
  const box = sandbox();
  expect(() => tryCommand('egress-lint --no-such-option k8s', '', box)).toThrow();
  expect(() => tryCommand('egress-lint k8s/', 'something else', box)).toThrow();
  expect(() => tryCommand('no-such-program', '', box)).toThrow();
  const manifest = { line: 1, language: 'yaml', skipped: false, text: sidecar('bad', 'rates.bank.example') };
  expect(() => tryYaml(manifest, undefined, box)).toThrow();
  tryYaml({ ...manifest, text: `# wrong: sidecar-host-format\n${manifest.text}` }, undefined, box);
  expect(() => tryYaml({ ...manifest, text: 'a: [' }, undefined, box)).toThrow();
  expect(() => tryYaml({ ...manifest, text: 'job:\n  script: [egress-lint --nonsense]\n' }, '.gitlab-ci.yml', box)).toThrow();
});
