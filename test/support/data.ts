import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Where data lies that tests read but the project does not hold: `EGRESS_LINT_DATA`, relative to the root, or `../shared`.
 * @returns undefined where it is absent: such tests are then skipped, with this as the reason
 */
export function outsideData(name: string): string | undefined {
  const directory = path.resolve(root, process.env['EGRESS_LINT_DATA'] ?? '../shared', name);
  return existsSync(directory) ? directory : undefined;
}
