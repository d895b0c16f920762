import { describe, expect, test } from 'vitest';
import { RULES } from '../../rules/index.ts';
import type { LintResult } from '../../src/engine/lint.ts';
import { lint } from '../../src/engine/lint.ts';
import type { LintOptions } from '../../src/engine/lint-options.ts';
import { type AnyRule, defineRule } from '../../src/engine/rule.ts';
import { load } from '../../src/mesh/load.ts';
import { Mesh } from '../../src/mesh/mesh.ts';
import { applyEdits } from '../../src/text/edit.ts';

const meta = { family: 'hosts', severity: 'warning', summary: 'a rule for tests' } as const;

/** Reports every host of a ServiceEntry. */
const anyHost = defineRule({
  meta: { ...meta, name: 'any-host', code: 'EL981' },
  messages: { found: { text: 'host {host}' } },
  create: ({ report }) => ({
    ServiceEntry(entry) {
      for (const [i, host] of entry.spec.hosts.entries()) report('found', { resource: entry, path: ['spec', 'hosts', i] }, { data: { host } });
    },
  }),
});

/** Reports every Service, with each ServiceEntry as a part of the story. */
const anyService = defineRule({
  meta: { ...meta, name: 'any-service', code: 'EL982' },
  messages: { found: { text: 'service' } },
  create: ({ mesh, report }) => ({
    Service(service) {
      const related = mesh.all('ServiceEntry').map((entry) => ({ at: { resource: entry, path: ['spec', 'resolution'] }, message: 'an entry' }));
      report('found', { resource: service, path: ['metadata', 'name'] }, { related });
    },
  }),
});

const never = defineRule({ meta: { ...meta, name: 'never', code: 'EL983' }, messages: { found: { text: 'x' } }, create: () => ({}) });
const failing = defineRule({
  meta: { ...meta, name: 'failing', code: 'EL984' },
  messages: { found: { text: 'x' } },
  create: () => ({
    ServiceEntry() {
      throw new Error('oh');
    },
  }),
});

const aboutSuppressions = RULES.filter((rule) => ['unused-suppression', 'unknown-rule-name'].includes(rule.meta.name));
const ALL: readonly AnyRule[] = [anyHost, anyService, never, ...aboutSuppressions];

function run(texts: Readonly<Record<string, string>>, options: LintOptions = { rules: ALL }): LintResult {
  const files = load(Object.entries(texts).map(([file, text]) => ({ file, text, named: true })));
  return lint(files, new Mesh(files), options);
}

/** The findings of a text, as `line: message`. */
function said(text: string, options?: LintOptions): readonly string[] {
  return run({ 'a.yaml': text }, options).findings.map(({ location, message }) => `${location.startLine}: ${message}`);
}

const entry = (annotation = '', hosts = '    - a\n    - b\n'): string =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: x\n${annotation}spec:\n  hosts:\n${hosts}  resolution: DNS\n`;

const noted = (note: string): string => entry(`  annotations:\n    egress-lint/ignore: ${note}\n`);
const first = (comment: string): string => entry('', `    # egress-lint-disable-${comment}\n    - a\n    - b\n`);

const UNUSED = 'this silences no finding';

