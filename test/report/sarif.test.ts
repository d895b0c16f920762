import type { Log, Result, Run } from 'sarif';
import { describe, expect, test } from 'vitest';
import { OWN_RULES } from '../../src/engine/own-rules.ts';
import { type AnyRule, defineRule, type RuleMeta } from '../../src/engine/rule.ts';
import type { Finding } from '../../src/index.ts';
import { lineHashes } from '../../src/report/line-hash.ts';
import type { ReportInput } from '../../src/report/report.ts';
import { sarif } from '../../src/report/sarif.ts';
import { sarifProblems } from './schemas.ts';
import { finding, inputOf, lintedInput, marked, place } from './support.ts';

const source = marked('shop/a.yaml', 'kind: «Sidecar»\nspec:\n  egress: «😀» # x\n  ports: «»\n');
const other = marked('ä dir/[b]%#?.yaml', 'kind: «Service»\n');

function rule(meta: Partial<RuleMeta>): AnyRule {
  const defaults = { name: 'unknown-host', code: 'EL999', family: 'hosts', severity: 'error', summary: 'Nobody registers a host.' } as const;
  return defineRule({ meta: { ...defaults, ...meta }, messages: {}, create: () => ({}) });
}

/** The only run of a report, once the report has passed the official schema. */
function runOf(input: ReportInput): Run {
  const log: Log = JSON.parse(sarif(input));
  expect(sarifProblems(log)).toEqual([]);
  expect(log.runs).toHaveLength(1);
  return log.runs[0] as Run;
}

function resultOf(parts: Partial<Finding>, files = [source, other]): Result {
  const [result] = runOf(inputOf(files, [finding({ location: place(source), ...parts })], { rules: [rule({})] })).results ?? [];
  return result as Result;
}

function descriptorOf(meta: Partial<RuleMeta>, parts: Partial<ReportInput> = {}) {
  return runOf(inputOf([], [], { rules: [rule(meta)], ...parts })).tool.driver.rules?.[0];
}

