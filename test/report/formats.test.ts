import { describe, expect, test } from 'vitest';
import { checkstyle } from '../../src/report/checkstyle.ts';
import { github } from '../../src/report/github.ts';
import { gitlab } from '../../src/report/gitlab.ts';
import { json } from '../../src/report/json.ts';
import { jsonl } from '../../src/report/jsonl.ts';
import { junit } from '../../src/report/junit.ts';
import { markdown } from '../../src/report/markdown.ts';
import type { Report } from '../../src/report/report.ts';
import { checkstyleProblems, findingProblems, gitlabProblems, junitProblems, readXml } from './consumers.ts';
import { finding, inputOf, lintedInput, marked, place } from './support.ts';

const source = marked('shop/a, b: 100%.yaml', 'kind: «Sidecar»\nspec:\n  «egress:\n    - x»\n');
const one = finding({ location: place(source, 0) });
const odd = finding({
  location: place(source, 1),
  severity: 'warning',
  confidence: 'likely',
  message: `100% <b>"wrong"</b> & ]]> \u0001\ud800 | [a](b) @team 'x'`,
  symptom: 'first line\nsecond line',
  help: 'write\r\n  hosts: []',
  related: [{ message: 'the kind', location: place(source, 0) }],
});
const input = inputOf([source], [one, odd]);
const text =
  'apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: { name: checkout }\nspec:\n  egress:\n    - hosts: [rates, "*/x.example"]\n---\nkind: Sidecar\n';
const linted = lintedInput(
  [
    { file: 'dev/a.yaml', text },
    { file: 'prod/a.yaml', text },
  ],
  { showInfos: true },
);
const nothing = inputOf([source], []);

test('what the rules find in the sample', () => expect(linted.findings.length).toBeGreaterThan(3));

describe('github', () => {
  test('writes a command for each finding, the worst first, escaped as the runner reverses it', () => {
    const infos = inputOf([source], [finding({ location: place(source, 0), severity: 'info' }), odd, one], { showInfos: true });
    expect(github(infos)).toBe(
      [
        '::error title=EL999 unknown-host,file=shop/a%2C b%3A 100%25.yaml,line=1,endLine=1,col=7,endColumn=14::nobody registers this host\n',
        `::warning title=EL999 unknown-host,file=shop/a%2C b%3A 100%25.yaml,line=3,endLine=4::100%25 <b>"wrong"</b> & ]]> \u2401\ufffd | [a](b) @team 'x'`,
        '%0Asymptom: first line%0Asecond line',
        '%0Anote: likely, not certain: something that decides lies outside of these files',
        '%0Asee: shop/a, b: 100%25.yaml:1: the kind',
        '%0Ahelp: write%0A  hosts: []\n',
        '::notice title=EL999 unknown-host,file=shop/a%2C b%3A 100%25.yaml,line=1,endLine=1,col=7,endColumn=14::nobody registers this host\n',
      ].join(''),
    );
  });

  test('gives one line a finding, which the runner reads back', () => {
    const lines = github(linted).trimEnd().split('\n');
    expect(lines).toHaveLength(linted.findings.length);
    for (const line of lines) expect(line).toMatch(/^::(?:error|warning|notice) (?:[a-zA-Z]+=[^,:\r\n]+,?)+::[^\r\n]+$/);
  });

  test('is empty where there is nothing', () => expect(github(nothing)).toBe(''));
});

