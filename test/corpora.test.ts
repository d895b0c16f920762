import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { outsideData } from './support/data.ts';
import { lintFiles, lintTree } from './support/lint-text.ts';

interface Labels {
  readonly intended: readonly { readonly file: string }[];
  readonly docSlips: readonly { readonly file: string }[];
}

/** What all rules report at warning or above for some files in one run, as lines of text. */
function reported(root: string, files: readonly string[]): readonly string[] {
  const { findings, crashed } = lintFiles(files.map((file) => ({ file, text: readFileSync(path.join(root, file), 'utf8') })));
  const loud = findings.filter((finding) => finding.severity !== 'info');
  return [
    ...(crashed ? ['a rule crashed'] : []),
    ...loud.map(({ location, severity, rule, message }) => `${location.file}:${location.startLine}:${location.startColumn} ${severity}[${rule}] ${message}`),
  ];
}

function yamlFilesIn(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => /\.ya?ml$/.test(file))
    .sort();
}

function byDirectory(files: readonly string[]): readonly (readonly [directory: string, files: readonly string[]])[] {
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const directory = path.posix.dirname(file);
    groups.set(directory, [...(groups.get(directory) ?? []), file]);
  }
  return [...groups];
}

const docs = outsideData('corpora/istio-docs');

/** Published configuration works. Whatever a rule says of it is a false alarm, but for the files that the labels name. */
describe.skipIf(docs === undefined)("the documentation's own configurations (skipped without EGRESS_LINT_DATA)", () => {
  const root = docs ?? '';
  const files = docs === undefined ? [] : workingFiles(root);

  test('there are some', () => expect(files.length).toBeGreaterThan(50));
  test.each(files)('%s', (file) => expect(reported(root, [file])).toEqual([]));
  test.each(byDirectory(files))('%s as one run', (_, together) => expect(reported(root, together)).toEqual([]));
  test('the whole tree, whose pages are alternatives of each other', () => {
    const { findings, crashed } = lintTree(Object.fromEntries(files.map((file) => [file, readFileSync(path.join(root, file), 'utf8')])));
    const loud = findings.filter(({ severity }) => severity !== 'info');
    expect([crashed, loud.map(({ location, rule }) => `${location.file}:${location.startLine} ${rule}`)]).toEqual([false, []]);
  });
});

function workingFiles(root: string): readonly string[] {
  // The labels' shape is that of the data set, which the count of files below would give away if it changed.
  const labels = JSON.parse(readFileSync(path.join(root, 'labels.json'), 'utf8')) as Labels;
  const wrong = new Set([...labels.intended, ...labels.docSlips].map((label) => label.file));
  return yamlFilesIn(root).filter((file) => !wrong.has(file));
}

const cases = outsideData('cases');

describe.skipIf(cases === undefined)('repaired configurations (skipped without EGRESS_LINT_DATA)', () => {
  const root = cases ?? '';
  const files = cases === undefined ? [] : yamlFilesIn(root).filter((file) => file.endsWith('/fixed.yaml'));

  test('there are some', () => expect(files.length).toBeGreaterThan(30));
  test.each(files)('%s', (file) => expect(reported(root, [file])).toEqual([]));
});