describe('the run', () => {
  test('names the version of the format and its schema', () => {
    expect(JSON.parse(sarif(inputOf([], [])))).toMatchObject({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0' });
  });

  test('says what ran, and that paths are relative to the repository', () => {
    expect(runOf(inputOf([], []))).toEqual({
      tool: { driver: { name: 'egress-lint', version: '1.2.3', semanticVersion: '1.2.3', rules: [] } },
      automationDetails: { id: 'egress-lint/' },
      invocations: [{ executionSuccessful: true }],
      originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository.' } } },
      columnKind: 'utf16CodeUnits',
      language: 'en-US',
      results: [],
    });
  });

  test('lists every rule that ran, in their order, and results point into the list', () => {
    const rules = [rule({ code: 'EL998', name: 'other' }), rule({}), ...OWN_RULES];
    const run = runOf(inputOf([source], [finding({ location: place(source) })], { rules }));
    expect(run.tool.driver.rules?.map(({ id }) => id)).toEqual(rules.map(({ meta }) => meta.code));
    expect(run.results?.[0]).toMatchObject({ ruleId: 'EL999', ruleIndex: 1 });
  });

  test('a finding of a rule that is not in the list has no index', () => {
    expect(runOf(inputOf([source], [finding({ location: place(source) })])).results?.[0]?.ruleIndex).toBeUndefined();
  });

  test('leaves infos out until asked', () => {
    const findings = [finding({ location: place(source) }), finding({ location: place(source), severity: 'info' })];
    expect(runOf(inputOf([source], findings)).results?.map(({ level }) => level)).toEqual(['error']);
    expect(runOf(inputOf([source], findings, { showInfos: true })).results?.map(({ level }) => level)).toEqual(['error', 'note']);
  });

  test('did not succeed where a rule crashed', () => {
    const crash = finding({ rule: 'crashed-rule', code: 'EL903', message: "rule 'x' failed", location: place(source) });
    expect(runOf(inputOf([source], [crash])).invocations).toEqual([
      { executionSuccessful: false, toolExecutionNotifications: [{ level: 'error', message: { text: "rule 'x' failed." } }] },
    ]);
  });

  test('keeps the worst of more results than code scanning takes, in their order', () => {
    const location = place(source);
    const warnings = Array.from({ length: 25_000 }, (_, index) => finding({ location, severity: 'warning', message: `w${index}` }));
    const run = runOf(inputOf([source], [...warnings, finding({ location, message: 'the error' })]));
    expect(run.results).toHaveLength(25_000);
    expect(run.results?.at(-1)?.message.text).toBe('the error.');
    expect(run.results?.at(-2)?.message.text).toBe('w24998.');
    expect(run.invocations?.[0]?.toolExecutionNotifications?.[0]?.message.text).toContain('1 findings are left out');
  });
});

describe('a rule', () => {
  const page = '# unknown-host (EL999)\n\nSee [other](other.md).\n\n## Why\n\nIstio `looks` it up.\n\n## Wrong\n';

  test('is described by its summary and its page', () => {
    expect(descriptorOf({}, { pages: (name) => (name === 'unknown-host' ? page : undefined) })).toEqual({
      id: 'EL999',
      name: 'UnknownHost',
      shortDescription: { text: 'Nobody registers a host.' },
      fullDescription: { text: 'Nobody registers a host. Istio looks it up.' },
      help: { text: 'See other.\n\nWhy\n\nIstio looks it up.\n\nWrong', markdown: 'See other.\n\n## Why\n\nIstio `looks` it up.\n\n## Wrong' },
      defaultConfiguration: { level: 'error' },
      properties: { tags: ['istio', 'egress', 'hosts'], precision: 'very-high', 'problem.severity': 'error' },
    });
  });

  test('has texts without a page too', () => {
    expect(descriptorOf({})).toMatchObject({ fullDescription: { text: 'Nobody registers a host.' }, help: { text: 'Nobody registers a host.' } });
  });

  test('has a URL only where pages are published', () => {
    const tool = { name: 'egress-lint', version: '1.2.3', home: 'https://lint.example/' };
    expect(descriptorOf({}, { tool, pages: () => page })).toMatchObject({
      helpUri: 'https://lint.example/docs/rules/unknown-host.md',
      help: { markdown: expect.stringContaining('[other](https://lint.example/docs/rules/other.md)') },
    });
    expect(runOf(inputOf([], [], { tool })).tool.driver.informationUri).toBe('https://lint.example/');
  });

  test.each([
    ['error', 'error', 'very-high', 'error'],
    ['warning', 'warning', 'high', 'warning'],
    ['info', 'note', 'medium', 'recommendation'],
  ] as const)('of severity %s has level %s', (severity, level, precision, problem) => {
    expect(descriptorOf({ severity })).toMatchObject({ defaultConfiguration: { level }, properties: { precision, 'problem.severity': problem } });
  });

  test('about security says how severe, and is tagged', () => {
    expect(descriptorOf({ securitySeverity: 7 })?.properties).toMatchObject({ 'security-severity': '7.0', tags: ['istio', 'egress', 'hosts', 'security'] });
    expect(descriptorOf({})?.properties).not.toHaveProperty('security-severity');
  });

  test('has descriptions of 1024 characters at most, cut after a sentence', () => {
    const long = `# x\n\n## Why\n\n${'Istio looks it up there. '.repeat(60)}\n`;
    const text = descriptorOf({}, { pages: () => long })?.fullDescription?.text ?? '';
    expect(text.length).toBeLessThanOrEqual(1024);
    expect(text.length).toBeGreaterThan(950);
    expect(text.endsWith('there.')).toBe(true);
    expect(descriptorOf({ summary: 'x'.repeat(2000) })?.shortDescription?.text).toHaveLength(1024);
  });
});

describe('a result', () => {
  test('has a place of four numbers under the root of the repository', () => {
    expect(resultOf({ location: place(source, 1) }).locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: 'shop/a.yaml', uriBaseId: '%SRCROOT%' },
          region: { startLine: 3, startColumn: 11, endLine: 3, endColumn: 13 },
        },
      },
    ]);
  });

  test.each([
    ['shop/a.yaml', 'shop/a.yaml'],
    ['ä dir/[b]%#?.yaml', '%C3%A4%20dir/%5Bb%5D%25%23%3F.yaml'],
    ['c:/x.yaml', 'c%3A/x.yaml'],
    ['../other/x.yaml', '../other/x.yaml'],
    ['<stdin>', '%3Cstdin%3E'],
    ['a\\b\u001b\ud800.yaml', 'a%5Cb%1B%EF%BF%BD.yaml'],
  ])('writes the file name %j as the URI %s', (file, uri) => {
    expect(resultOf({ location: { ...place(source), file } }).locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe(uri);
  });

  test('says all that is needed in plain text', () => {
    const result = resultOf({ symptom: 'curl: (35) reset', help: 'add a ServiceEntry', confidence: 'likely', severity: 'warning' });
    expect(result.level).toBe('warning');
    expect(result.message.text).toBe(
      'nobody registers this host.\n\n' +
        'What you see: curl: (35) reset.\n\n' +
        'Note: likely, not certain: something that decides lies outside of these files.\n\n' +
        'What to do: add a ServiceEntry.',
    );
    expect(result.properties).toEqual({ confidence: 'likely' });
  });

  test('links its text to related locations', () => {
    const result = resultOf({
      related: [
        { message: 'the kind', location: place(source) },
        { message: 'the Service', location: place(other) },
      ],
    });
    expect(result.message.text).toBe('nobody registers this host.\n\nRelated:\n- the kind: [shop/a.yaml:1](1)\n- the Service: [ä dir/\\[b\\]%#?.yaml:1](2)');
    expect(result.relatedLocations?.map(({ id, message }) => [id, message?.text])).toEqual([
      [1, 'the kind.'],
      [2, 'the Service.'],
    ]);
    expect(result.relatedLocations?.[1]?.physicalLocation).toEqual({
      artifactLocation: { uri: '%C3%A4%20dir/%5Bb%5D%25%23%3F.yaml', uriBaseId: '%SRCROOT%' },
      region: { startLine: 1, startColumn: 7, endLine: 1, endColumn: 14 },
    });
  });

  test('has as many related locations as code scanning keeps', () => {
    const result = resultOf({ related: Array.from({ length: 150 }, () => ({ message: 'again', location: place(source) })) });
    expect(result.relatedLocations).toHaveLength(100);
    expect(result.message.text).not.toContain('(101)');
  });

  test('makes no link and no escape sequence of what a file says', () => {
    const { message } = resultOf({ message: "host '[click](https://evil.example)\u001b[2J'", help: 'see [x](1)' });
    expect(message.text).toBe("host '[click] (https://evil.example)␛[2J'.\n\nWhat to do: see [x] (1).");
  });

  test('carries the hash that GitHub has for its line, and our own fingerprint', () => {
    expect(resultOf({ location: place(source, 1) }).partialFingerprints).toEqual({
      primaryLocationLineHash: lineHashes(source.text, new Set([3]))(3),
      'egressLint/v1': '0123456789abcdef',
    });
    expect(resultOf({}, []).partialFingerprints).toEqual({ 'egressLint/v1': '0123456789abcdef' });
  });

  test('offers fixes as replacements by file', () => {
    const { file, text } = source;
    const at = text.indexOf('😀');
    const fixes = [
      {
        title: "write '[]'",
        safe: true,
        edits: [
          { file, start: at, end: at + 2, text: '[]' },
          { file: other.file, start: 0, end: 0, text: '# x\n' },
          { file, start: text.length, end: text.length, text: 'z\n' },
        ],
      },
      { title: 'by hand', safe: false, edits: [] },
      { title: 'in a file that is not at hand', safe: false, edits: [{ file: 'gone.yaml', start: 0, end: 1, text: '' }] },
    ];
    expect(resultOf({ fixes }).fixes).toEqual([
      {
        description: { text: "write '[]'." },
        artifactChanges: [
          {
            artifactLocation: { uri: 'shop/a.yaml', uriBaseId: '%SRCROOT%' },
            replacements: [
              { deletedRegion: { startLine: 3, startColumn: 11, endLine: 3, endColumn: 13 }, insertedContent: { text: '[]' } },
              { deletedRegion: { startLine: 5, startColumn: 1, endLine: 5, endColumn: 1 }, insertedContent: { text: 'z\n' } },
            ],
          },
          {
            artifactLocation: { uri: '%C3%A4%20dir/%5Bb%5D%25%23%3F.yaml', uriBaseId: '%SRCROOT%' },
            replacements: [{ deletedRegion: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 }, insertedContent: { text: '# x\n' } }],
          },
        ],
      },
    ]);
    expect(resultOf({ fixes: [] })).not.toHaveProperty('fixes');
  });
});

test('what the rules find is valid, and the rules that found nothing are listed too', () => {
  const text = 'apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: { name: checkout }\nspec:\n  egress:\n    - hosts: [rates]\n';
  const run = runOf(lintedInput([{ file: 'a.yaml', text }], { showInfos: true }));
  expect(run.results?.map(({ ruleId }) => ruleId)).toContain('EL501');
  expect(run.tool.driver.rules?.length).toBeGreaterThan(1);
  for (const { shortDescription, fullDescription, help } of run.tool.driver.rules ?? []) {
    for (const description of [shortDescription, fullDescription, help]) expect(description?.text).toMatch(/\S/);
  }
});

test('the schema in these tests refuses what is wrong', () => {
  const log = JSON.parse(sarif(inputOf([source], [finding({ location: place(source) })])));
  expect(sarifProblems(log)).toEqual([]);
  log.runs[0].results[0].level = 'fatal';
  delete log.runs[0].results[0].message;
  expect(sarifProblems(log)).toHaveLength(2);
});