describe('gitlab', () => {
  test.each([
    ['nothing', nothing],
    ['odd text', input],
    ['what the rules find', linted],
  ])('prints %s as GitLab reads it', (_, report) => {
    const issues = JSON.parse(gitlab(report)) as { fingerprint: string }[];
    expect(gitlabProblems(issues)).toEqual([]);
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(report.findings.length);
  });

  test('names an issue alike wherever its line is, and others otherwise', () => {
    const moved = { ...one, location: place(source, 1) };
    const names = (findings: readonly (typeof one)[]) =>
      (JSON.parse(gitlab(inputOf([source], findings))) as { fingerprint: string }[]).map((issue) => issue.fingerprint);
    expect(names([moved])).toEqual(names([one]));
    expect(names([one, moved])[0]).toEqual(names([one])[0]);
    const elsewhere = { ...one, location: { ...one.location, file: 'prod/a.yaml' } };
    expect(names([one, elsewhere])[1]).toEqual(names([elsewhere])[0]);
  });

  test('begins with the rule, and counts lines and columns from 1', () => {
    expect(JSON.parse(gitlab(input))[0]).toMatchObject({
      description: 'unknown-host: nobody registers this host',
      severity: 'major',
      location: { path: 'shop/a, b: 100%.yaml', positions: { begin: { line: 1, column: 7 }, end: { line: 1, column: 14 } } },
    });
  });

  test('whose schema refuses what is wrong', () => {
    const [issue] = JSON.parse(gitlab(input));
    for (const bad of [
      { severity: 'error' },
      { fingerprint: undefined },
      { location: { path: './a.yaml', lines: { begin: 1 } } },
      { location: { path: 'a' } },
    ]) {
      expect(gitlabProblems(JSON.parse(JSON.stringify([{ ...issue, ...bad }])))).not.toEqual([]);
    }
  });
});

describe('junit', () => {
  test.each([
    ['nothing', nothing],
    ['odd text', input],
    ['what the rules find', linted],
  ])('prints %s as its readers want it', (_, report) => {
    const document = readXml(junit(report)) as { testsuites: { '@failures': string; testsuite: { '@failures': string; testcase: { failure?: unknown }[] }[] } };
    expect(junitProblems(document)).toEqual([]);
    expect(document.testsuites['@failures']).toBe(String(report.findings.length));
    for (const suite of document.testsuites.testsuite) expect(suite['@failures']).toBe(String(suite.testcase.filter((each) => each.failure).length));
  });

  test('keeps every character that XML can hold', () => {
    const document = readXml(junit(input)) as { testsuites: { testsuite: { testcase: { failure: Record<string, string> }[] }[] } };
    const failure = document.testsuites.testsuite[0]?.testcase[1]?.failure;
    expect(failure?.['@message']).toBe(`100% <b>"wrong"</b> & ]]> \u2401\ufffd | [a](b) @team 'x'`);
    expect(failure?.['#text']).toContain('symptom: first line\nsecond line\n');
    expect(failure?.['@type']).toBe('warning');
  });

  test('has a suite for each file, and a passed case where nothing was found', () => {
    const suites = (report: typeof input) => (readXml(junit(report)) as { testsuites: { testsuite: { '@name': string }[] } }).testsuites.testsuite;
    expect(suites(linted).map((suite) => suite['@name'])).toEqual(['dev/a.yaml', 'prod/a.yaml']);
    expect(readXml(junit(nothing))).toMatchObject({ testsuites: { '@tests': '1', '@failures': '0' } });
    expect(suites(nothing)).toMatchObject([{ '@name': 'egress-lint', '@tests': '1', '@failures': '0', testcase: [{ '@name': 'no findings' }] }]);
  });

  test('whose schema refuses what is wrong', () => {
    expect(junitProblems(readXml('<testsuites name="a" tests="0" failures="0"/>'))).not.toEqual([]);
    expect(() => readXml('<a>')).toThrow();
  });
});

test('XML has no character that XML does not allow, wherever a text comes from', () => {
  const named = finding({ location: { ...place(source, 0), file: 'a\u0001\u001b\ud800\uffff&"<\u00e9.yaml' } });
  for (const report of [junit, checkstyle]) {
    const text = report(inputOf([source], [named]));
    expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cs}|[\ufffe\uffff]/u);
    expect(JSON.stringify(readXml(text))).toContain('a\ufffd\ufffd\ufffd\ufffd&\\"<\u00e9.yaml');
  }
});

