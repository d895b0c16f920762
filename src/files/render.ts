import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, relative, resolve } from 'node:path';
import { posix } from './paths.ts';

/** What a renderer made of a directory; `base` is what origins in it are relative to. Or why it made nothing. */
export type Rendered = { readonly text: string; readonly tool: string; readonly base: string } | { readonly problem: string };

type Ran = { readonly text: string } | { readonly isMissing: true } | { readonly problem: string };

/** So long a directory may take, with what kustomize fetches for it. */
const TIMEOUT = 120_000;

/**
 * Runs kustomize, or the one in kubectl, on a directory with a kustomization: through one of our own, for that makes it say where objects come from. Nothing is
 * written below the directory.
 */
export function kustomize(directory: string): Rendered {
  const base = posix(realpathSync(mkdtempSync(resolve(tmpdir(), 'egress-lint-'))));
  try {
    writeFileSync(`${base}/kustomization.yaml`, `resources:\n  - ${JSON.stringify(posix(relative(base, directory)))}\nbuildMetadata: [originAnnotations]\n`);
    for (const [command, verb] of [
      ['kustomize', 'build'],
      ['kubectl', 'kustomize'],
    ] as const) {
      const ran = run(command, [verb, base], directory);
      if ('isMissing' in ran) continue;
      return 'text' in ran ? { text: ran.text, tool: `${command} ${verb}`, base } : { problem: `${command} ${verb} ${ran.problem}` };
    }
    return { problem: '--render needs kustomize or kubectl for a kustomization, and neither is on PATH' };
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

/** Runs `helm template` on a chart, with its own values. */
export function helmTemplate(directory: string, namespace: string | undefined): Rendered {
  const ran = run('helm', ['template', basename(directory), '.', ...(namespace === undefined ? [] : ['--namespace', namespace])], directory);
  if ('isMissing' in ran) return { problem: '--render needs helm for a chart, and it is not on PATH' };
  return 'text' in ran ? { text: ran.text, tool: 'helm template', base: posix(resolve(directory, '..')) } : { problem: `helm template ${ran.problem}` };
}

function run(command: string, args: readonly string[], cwd: string): Ran {
  const { status, signal, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 28, timeout: TIMEOUT });
  if (error && (error as NodeJS.ErrnoException).code === 'ENOENT') return { isMissing: true };
  if (status === 0 && !error) return { text: stdout };
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT') return { problem: `took more than ${TIMEOUT / 1000} seconds` };
  const reason = stderr
    .trim()
    .split('\n')
    .slice(-3)
    .join(' ')
    .replace(/^Error: /, '');
  return { problem: `failed: ${reason || error?.message || (signal ? `it was ended by ${signal}` : `status ${status}`)}` };
}
