import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BAD, directory, egressLint, GOOD, OTHER, sidecar } from './support.ts';

/** The names of the files that a run would read. */
function listed(args: readonly string[], cwd: string): readonly string[] {
  return egressLint(['--list-files', ...args], { cwd })
    .out.split('\n')
    .slice(0, -1);
}

describe('a directory', () => {
  test('gives the YAML and JSON files in it, sorted, without what .gitignore files and node_modules hold', () => {
    const cwd = directory({
      '.git/config.yaml': '',
      '.gitignore': 'build/\n*.generated.yaml\n!keep.generated.yaml\n',
      'k8s/b.yml': GOOD,
      'k8s/a.yaml': GOOD,
      'k8s/c.json': '{}',
      'k8s/notes.md': '',
      'k8s/x.generated.yaml': BAD,
      'k8s/keep.generated.yaml': GOOD,
      'k8s/build/x.yaml': BAD,
      'k8s/team/.gitignore': '/secret.yaml\n',
      'k8s/team/secret.yaml': BAD,
      'k8s/team/deep/secret.yaml': GOOD,
      'node_modules/p/x.yaml': BAD,
    });
    const expected = ['k8s/a.yaml', 'k8s/b.yml', 'k8s/c.json', 'k8s/keep.generated.yaml', 'k8s/team/deep/secret.yaml'];
    expect(listed([], cwd)).toEqual(expected);
    expect(listed(['k8s'], cwd)).toEqual(expected);
    expect(listed(['.'], join(cwd, 'k8s'))).toEqual(expected);
  });

  test('and a file that are named are read even if ignored', () => {
    const cwd = directory({ '.git/HEAD': '', '.gitignore': 'build/\n*.txt\n', 'build/a.yaml': GOOD, 'b.txt': BAD });
    expect(listed(['build', 'b.txt'], cwd)).toEqual(['b.txt', 'build/a.yaml']);
    expect(egressLint(['b.txt'], { cwd }).status).toBe(1);
  });

  test('JSON that is no Kubernetes object is not looked at', () => {
    const cwd = directory({ 'a.yaml': GOOD, 'package.json': '{"kind": "Sidecar"', 'data.json': Buffer.from([0xff, 0x00]) });
    expect(egressLint(['--fail-on', 'info'], { cwd })).toMatchObject({ status: 0, out: 'ok: no findings in 1 resource of 1 file\n' });
  });

  test('symbolic links in it are not followed, and a loop of them ends nothing', () => {
    const outside = directory({ 'x.yaml': BAD });
    const cwd = directory({ 'a/a.yaml': GOOD });
    symlinkSync('..', join(cwd, 'a/up'));
    symlinkSync('self', join(cwd, 'a/self'));
    symlinkSync(outside, join(cwd, 'outside'));
    expect(listed([], cwd)).toEqual(['a/a.yaml']);
    expect(egressLint(['a/self'], { cwd })).toMatchObject({ status: 2, err: "error: cannot read 'a/self': its symbolic links lead in a circle\n" });
  });

  test('of symbolic links only is nothing to check, which is said', () => {
    const outside = directory({ 'x.yaml': BAD });
    const cwd = directory();
    symlinkSync(join(outside, 'x.yaml'), join(cwd, 'x.yaml'));
    expect(egressLint([], { cwd }).err).toContain('symbolic links are not followed (1 passed by)');
    expect(egressLint(['x.yaml'], { cwd }).status).toBe(1);
  });
});

