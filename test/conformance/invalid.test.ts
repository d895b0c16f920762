import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { RULES } from '../../rules/index.ts';
import { lint, load, Mesh } from '../../src/index.ts';
import type { Resource } from '../../src/resources/resource.ts';
import { outsideData } from '../support/data.ts';

/** Istio's verdict on one document of a case: that of the webhook's functions and of the decoder, unknown fields included. */
interface Verdict {
  readonly file: number;
  readonly doc: number;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly valid: boolean;
  readonly errors?: readonly string[];
  readonly unknownFields?: readonly string[];
}

interface Case {
  readonly id: string;
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly validation: readonly Verdict[];
}

interface Comparison {
  readonly agreed: number;
  readonly differing: readonly string[];
  readonly byKind: ReadonlyMap<string, number>;
  /** Verdicts on kinds that are not read. */
  readonly unread: number;
}

function compare(cases: readonly Case[]): Comparison {
  const differing: string[] = [];
  const byKind = new Map<string, number>();
  let agreed = 0;
  let unread = 0;
  for (const each of cases) {
    const files = load(each.files.map(({ name, text }) => ({ file: name, text })));
    const refused = refusedBy(
      files.flatMap((file) => file.resources),
      lint(files, new Mesh(files), { rules: RULES }).findings,
    );
    for (const verdict of each.validation) {
      const resource = resourceOf(files, each, verdict);
      if (!resource) {
        unread++;
        continue;
      }
      const why = refused.get(resource) ?? [];
      // Nothing in the set is refused by the API server alone; such a resource would show here, to be listed with its reason.
      if (why.length > 0 === !verdict.valid) {
        agreed++;
        byKind.set(verdict.kind, (byKind.get(verdict.kind) ?? 0) + 1);
      } else differing.push(`${each.id} ${verdict.kind} ${verdict.namespace}/${verdict.name}: Istio ${told(verdict)}, we say ${why.join('; ') || 'nothing'}`);
    }
  }
  return { agreed, differing, byKind, unread };
}

function told({ valid, errors = [], unknownFields = [] }: Verdict): string {
  return valid ? 'accepts it' : `refuses it (${[...errors, ...unknownFields].join('; ')})`;
}

/** By resource, what of it is refused: problems of its schema, and rules that tell a refusal themselves. */
function refusedBy(resources: readonly Resource[], findings: ReturnType<typeof lint>['findings']): ReadonlyMap<Resource, readonly string[]> {
  const refused = new Map<Resource, string[]>();
  for (const resource of resources)
    refused.set(
      resource,
      resource.problems.filter(({ type }) => type !== 'snake-case-field').map(({ type, path }) => `${type} at ${path.join('.')}`),
    );
  for (const finding of findings) {
    if (finding.refusedBy === undefined || finding.rule === 'snake-case-field') continue;
    const { resource: id, location } = finding;
    const resource = resources.find(
      ({ kind, namespace, name, source }) =>
        kind === id?.kind &&
        namespace === id.namespace &&
        name === id.name &&
        source.file.file === location.file &&
        location.start >= source.document.start &&
        location.start < source.document.end,
    );
    if (resource) refused.get(resource)?.push(`${finding.rule}: ${finding.message}`);
  }
  return refused;
}

/** The resource of the verdict's document: documents are counted with those of other kinds, and without empty ones. */
function resourceOf(files: ReturnType<typeof load>, each: Case, verdict: Verdict): Resource | undefined {
  const name = each.files[verdict.file]?.name;
  const loaded = files.find((file) => file.source.file === name);
  const before = (offset: number) => (loaded?.source.text.slice(0, offset).match(/^---\s*$/gm) ?? []).length - (loaded?.source.text.startsWith('---') ? 1 : 0);
  return loaded?.resources.find(({ kind, source }) => kind === verdict.kind && before(source.document.start) === verdict.doc);
}

function casesIn(file: string): readonly Case[] {
  // The shape is that of the data set's README; what would not fit it would show as a difference.
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Case);
}

const sample = path.join(import.meta.dirname, 'public-invalid-sample.jsonl');
const conformance = outsideData('conformance');

describe("Istio's verdicts and ours", () => {
  test('are the same for a sample of every kind and reason', () => {
    const { agreed, differing } = compare(casesIn(sample));
    expect(differing).toEqual([]);
    expect(agreed).toBeGreaterThanOrEqual(235);
  });

  test.skipIf(conformance === undefined)('are the same for the whole set (skipped without EGRESS_LINT_DATA)', () => {
    const { agreed, differing, byKind, unread } = compare(casesIn(path.join(conformance ?? '', 'public-invalid.jsonl')));
    const figures = [...byKind].map(([kind, count]) => `${kind} ${count}`).join(', ');
    console.info(`${agreed} of ${agreed + differing.length} verdicts agree (${figures})`);
    expect(differing).toEqual([]);
    expect(unread).toBe(0);
    expect(agreed).toBeGreaterThan(800);
  });
});
