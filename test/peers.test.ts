import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { RULES } from '../rules/index.ts';
import type { Finding } from '../src/index.ts';
import { outsideData, root } from './support/data.ts';
import { lintFiles } from './support/lint-text.ts';

/** One of istioctl's own tests: what its analyzer reports for some files. */
interface Case {
  readonly files: readonly string[];
  readonly expected: readonly { readonly code: string; readonly resource: string }[];
}

/** Kinds that have a say in outbound traffic. Others (workloads, webhooks, what is installed) are no matter of ours. */
const KINDS = [
  'AuthorizationPolicy',
  'DestinationRule',
  'EnvoyFilter',
  'GRPCRoute',
  'Gateway',
  'HTTPRoute',
  'Service',
  'ServiceEntry',
  'Sidecar',
  'VirtualService',
];

/** The second table of rules/not-covered.md: which messages there are none of ours for. `*` stands for all objects of the code. */
const explained = [...readFileSync(path.join(root, 'rules/not-covered.md'), 'utf8').matchAll(/^\| (IST\d{4}) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, code, names = '']) => ({
    code,
    names: names.split(', ').map((name) => name.trim()),
  }),
);

const data = outsideData('corpora/istio-analyzers');

/** What istioctl's tests expect of those kinds: a line for each message, and whether a rule with its code names the object. */
function messages(directory: string): readonly { readonly code: string; readonly name: string; readonly line: string; readonly isReported: boolean }[] {
  // The shape is that of the data set, which the counts below would give away if it changed.
  const { cases } = JSON.parse(readFileSync(path.join(directory, 'expected.json'), 'utf8')) as { readonly cases: readonly Case[] };
  return cases.flatMap(({ files, expected }) => {
    const { findings } = lintFiles(files.map((file) => ({ file, text: readFileSync(path.join(directory, file), 'utf8'), named: true })));
    return expected.flatMap(({ code, resource }) => {
      const [kind = '', id = ''] = resource.split(' ');
      const name = id.slice(id.indexOf('/') + 1);
      if (!KINDS.includes(kind)) return [];
      return [{ code, name, line: `${code} ${resource} in ${files.join(', ')}`, isReported: findings.some((finding) => says(finding, code, kind, name)) }];
    });
  });
}

const peersOf = new Map(RULES.map(({ meta }) => [meta.name, meta.peers ?? []]));

function says({ rule, resource, related }: Finding, code: string, kind: string, name: string): boolean {
  const objects = [resource, ...related.map((each) => each.resource)];
  return (peersOf.get(rule) ?? []).includes(code) && objects.some((each) => each?.kind === kind && each.name === name);
}

describe.skipIf(data === undefined)("what istioctl's analyzers report in their own tests (skipped without EGRESS_LINT_DATA)", () => {
  const all = data === undefined ? [] : messages(data);
  const isExplained = ({ code, name }: (typeof all)[number]): boolean =>
    explained.some((row) => row.code === code && (row.names.includes('*') || row.names.includes(name)));

  test('there are many', () => expect(all.length).toBeGreaterThan(100));

  test('is reported of the same object, or explained in rules/not-covered.md', () => {
    expect(all.filter((message) => !message.isReported && !isExplained(message)).map(({ line }) => line)).toEqual([]);
  });

  test('is explained only where it is not reported', () => {
    const idle = explained.flatMap(({ code, names }) =>
      names
        .filter((name) => !all.some((message) => message.code === code && !message.isReported && (name === '*' || name === message.name)))
        .map((name) => `${code} ${name}`),
    );
    expect(idle).toEqual([]);
  });
});
