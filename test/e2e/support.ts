import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const program = join(root, 'dist/egress-lint.cjs');

/** A Sidecar that is right. */
export const GOOD = sidecar('good', '"*/*"');
/** A Sidecar in which one rule, sidecar-host-format, finds one error. */
export const BAD = sidecar('bad', 'rates.bank.example');
/** YAML that has nothing to do with Istio. */
export const OTHER = 'title: shopping list\nitems:\n  - milk\n';

export function sidecar(name: string, host: string): string {
  return `apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: { name: ${name}, namespace: shop-${name} }\nspec:\n  egress:\n    - hosts:\n        - ${host}\n`;
}

// The program is built from these sources if it is older than they are, as `npm start` does it.
beforeAll(() => {
  const { status, err } = runNode([join(root, 'src/scripts/start.mjs'), '--version'], { cwd: root });
  if (status !== 0) throw new Error(err);
});

const made: string[] = [];
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
});

/** Makes a directory with these files in it, which goes when the tests of the file are over. */
export function directory(files: Readonly<Record<string, string | Buffer>> = {}): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'egress-lint-')));
  made.push(path);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return path;
}

export interface Outcome {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** An environment in which nothing asks for color, whatever the tests are run in. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const { NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, INIT_CWD, CI, GITHUB_ACTIONS, ...rest } = process.env;
  return rest;
}

/** Runs the built program. */
export function egressLint(args: readonly string[], options: { cwd: string; input?: string | Buffer; env?: NodeJS.ProcessEnv }): Outcome {
  return runNode([program, ...args], options);
}

/** Runs Node.js. */
export function runNode(args: readonly string[], { cwd, input, env }: { cwd: string; input?: string | Buffer; env?: NodeJS.ProcessEnv }): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    input: input ?? '',
    env: { ...plainEnvironment(), ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { status, out: stdout, err: stderr };
}
