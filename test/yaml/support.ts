import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isAlias, isMap, isSeq, type Node, type Pair } from 'yaml';
import { readYaml, type YamlContents, type YamlDocument } from '../../src/yaml/read-yaml.ts';
import { isMerge, keyText, scalarValue, type Tree } from '../../src/yaml/tree.ts';
import { outsideData, root } from '../support/data.ts';

/** A file of YAML that somebody wrote. */
export interface Written {
  readonly name: string;
  readonly text: string;
}

/** Texts with every construct that an edit or a position may meet. */
export const CONSTRUCTS: readonly Written[] = readFileSync(path.join(root, 'test/yaml/constructs.txt'), 'utf8')
  .split(/^=+ (.*)\n/m)
  .slice(1)
  .flatMap((part, index, parts) => (index % 2 === 0 ? [{ name: part, text: parts[index + 1] ?? '' }] : []))
  .flatMap(({ name, text }) => [
    { name, text },
    { name: `${name}, CRLF`, text: text.replaceAll('\n', '\r\n') },
    { name: `${name}, no final newline`, text: text.replace(/\n$/, '') },
    { name: `${name}, byte order mark`, text: `\uFEFF${text}` },
  ]);

/** Our own fixtures and examples, and what lies outside of the project, where it is there. */
export function writtenFiles(): readonly Written[] {
  const outside = ['scenarios', 'cases', 'corpora'].flatMap((name) => outsideData(name) ?? []);
  return [path.join(root, 'test/rules'), path.join(root, 'examples'), ...outside].flatMap((directory) =>
    readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.ya?ml$/.test(file))
      .sort()
      .map((file) => ({ name: path.join(path.basename(directory), file), text: readFileSync(path.join(directory, file), 'utf8') })),
  );
}

export function readAll(text: string): YamlContents {
  return readYaml(text, { wants: () => true, strict: true });
}

/** The only document of a text. */
export function onlyDocument(text: string): YamlDocument {
  const [document, ...others] = readAll(text).documents;
  if (!document || others.length > 0) throw new Error('not one document');
  return document;
}

/** Plain values from the parser of positions, built by the rules of the parser of values. */
export function plainValue(tree: Tree, node: unknown): unknown {
  const inner = isAlias(node) ? node.resolve(tree) : (node as Node | null | undefined);
  if (isSeq(inner)) return inner.items.map((item) => plainValue(tree, item));
  if (!isMap(inner)) return inner === null || inner === undefined ? null : scalarValue(inner);
  const result: Record<string, unknown> = {};
  const pairs = inner.items as Pair[];
  // What merge keys bring in gives way to earlier ones and to the mapping's own.
  for (const pair of pairs.filter(isMerge)) {
    const merged = plainValue(tree, pair.value);
    for (const source of Array.isArray(merged) ? merged : [merged]) {
      for (const [key, value] of Object.entries(source as object)) if (!Object.hasOwn(result, key)) define(result, key, value);
    }
  }
  for (const pair of pairs.filter((each) => !isMerge(each))) define(result, keyText(tree, pair) ?? '', plainValue(tree, pair.value));
  return result;
}

function define(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Every path into a value, the collections' own included. */
export function pathsInto(value: unknown, at: readonly (string | number)[] = []): (string | number)[][] {
  const steps = Array.isArray(value) ? [...value.keys()] : typeof value === 'object' && value !== null ? Object.keys(value) : [];
  return [[...at], ...steps.flatMap((step) => pathsInto((value as Record<string | number, unknown>)[step], [...at, step]))];
}

export function at(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce((inner, step) => (inner as Record<string | number, unknown>)[step], value);
}

/** Whether a value holds itself somewhere, or is too large to be copied. */
export function copyOf(value: unknown): unknown {
  return structuredClone(JSON.parse(JSON.stringify(value)));
}

/** Mappings with their keys in order: an edit may move an entry within its mapping. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
