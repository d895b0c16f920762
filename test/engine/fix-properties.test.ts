import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { isAlias, isMap, isScalar, isSeq, type Node, parseAllDocuments } from 'yaml';
import type { Finding, Fix } from '../../src/index.ts';
import { applyEdits, type TextEdit } from '../../src/text/edit.ts';
import { outsideData, root } from '../support/data.ts';
import { lintText } from '../support/lint-text.ts';

/** A scalar of a file: what it says and where, with the spans of all keys above it. */
interface Leaf {
  /** The path without the indexes of lists, for a list may lose an item. */
  readonly says: string;
  readonly spans: readonly (readonly [start: number, end: number])[];
}

/** Every scalar of a text; undefined where it is no valid YAML. */
function leavesOf(text: string): readonly Leaf[] | undefined {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return undefined;
  const found: Leaf[] = [];
  const spanOf = ({ range }: Node): Leaf['spans'] => (range ? [[range[0], range[1]]] : []);
  const visit = (node: unknown, at: string, spans: Leaf['spans']): void => {
    if (isMap(node)) {
      // A whole mapping may be taken away, or one that is empty filled.
      if (node.items.length === 0) found.push({ says: `${at}={}`, spans: [...spans, ...spanOf(node)] });
      for (const { key, value } of node.items) {
        const above = isScalar(key) ? [...spans, ...spanOf(key)] : spans;
        visit(value, `${at}.${isScalar(key) ? String(key.value) : '?'}`, above);
      }
    } else if (isSeq(node)) for (const item of node.items) visit(item, `${at}[]`, spans);
    else if (isScalar(node) || isAlias(node))
      found.push({ says: `${at}=${isScalar(node) ? JSON.stringify(node.value) : node.source}`, spans: [...spans, ...spanOf(node)] });
  };
  for (const [index, document] of documents.entries()) visit(document.contents, String(index), []);
  return found;
}

function touches({ spans }: Leaf, edits: readonly TextEdit[]): boolean {
  return edits.some(({ start, end }) => spans.some(([from, to]) => start <= to && from <= end));
}

/** Scalars that an edit does not touch, and that are gone all the same. */
function lost(before: readonly Leaf[], after: readonly Leaf[], edits: readonly TextEdit[]): readonly string[] {
  const left = new Map<string, number>();
  for (const { says } of after) left.set(says, (left.get(says) ?? 0) + 1);
  return before.flatMap((leaf) => {
    if (touches(leaf, edits)) return [];
    const count = left.get(leaf.says) ?? 0;
    left.set(leaf.says, count - 1);
    return count > 0 ? [] : [leaf.says];
  });
}

const identityOf = ({ rule, resource, path: field, message }: Finding): string => JSON.stringify([rule, resource?.kind, resource?.name, field, message]);
const subjectOf = ({ rule, resource }: Finding): string => `${rule} ${resource?.kind} ${resource?.name}`;

const directories = [path.join(root, 'test/rules'), ...['scenarios', 'cases'].flatMap((name) => outsideData(name) ?? [])];
const files = directories.flatMap((directory) =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' }).flatMap((file) => (file.endsWith('.yaml') ? [path.join(directory, file)] : [])),
);

/** Rules of which one is found once another's mistake is repaired: what is wrong there stood in the shade of the first. */
const FOLLOWS: Readonly<Record<string, readonly string[]>> = {
  // A Sidecar whose hosts are repaired can be seen to have a listener for a port that they lack: decision 0002.
  'sidecar-host-format': ['sidecar-listener-mismatch'],
  // A mode that a person chooses may be the wrong one for what is sent.
  'omitted-mode': ['tls-originated-twice', 'plaintext-to-tls-port'],
  // What stood in the wrong place, or under a wrong name, is missing in the right one.
  'unknown-field': ['missing-field', 'plaintext-to-tls-port'],
  // A proxy that is declared TCP needs addresses as well.
  'proxy-declared-http': ['port-captures-all-hosts'],
  // Whoever verifies the server again needs a CA.
  'skipped-verification': ['incomplete-credential'],
  // A route that leads somewhere again can be seen to lead plain HTTP to a TLS port.
  'unregistered-port': ['plaintext-to-tls-port', 'port-level-settings-unmatched'],
};

describe('each fix that is offered, on every fixture, scenario and case, applied alone', () => {
  const offers = files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const findings = lintText(text);
    return findings.flatMap((finding) =>
      finding.fixes.map((fix): readonly [string, string, readonly Finding[], Finding, Fix] => [
        `${path.relative(root, file)}: ${finding.rule}: ${fix.title}`,
        text,
        findings,
        finding,
        fix,
      ]),
    );
  });

  test('there are many, of both sorts', () => {
    for (const isSafe of [true, false]) expect(offers.filter(([, , , , { safe }]) => safe === isSafe).length).toBeGreaterThan(15);
  });

  test.each(offers)('%s', (_, text, before, finding, { edits }) => {
    const fixed = applyEdits(text, edits).text;
    const leaves = leavesOf(text);
    const after = leavesOf(fixed);
    // The text still parses, if it did, and says the same elsewhere.
    if (leaves) expect(after && lost(leaves, after, edits)).toEqual([]);
    const left = lintText(fixed);
    expect(left.map(identityOf)).not.toContain(identityOf(finding));
    const known = new Set(before.map(subjectOf));
    const isNew = (each: Finding): boolean => each.severity !== 'info' && !known.has(subjectOf(each)) && !(FOLLOWS[finding.rule] ?? []).includes(each.rule);
    expect(left.filter(isNew).map(subjectOf)).toEqual([]);
  });
});