describe('checkstyle', () => {
  test.each([
    ['nothing', nothing],
    ['odd text', input],
    ['what the rules find', linted],
  ])('prints %s as its readers want it', (_, report) => {
    const document = readXml(checkstyle(report)) as { checkstyle: { file?: { error: unknown[] }[] } };
    expect(checkstyleProblems(document)).toEqual([]);
    expect((document.checkstyle.file ?? []).flatMap(({ error }) => error)).toHaveLength(report.findings.length);
  });

  test('says what and what to do in one line', () => {
    expect(checkstyle(inputOf([source], [one, finding({ location: place(source, 1), help: 'a\n b' })]))).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<checkstyle version="4.3">',
        '  <file name="shop/a, b: 100%.yaml">',
        '    <error line="1" column="7" severity="error" message="nobody registers this host" source="egress-lint.unknown-host.EL999"/>',
        '    <error line="3" column="3" severity="error" message="nobody registers this host; a b" source="egress-lint.unknown-host.EL999"/>',
        '  </file>',
        '</checkstyle>',
        '',
      ].join('\n'),
    );
  });
});

describe('markdown', () => {
  test('is a table of one row a finding, the worst first, whose text stands for itself', () => {
    const text = markdown(inputOf([source], [odd, one]));
    expect(text).toMatch(/^## egress-lint\n\n1 error, 1 warning in /);
    const rows = text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| |') && !line.startsWith('| ---'));
    expect(rows).toEqual([
      '| 🛑 error | `unknown-host` EL999 | shop/a, b: 100%.yaml:1:7 | nobody registers this host |',
      expect.stringContaining(`100% &lt;b&gt;"wrong"&lt;/b&gt; &amp; \\]\\]&gt; \u2401\ufffd \\| \\[a\\](b) &#64;team 'x'<details>`),
    ]);
    expect(rows[1]).toContain('<b>symptom:</b> first line<br>second line<br>');
    for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(5);
  });

  test('links to the page of a rule where there is one', () => {
    const tool = { name: 'egress-lint', version: '1.2.3', home: 'https://lint.example/' };
    expect(markdown(inputOf([source], [one], { tool }))).toContain('[`unknown-host` EL999](https://lint.example/docs/rules/unknown-host.md)');
  });

  test('stays below what GitHub takes, and says what it left out', () => {
    const many = Array.from({ length: 5000 }, () => ({ ...odd, message: '字'.repeat(300) }));
    const text = markdown(inputOf([source], many));
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
    const rows = text.split('\n').filter((line) => line.startsWith('| ⚠️')).length;
    expect(text).toContain(`\n${5000 - rows} more findings do not fit here.\n`);
  });

  test('is one line where nothing was found', () => expect(markdown(nothing)).toBe('## egress-lint\n\nok: no findings in 3 resources of 1 file\n'));
});

describe('jsonl', () => {
  test('has the findings of json, each in a line', () => {
    const lines = jsonl(linted).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(JSON.parse(json(linted)).findings);
    for (const line of lines) expect(findingProblems(JSON.parse(line))).toEqual([]);
    expect(jsonl(inputOf([source], [odd])).match(/\n/g)).toHaveLength(1);
  });

  test('is empty where there is nothing', () => expect(jsonl(nothing)).toBe(''));
});

test.each<[string, Report]>([
  ['github', github],
  ['gitlab', gitlab],
  ['junit', junit],
  ['checkstyle', checkstyle],
  ['markdown', markdown],
  ['jsonl', jsonl],
])('%s leaves infos out unless they are asked for', (_, report) => {
  const info = finding({ location: place(source, 0), severity: 'info', message: 'only for the curious' });
  expect(report(inputOf([source], [info]))).not.toContain('only for the curious');
  expect(report(inputOf([source], [info], { showInfos: true }))).toContain('only for the curious');
});
