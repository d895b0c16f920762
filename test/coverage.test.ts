import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { RULES } from '../rules/index.ts';
import { root } from './support/data.ts';

/** S01 and so on, with gaps: what Istio accepts though it never works (rules/not-covered.md says what the ids stand for). */
const ACCEPTED = [...range(1, 24), ...range(30, 47), ...range(50, 69), ...range(70, 86), ...range(90, 99)].map(
  (number) => `S${String(number).padStart(2, '0')}`,
);

/** The checks that follow from the traffic model: how many each section has, and those that were put in between. */
const SECTIONS = [8, 7, 10, 10, 13, 17, 5, 18, 12, 7, 13, 15];
const FOLLOWING = [...SECTIONS.flatMap((count, index) => range(1, count).map((number) => `C${index + 1}.${number}`)), 'C2.2b', 'C4.9b', 'C5.12b', 'C5.12c'];

const KNOWN = new Set([...ACCEPTED, ...FOLLOWING]);

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

const pages = readdirSync(path.join(root, 'docs/rules')).map((file) => ({
  name: file.replace('.md', ''),
  text: readFileSync(path.join(root, 'docs/rules', file), 'utf8'),
}));
const notCovered = readFileSync(path.join(root, 'rules/not-covered.md'), 'utf8');

/** The ids of the sentence "Covers …." of a page. */
function coveredBy(page: string): readonly string[] {
  const sentence = /\bCovers ((?:[SC][\d.a-c]+(?:, )?)+)\.(?:\s|$)/.exec(page)?.[1] ?? '';
  return sentence === '' ? [] : sentence.split(', ');
}

/** Kiali's codes that concern outbound traffic. */
const KIALI = [
  ...[2, 3, 4, 5, 101, 102, 104, 105, 109, 110, 201, 202, 203, 204, 207, 208, 209, 210, 211, 212, 301, 302],
  ...[1004, 1006, 1007, 1101, 1102, 1106, 1107, 1108, 1109, 1113, 1114, 1211, 1212, ...range(1311, 1317), 1401, 1402, ...range(1501, 1504), 1601, 1701, 1702],
].map((number) => `KIA${String(number).padStart(4, '0')}`);

/** The rows of a table whose first cell is an id: the id and the reason. */
const reasons = new Map([...notCovered.matchAll(/^\| ([SC][\d.]+[a-c]?) \| [^|]+ \| ([^|]+) \|$/gm)].map(([, id = '', reason = '']) => [id, reason.trim()]));

describe('known mistakes', () => {
  const named = new Map(pages.flatMap(({ name, text }) => coveredBy(text).map((id) => [id, name] as const)));

  test('the pages name most of them', () => expect(named.size).toBeGreaterThan(100));

  test('each is named on a page, or listed with the reason why there is no rule', () => {
    expect([...KNOWN].filter((id) => !named.has(id) && !reasons.get(id))).toEqual([]);
  });

  test('none is both, and none is unknown', () => {
    expect([...reasons.keys()].filter((id) => named.has(id))).toEqual([]);
    expect([...named, ...reasons].filter(([id]) => !KNOWN.has(id))).toEqual([]);
  });

  test('a page that says "Covers" says it in the form that is read', () => {
    expect(pages.filter(({ text }) => /\bCovers [SC]\d/.test(text) && coveredBy(text).length === 0).map(({ name }) => name)).toEqual([]);
    expect(coveredBy('Covers S01, C4.10, C2.2b. Source: docs')).toEqual(['S01', 'C4.10', 'C2.2b']);
  });
});

describe("other tools' codes", () => {
  /** The codes of the sentence "Also known as: …." of a page. */
  const codesOn = (page: string): readonly string[] => {
    const sentence = /Also known as:([^\n]*(?:\n[^\n]+)*)/.exec(page)?.[1] ?? '';
    return [...sentence.matchAll(/\b(?:IST|KIA)\d{4}\b/g)].map(([code]) => code).sort();
  };

  test("each of Kiali's is that of a rule, or listed with the reason why there is none", () => {
    const ours = new Set(RULES.flatMap(({ meta }) => meta.peers ?? []));
    const listed = [...notCovered.matchAll(/^\| (KIA\d{4}) \| [^|]+ \| [^|]+ \|$/gm)].map(([, code = '']) => code);
    expect(KIALI.filter((code) => !ours.has(code) && !listed.includes(code))).toEqual([]);
    expect(listed.filter((code) => ours.has(code) || !KIALI.includes(code))).toEqual([]);
  });

  test.each(RULES.map(({ meta }) => [meta.name, meta.peers ?? []] as const))('%s has those that its page names', (name, peers) => {
    expect([...peers].sort()).toEqual(codesOn(pages.find((page) => page.name === name)?.text ?? ''));
  });
});
