import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { outsideData, root } from './support/data.ts';
import { asOneFile, HARMLESS, objectsOf, type Texts } from './support/harmless-changes.ts';
import { lintTree } from './support/lint-text.ts';

/** Configuration of which nothing is said: the good fixtures of all rules, the repaired examples, and what lies outside of the project. */
const bases = [
  ...textsBelow(`${root}/test/rules`, /\/good[^/]*$/),
  ...directories(`${root}/examples`).map((name) => [name, joined(textsBelow(`${root}/examples/${name}/repaired`, /./))] as const),
  ...textsBelow(outsideData('cases'), /\/fixed\.yaml$/),
  ...textsBelow(outsideData('corpora/istio-docs'), /./),
].flatMap(([name, text]) => {
  const objects = objectsOf(text);
  // What is silent for its comments, or not plain YAML, is no base.
  return objects && objects.length > 0 && reported(asOneFile(objects)).length === 0 ? [{ name, objects }] : [];
});

test('there are bases to change', () => expect(bases.length).toBeGreaterThan(100));

/** Each change is made to one base of so many; all changes to all of them take half a minute. */
const ONE_OF = 8;

describe('working configuration stays silent', () => {
  test.each(Object.entries(HARMLESS).map(([name, change], turn) => ({ name, change, turn })))('$name', ({ change, turn }) => {
    const random = randomFrom(7);
    const some = bases.filter((_, index) => index % ONE_OF === turn % ONE_OF);
    const loud = some.flatMap(({ name, objects }) => reported(change(structuredClone(objects), random)).map((each) => `${name}: ${each}`));
    expect(loud).toEqual([]);
  });
});

function reported(texts: Texts): readonly string[] {
  const { findings, crashed } = lintTree(texts);
  const loud = findings.filter(({ severity }) => severity !== 'info');
  return [...(crashed ? ['a rule crashed'] : []), ...loud.map(({ severity, rule, message }) => `${severity} ${rule} ${message}`)];
}

function textsBelow(directory: string | undefined, wanted: RegExp): readonly (readonly [name: string, text: string])[] {
  if (directory === undefined) return [];
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((file) => path.join(directory, file))
    .filter((file) => /\.ya?ml$/.test(file) && wanted.test(file))
    .sort()
    .map((file) => [path.relative(root, file), readFileSync(file, 'utf8')] as const);
}

function directories(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}

function joined(texts: readonly (readonly [name: string, text: string])[]): string {
  return texts.map(([, text]) => text).join('\n---\n');
}

/** Mulberry32: the same seed, the same changes. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