describe('names', () => {
  const cwd = directory({ '.git/HEAD': '', 'k8s/a.yaml': BAD, 'k8s/team/b.yaml': GOOD });

  test('are relative to the repository, wherever the run starts', () => {
    for (const [from, path] of [
      ['.', 'k8s/a.yaml'],
      ['k8s', 'a.yaml'],
      ['k8s/team', '../a.yaml'],
      ['k8s', join(cwd, 'k8s/a.yaml')],
    ] as const) {
      expect(egressLint([path, '--format', 'concise'], { cwd: join(cwd, from) }).out).toMatch(/^k8s\/a\.yaml:7:11: /);
    }
  });

  test('are relative to --root if that is given', () => {
    expect(listed(['--root', 'k8s', '.'], cwd)).toEqual(['a.yaml', 'team/b.yaml']);
    expect(listed(['--root', 'k8s/team', 'k8s/a.yaml'], cwd)).toEqual(['../a.yaml']);
  });

  test('of one file named in several ways is one', () => {
    symlinkSync('a.yaml', join(cwd, 'k8s/link.yaml'));
    expect(listed(['k8s', './k8s/a.yaml', 'k8s/../k8s/a.yaml', 'k8s/link.yaml', 'k8s/*.yaml'], cwd)).toEqual(['k8s/a.yaml', 'k8s/team/b.yaml']);
  });
});

describe('a pattern', () => {
  const cwd = directory({ 'a.yaml': GOOD, 'k8s/b.yaml': BAD, 'k8s/deep/c.yaml': GOOD, 'k8s/[d].yaml': GOOD, 'node_modules/e.yaml': BAD, 'k8s/f.txt': OTHER });

  test('gives the files that match it', () => {
    expect(listed(['k8s/*.yaml'], cwd)).toEqual(['k8s/[d].yaml', 'k8s/b.yaml']);
    expect(listed(['**/*.yaml'], cwd)).toEqual(['a.yaml', 'k8s/[d].yaml', 'k8s/b.yaml', 'k8s/deep/c.yaml']);
    expect(listed(['k8s/**/{b,c}.yaml'], cwd)).toEqual(['k8s/b.yaml', 'k8s/deep/c.yaml']);
  });

  test('that is the name of a file is that file', () => {
    expect(listed(['k8s/[d].yaml'], cwd)).toEqual(['k8s/[d].yaml']);
  });
});

describe('standard input', () => {
  const cwd = directory({ '.git/HEAD': '', 'k8s/a.yaml': GOOD, 'k8s/b.yaml': GOOD });

  test('is stdin.yaml', () => {
    expect(egressLint(['-', '--format', 'concise'], { cwd, input: BAD })).toMatchObject({ status: 1, out: expect.stringMatching(/^stdin\.yaml:7:11: error/) });
  });

  test('stands in for the file that it is the new text of', () => {
    const { status, out } = egressLint(['a.yaml', '.', '-', '--stdin-filename', 'a.yaml', '--format', 'json'], { cwd: join(cwd, 'k8s'), input: BAD });
    expect(status).toBe(1);
    const report = JSON.parse(out) as { summary: { files: number }; findings: { location: { file: string } }[] };
    expect(report.summary.files).toBe(2);
    expect(report.findings.map((finding) => finding.location.file)).toEqual(['k8s/a.yaml']);
  });

  test('may have the name of a file that is not there yet', () => {
    expect(listed(['k8s/new.yaml', '-', '--stdin-filename', 'k8s/new.yaml'], cwd)).toEqual(['k8s/new.yaml']);
  });

  test('that is empty is a file without documents', () => {
    expect(egressLint(['-'], { cwd, input: '' })).toMatchObject({ status: 0, out: 'nothing to check: no Istio resource was found in 1 file\n' });
  });
});

test('the order of arguments changes nothing', () => {
  const cwd = directory({ 'b.yaml': BAD, 'a/c.yaml': sidecar('third', 'x.example'), 'a/a.yaml': sidecar('other', 'y.example'), 'z.yaml': GOOD });
  mkdirSync(join(cwd, 'empty'));
  const orders = [
    ['a', 'b.yaml', 'z.yaml'],
    ['z.yaml', 'b.yaml', 'a'],
    ['b.yaml', 'a/c.yaml', 'z.yaml', 'a/a.yaml'],
    ['a', 'z.yaml', 'a', './b.yaml', 'b.yaml'],
  ];
  for (const format of ['pretty', 'concise', 'json', 'sarif']) {
    const reports = orders.map((paths) => egressLint([...paths, '--format', format], { cwd }).out);
    expect(reports[0]?.match(/has no namespace part/g)).toHaveLength(3);
    expect(new Set(reports).size).toBe(1);
  }
});