describe('findings are silenced', () => {
  test.each([
    ['without a suppression', entry(), ['7: host a', '8: host b']],
    ['by name', first('next-line any-host'), ['9: host b']],
    ['by code', first('next-line EL981'), ['9: host b']],
    ['whatever the case', first('next-line Any-Host'), ['9: host b']],
    ['with a reason', first('next-line any-host -- because'), ['9: host b']],
    ['all rules', first('next-line'), ['9: host b']],
    ['in a file', first('file any-host'), []],
    ['on a line', entry('', '    - a\n    - b # egress-lint-disable-line any-host\n'), ['7: host a']],
    ['in a list', entry().replace('  hosts:', '  hosts: # egress-lint-disable-line any-host'), []],
    ['in a document', `# egress-lint-disable-next-line any-host\n${entry()}`, []],
    ['by an annotation', noted('any-host'), []],
    ['by an annotation with a reason', noted('"any-host: because"'), []],
    ['by an annotation with a code', noted('"EL981: because"'), []],
    ['by an annotation of several lines', noted('|\n      # a comment\n      any-host: because: x\n').replace('      # a comment\n', ''), []],
    ['by an annotation for all rules', noted('"*: generated"'), []],
    ['not by an empty annotation', noted('""'), ['9: host a', '10: host b']],
    ['not by a reason alone', noted('": because"'), ['9: host a', '10: host b']],
  ])('%s', (_, text, expected) => {
    expect(said(text)).toEqual(expected);
  });

  test('and counted', () => {
    expect(run({ 'a.yaml': first('next-line any-host') }).suppressed).toBe(1);
  });

  const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: s}\n';

  test.each([
    ['where a part of the story is, by a comment', { 'a.yaml': entry('', '    - a # egress-lint-disable-line any-host\n'), 'b.yaml': service }, 1],
    ['', { 'a.yaml': entry().replace('DNS', 'DNS # egress-lint-disable-line any-service'), 'b.yaml': service }, 0],
    ['where a part of the story is, by an annotation', { 'a.yaml': noted('any-service'), 'b.yaml': service }, 0],
    ['not in another file', { 'a.yaml': entry(), 'b.yaml': `# egress-lint-disable-file any-host\n${service}` }, 1],
  ])('%s', (_, texts, count) => {
    expect(run(texts).findings.filter((finding) => finding.rule === 'any-service')).toHaveLength(count);
  });
});

describe('what silences nothing is said', () => {
  test.each([
    ['a name', first('next-line never'), [`7: ${UNUSED}: 'never' would report nothing there; should the defect come back, nobody would be told`]],
    ['a code', first('next-line EL983'), [`7: ${UNUSED}: 'EL983' would report nothing there; should the defect come back, nobody would be told`]],
    ['one of two names', first('next-line any-host, never'), [`7: ${UNUSED} of 'never'; should the defect come back, nobody would be told`]],
    [
      'all rules',
      entry().replace('DNS', 'DNS # egress-lint-disable-line'),
      [`9: ${UNUSED}: no rule reports anything there; should the defect come back, nobody would be told`],
    ],
    [
      'a file',
      `${entry()}# egress-lint-disable-file never\n`,
      [`10: ${UNUSED}: 'never' would report nothing there; should the defect come back, nobody would be told`],
    ],
    [
      'a comment on its own line',
      first('line any-host'),
      [`7: ${UNUSED}: 'any-host' would report nothing there; should the defect come back, nobody would be told`],
    ],
    ['an annotation', noted('"never: because"'), [`6: ${UNUSED}: 'never' would report nothing there; should the defect come back, nobody would be told`]],
    ['a part of an annotation', noted('"any-host: x; never: y"'), [`6: ${UNUSED} of 'never'; should the defect come back, nobody would be told`]],
  ])('%s', (_, text, expected) => {
    expect(said(text).filter((line) => !line.includes('host '))).toEqual(expected);
  });

  test('not where it silenced something', () => {
    for (const text of [first('next-line any-host'), first('next-line'), noted('any-host'), noted('"*"'), first('file')]) {
      expect(said(text).filter((line) => line.includes('silences'))).toEqual([]);
    }
  });

  const off = { rules: ALL, severities: new Map([['never', 'off'] as const]) };

  test.each([
    ['where the rule is off', first('next-line never'), off],
    ['where all rules are meant and one is off', first('next-line').replace('- a\n    - b', '- b').replace('hosts:', 'exportTo:'), off],
    ['where an annotation means all rules and one is off', noted('"*"').replace('- a\n    - b', '').replace('hosts:', 'exportTo:'), off],
    ['where a rule failed', first('next-line never'), { rules: [...ALL, failing] }],
    ['where template text stands in the resource', first('next-line never').replace('- b', '- $(HOST)'), { rules: ALL }],
    ['in a document that is not read', `# egress-lint-disable-file never\n${entry()}`.replace('kind: ServiceEntry', 'kind: Secret'), { rules: ALL }],
    ['in a template', `${first('next-line never')}{{- if .x }}\n{{- end }}\n`, { rules: ALL }],
    ['in a document that does not parse', `${first('next-line never')}a: b: c\n`, { rules: ALL }],
    ['of rules that speak of suppressions', first('next-line unused-suppression'), { rules: ALL }],
    ['where that is silenced by name', `# egress-lint-disable-file unused-suppression\n${first('next-line never')}`, { rules: ALL }],
  ])('not %s', (_, text, options) => {
    expect(said(text, options).filter((line) => line.includes('silences'))).toEqual([]);
  });

  test('a suppression for all rules does not silence what is said of it', () => {
    expect(said(`${entry('', '    - a\n').replace('- a', '- a # egress-lint-disable-line')}# egress-lint-disable-next-line`)).toEqual([
      expect.stringContaining(UNUSED),
    ]);
  });
});

