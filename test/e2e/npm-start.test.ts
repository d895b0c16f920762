import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BAD, directory, GOOD, root, runNode } from './support.ts';

const start = join(root, 'src/scripts/start.mjs');

/** As `npm start -- PATH...` does it: in the package's directory, with the person's in INIT_CWD. */
function npmStart(args: readonly string[], from: string): ReturnType<typeof runNode> {
  return runNode([start, ...args], { cwd: root, env: { INIT_CWD: from } });
}

test('paths are meant from where the person stands', () => {
  const cwd = directory({ 'k8s/a.yaml': BAD, 'k8s/b.yaml': GOOD });
  expect(npmStart(['k8s/a.yaml', '--format', 'concise'], cwd).out).toMatch(/^k8s\/a\.yaml:7:11: error/);
  expect(npmStart(['a.yaml', '--format', 'concise'], join(cwd, 'k8s')).out).toMatch(/^a\.yaml:7:11: error/);
});

test("the exit status is the program's", () => {
  const cwd = directory({ 'bad.yaml': BAD, 'good.yaml': GOOD });
  expect(npmStart(['good.yaml'], cwd).status).toBe(0);
  expect(npmStart(['bad.yaml'], cwd).status).toBe(1);
  expect(npmStart(['nothing.yaml'], cwd).status).toBe(2);
});

test('without INIT_CWD they are meant from the current directory', () => {
  const cwd = directory({ 'bad.yaml': BAD });
  expect(runNode([start, '--list-files', 'bad.yaml'], { cwd }).out).toBe('bad.yaml\n');
});

test("standard input and standard output are the program's own", () => {
  const { out, err } = runNode([start, '-', '--format', 'json'], { cwd: root, env: { INIT_CWD: directory() }, input: BAD });
  expect(JSON.parse(out)).toMatchObject({ summary: { errors: 1 } });
  expect(err).toBe('');
  expect(existsSync(join(root, 'dist/egress-lint.cjs'))).toBe(true);
});
