import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from './support/data.ts';
import { lintFiles } from './support/lint-text.ts';

/** What each broken example is there to show: `file:line severity rule`. */
const BROKEN: Readonly<Record<string, readonly string[]>> = {
  'ssl-error-from-a-sidecar': ['egress.yaml:18 error unknown-field'],
  'http-through-egress-gateway': ['weather.yaml:32 warning missing-client-mtls'],
  'https-through-egress-gateway': ['ledger.yaml:44 error unknown-gateway', 'ledger.yaml:50 error snake-case-field', 'ledger.yaml:61 error snake-case-field'],
};

describe.each(readdirSync(`${root}/examples`, { withFileTypes: true }).filter((entry) => entry.isDirectory()))('examples/$name', ({ name }) => {
  test('the broken files show the fault', () => {
    expect(reported(`${root}/examples/${name}/broken`)).toEqual(BROKEN[name]);
  });

  test('the repaired files are silent', () => {
    expect(reported(`${root}/examples/${name}/repaired`)).toEqual([]);
  });

  test('the README names the command', () => {
    expect(readFileSync(`${root}/examples/${name}/README.md`, 'utf8')).toContain(`npm start -- examples/${name}/broken`);
  });
});

function reported(directory: string): readonly string[] {
  const files = readdirSync(directory).map((file) => ({ file, text: readFileSync(path.join(directory, file), 'utf8') }));
  const { findings } = lintFiles(files);
  return findings
    .filter((finding) => finding.severity !== 'info')
    .map(({ location, severity, rule }) => `${location.file}:${location.startLine} ${severity} ${rule}`);
}