describe('the fix', () => {
  const fixed = (text: string): string => {
    const fixes = run({ 'a.yaml': text }).findings.flatMap((finding) => finding.fixes);
    expect(fixes.every((fix) => fix.safe)).toBe(true);
    return applyEdits(
      text,
      fixes.flatMap((fix) => fix.edits),
    ).text;
  };

  test.each([
    ['takes a comment with its line', first('next-line never -- because'), entry()],
    ['takes a comment behind a value', entry().replace('DNS', 'DNS   # egress-lint-disable-line never'), entry()],
    ['takes one name', first('next-line never, any-host -- because'), first('next-line any-host -- because')],
    ['takes an annotation', noted('"never: because"'), entry('  annotations: {}\n')],
    ['takes a part of an annotation', noted('"any-host: x; never: y"'), noted('"any-host: x"')],
    ['takes one name of an annotation', noted('"never, any-host: x"'), noted('"any-host: x"')],
  ])('%s', (_, text, expected) => {
    expect(fixed(text)).toBe(expected);
  });
});

describe('names that no rule has', () => {
  const NO_RULE = (name: string): string => `no rule is called '${name}', so this silences nothing`;

  test.each([
    ['in a comment', first('next-line any-hots'), [`7: ${NO_RULE('any-hots')}`]],
    ['in an annotation', noted('"any-hots: x"'), [`6: ${NO_RULE('any-hots')}`]],
    ['a reason without dashes', first('next-line any-host because'), [`7: ${NO_RULE('because')}`]],
    ['an unknown code', first('file EL999'), [`7: ${NO_RULE('EL999')}`]],
    ['an unknown verb', first('nextline any-host'), ["7: 'egress-lint-disable-nextline' means nothing, so this comment silences nothing"]],
    ['none', first('next-line any-host, EL981, *'), []],
  ])('%s', (_, text, expected) => {
    expect(said(text).filter((line) => !line.includes('host '))).toEqual(expected);
  });

  test.each([
    ['any-hots', "did you mean 'any-host'?"],
    ['EL98', "did you mean 'EL981'?"],
    ['something-else-entirely', 'not the name of a rule'],
  ])('%s: %s', (name, label) => {
    const finding = run({ 'a.yaml': first(`next-line ${name}`) }).findings.find((each) => each.rule === 'unknown-rule-name');
    expect(finding?.label).toBe(label);
  });

  test('are reported even where nothing was judged', () => {
    expect(said(`# egress-lint-disable-file any-hots\n${entry()}`.replace('kind: ServiceEntry', 'kind: Secret'))).toEqual([`1: ${NO_RULE('any-hots')}`]);
  });
});
