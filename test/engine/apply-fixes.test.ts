import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { applyFixes } from '../../src/engine/apply-fixes.ts';
import type { Finding, InputFile } from '../../src/index.ts';
import { load } from '../../src/index.ts';
import { outsideData, root } from '../support/data.ts';
import { lintFiles } from '../support/lint-text.ts';

const lint = (files: readonly InputFile[]): readonly Finding[] => lintFiles(files).findings;
const loud = (findings: readonly Finding[]): readonly Finding[] => findings.filter((finding) => finding.severity !== 'info');

const fixtures = yamlIn(path.join(root, 'test/rules'));
const outside = ['scenarios', 'cases'].flatMap((name) => {
  const directory = outsideData(name);
  return directory === undefined ? [] : yamlIn(directory);
});

describe('safe fixes, on every fixture, scenario and case', () => {
  test.each([...fixtures, ...outside].map((file) => [path.relative(root, file), file] as const))('%s', (_, file) => {
    const before: InputFile = { file: 'test.yaml', text: readFileSync(file, 'utf8'), named: true };
    const found = loud(lint([before]));
    const { files, applied } = applyFixes([before], 'safe', (texts) => loud(lint(texts)));
    const left = loud(lint(files));
    const offered = found.filter((finding) => finding.fixes.some((fix) => fix.safe));

    expect(applied > 0).toBe(offered.length > 0);
    // What was fixed is gone; what is left was there before.
    expect(left.filter((finding) => finding.fixes.some((fix) => fix.safe))).toEqual([]);
    const known = new Set(found.map(({ rule, resource }) => `${rule} ${resource?.kind} ${resource?.name}`));
    const follows = left.filter(({ rule, resource }) => !known.has(`${rule} ${resource?.kind} ${resource?.name}`)).map(({ rule }) => rule);
    // A Sidecar whose hosts are repaired can be seen to have a listener for a port that they lack: decision 0002.
    expect(follows.filter((rule) => rule !== 'sidecar-listener-mismatch')).toEqual([]);
    // The same objects are there afterwards.
    expect(identities(files)).toEqual(identities([before]));
    // Comments stay, but for those inside of what is removed.
    if (applied > 0) expect(files[0]?.text.length).toBeGreaterThan(before.text.length / 2);
  });
});

test('fixes that touch each other go in one after the other', () => {
  const text =
    'apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: { name: a, namespace: shop }\nspec:\n  egress:\n    - hosts: [a.example, b.example] # two\n';
  const edit = (from: string, to: string) => ({ file: 'test.yaml', start: text.indexOf(from), end: text.indexOf(from) + from.length, text: to });
  const fix = (from: string, to: string) => ({ fixes: [{ title: to, safe: true, edits: [edit(from, to)] }] }) as unknown as Finding;
  let round = 0;
  const { files, applied } = applyFixes([{ file: 'test.yaml', text }], 'safe', () =>
    round++ === 0 ? [fix('a.example', './a.example'), fix('a.example, b', 'never')] : [],
  );
  expect(applied).toBe(1);
  expect(files[0]?.text).toBe(text.replace('a.example', './a.example'));
});

test('a fix that changes what is allowed waits for `all`', () => {
  const finding = { fixes: [{ title: 'x', safe: false, edits: [{ file: 'a.yaml', start: 0, end: 1, text: 'b' }] }] } as unknown as Finding;
  const file = { file: 'a.yaml', text: 'a' };
  expect(applyFixes([file], 'safe', () => [finding]).applied).toBe(0);
  expect(applyFixes([file], 'all', (files) => (files[0]?.text === 'a' ? [finding] : [])).files[0]?.text).toBe('b');
});

test('fixes that never end are stopped', () => {
  const grow = { fixes: [{ title: 'x', safe: true, edits: [{ file: 'a.yaml', start: 0, end: 0, text: '#' }] }] } as unknown as Finding;
  expect(applyFixes([{ file: 'a.yaml', text: '' }], 'safe', () => [grow]).applied).toBe(10);
});

function identities(files: readonly InputFile[]): readonly string[] {
  return load(files).flatMap(({ resources }) => resources.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`));
}

function yamlIn(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => path.join(directory, file));
}
