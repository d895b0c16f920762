import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BAD, directory, egressLint, GOOD } from './support.ts';

const ENTRY =
  '# who may call the bank\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: bank, namespace: shop }\nspec:\n  hosts: [bank.example]\n  export_to: ["."] # ours only\n  http:\n    - route:\n        - destination: { host: bank.example }\n';

describe('--fix', () => {
  test('writes safe fixes, and reports what is left', () => {
    const cwd = directory({ 'a.yaml': ENTRY, 'b.yaml': BAD, 'c.yaml': GOOD });
    const { status, out, err } = egressLint(['--fix', '--format', 'concise', '.'], { cwd });
    expect({ status, err }).toEqual({ status: 1, err: 'applied 1 fix in 1 file\n' });
    expect(out).toMatch(/^b\.yaml:7:11: error\[sidecar-host-format\]/);
    expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toBe(ENTRY.replace('export_to', 'exportTo'));
    expect(readFileSync(join(cwd, 'b.yaml'), 'utf8')).toBe(BAD);
  });

  test('takes a path behind it for a path', () => {
    const cwd = directory({ 'a.yaml': ENTRY });
    expect(egressLint(['--fix', 'a.yaml'], { cwd }).status).toBe(0);
    expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toContain('exportTo');
  });

  test('keeps UTF-16 and its byte order mark', () => {
    const cwd = directory({ 'a.yaml': Buffer.from(`\ufeff${ENTRY}`, 'utf16le') });
    expect(egressLint(['--fix', 'a.yaml'], { cwd }).status).toBe(0);
    expect(readFileSync(join(cwd, 'a.yaml')).toString('utf16le')).toBe(`\ufeff${ENTRY.replace('export_to', 'exportTo')}`);
  });

  test('refuses standard input, and levels that it does not have', () => {
    const cwd = directory();
    expect(egressLint(['--fix', '-'], { cwd, input: ENTRY })).toMatchObject({ status: 2, err: expect.stringContaining('it is standard input; write --diff') });
    expect(egressLint(['--fix=some', '-'], { cwd, input: ENTRY })).toMatchObject({
      status: 2,
      err: expect.stringContaining('--fix=some: there is no such level'),
    });
  });
});

describe('--diff', () => {
  test('prints a patch, writes nothing, and fails where there is something to fix', () => {
    const cwd = directory({ 'a.yaml': ENTRY });
    const { status, out, err } = egressLint(['--diff'], { cwd });
    expect({ status, err }).toEqual({ status: 1, err: '1 fix would change 1 file; nothing was written\n' });
    expect(out).toContain('--- a/a.yaml\n+++ b/a.yaml\n');
    expect(out).toContain('-  export_to: ["."] # ours only\n+  exportTo: ["."] # ours only\n');
    expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toBe(ENTRY);
    expect(egressLint(['--diff'], { cwd: directory({ 'a.yaml': GOOD }) })).toEqual({ status: 0, out: '', err: 'nothing to fix\n' });
  });
});
