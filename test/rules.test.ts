import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { RULES } from '../rules/index.ts';
import { lintSettings } from '../src/config/apply.ts';
import { settingsOf } from '../src/config/layer.ts';
import { readConfig } from '../src/config/read-config.ts';
import type { RuleSeverities } from '../src/config/rule-severities.ts';
import type { LintOptions } from '../src/engine/lint-options.ts';
import { OWN_RULES } from '../src/engine/own-rules.ts';
import type { AnyRule } from '../src/engine/rule.ts';
import { lintText } from './support/lint-text.ts';
import { asMarkers, markersIn, mismatches } from './support/markers.ts';

const root = new URL('..', import.meta.url).pathname;

/** Rules that no text can break have a test of their own. */
const NOT_ABOUT_TEXT = ['unreadable-file'];

/** A rule that only a preset turns on is turned on for its own fixtures and page. */
function severitiesFor({ meta }: AnyRule): RuleSeverities {
  return new Map(meta.isOptIn ? [[meta.name, meta.strict ?? meta.severity]] : []);
}

/** The first line of fixtures for a rule that goes by options. */
const OPTIONS = /^# options: (\{.*\})\n/;

function optionsIn(name: string, text: string): Partial<LintOptions> {
  const written = OPTIONS.exec(text)?.[1];
  return written === undefined ? {} : { options: new Map([[name, JSON.parse(written) as unknown]]) };
}

/** The configuration that a page shows, where its examples are judged by one. */
const CONFIGURATION = /^```yaml\n(# egress-lint\.yaml\n[\s\S]*?)^```/m;

function settingsOfPage(text: string): Partial<LintOptions> {
  const shown = CONFIGURATION.exec(text)?.[1];
  if (shown === undefined) return {};
  const reading = readConfig({ file: 'egress-lint.yaml', text: shown }, RULES);
  if (!('file' in reading)) throw new Error(reading.problems.map(({ problem }) => problem).join('\n'));
  return lintSettings(settingsOf(reading.file, ''));
}

/** The first line of fixtures for a configuration that says that nothing lies outside of the files. */
const CLOSED_WORLD = '# closedWorld: true\n';

/** Fixtures of a rule: `bad-*` with markers, `good-*` and `near-*` (almost wrong) without. All rules run: one cause must give one finding. */
describe.each(RULES.filter((rule) => !OWN_RULES.includes(rule)).map((rule) => [rule.meta.name, rule] as const))('%s', (name, rule) => {
  const directory = `${root}test/rules/${name}`;
  const fixtures = existsSync(directory) ? readdirSync(directory).filter((file) => file.endsWith('.yaml')) : [];

  test.skipIf(NOT_ABOUT_TEXT.includes(name))('has a bad, a good and a near fixture', () => {
    for (const start of ['bad', 'good', 'near']) expect(fixtures.filter((file) => file.startsWith(start))).not.toHaveLength(0);
  });

  test.each(fixtures)('%s', (file) => {
    const text = readFileSync(`${directory}/${file}`, 'utf8');
    const expected = markersIn(text);
    const isBad = file.startsWith('bad');
    expect(expected.some((marker) => marker.rule === name && marker.level !== 'info')).toBe(isBad && rule.meta.severity !== 'info');
    const closedWorld = text.startsWith(CLOSED_WORLD);
    const findings = lintText(text, { severities: severitiesFor(rule), ...optionsIn(name, text) }, { closedWorld }).filter(
      (finding) => finding.severity !== 'info' || finding.rule === name,
    );
    // Related places are compared only where a fixture marks some, so that each need not repeat them.
    const actual = findings.flatMap(asMarkers).filter((marker) => marker.level !== 'related' || expected.some((each) => each.level === 'related'));
    expect(mismatches(expected, actual)).toEqual([]);
  });

  test.skipIf(NOT_ABOUT_TEXT.includes(name))('offers the fixes that it promises', () => {
    const offered = fixtures.flatMap((file) => {
      const text = readFileSync(`${directory}/${file}`, 'utf8');
      const options = { severities: severitiesFor(rule), ...optionsIn(name, text) };
      return lintText(text, options, { closedWorld: text.startsWith(CLOSED_WORLD) }).flatMap((each) => (each.rule === name ? each.fixes : []));
    });
    expect(rule.meta.fixable ?? 'none').toBe(offered.length === 0 ? 'none' : offered.some(({ safe }) => safe) ? 'safe' : 'suggestion');
  });

  describe('its page', () => {
    const page = `${root}docs/rules/${name}.md`;
    const text = existsSync(page) ? readFileSync(page, 'utf8') : '';
    const settings = settingsOfPage(text);

    test('says its code, name, severity, family and fixes', () => {
      expect(text.startsWith(`# ${name} (${rule.meta.code})\n`)).toBe(true);
      const [, severity = '', family, fix = ''] = /^\| --- \| --- \| --- \|\n\| (.*) \| (.*) \| (.*) \|$/m.exec(text) ?? [];
      expect(severity).toMatch(new RegExp(`\\b${rule.meta.severity}\\b`));
      expect(family).toBe(rule.meta.family);
      expect(fix).toMatch(new RegExp(`\\b${rule.meta.fixable ?? 'none'}\\b`));
      for (const heading of ['## What you see', '## Why', '## Wrong', '## Right', '## When not to use it']) expect(text).toContain(heading);
    });

    test.each(
      [...text.replace(CONFIGURATION, '').matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(
        (match) => [match.input.lastIndexOf('\n## Right', match.index) === -1 ? 'wrong' : 'right', match[1] ?? ''] as const,
      ),
    )('its %s example', (kind, yaml) => {
      const findings = lintText(yaml, { severities: severitiesFor(rule), ...settings }).filter(
        (finding) => finding.severity !== 'info' || finding.rule === name,
      );
      if (kind === 'right') expect(findings).toEqual([]);
      else expect(findings.map((finding) => finding.rule)).toContain(name);
    });
  });
});

test('the list of rules holds every file under rules/', () => {
  const files = globSyncNames(`${root}rules`);
  expect(
    RULES.filter((rule) => !OWN_RULES.includes(rule))
      .map((rule) => `${rule.meta.family}/${rule.meta.name}`)
      .sort(),
  ).toEqual(files.sort());
});

test('codes and names are used once', () => {
  expect(new Set(RULES.map((rule) => rule.meta.code)).size).toBe(RULES.length);
  expect(new Set(RULES.map((rule) => rule.meta.name)).size).toBe(RULES.length);
});

function globSyncNames(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file.includes('/'))
    .map((file) => file.replace(/\.ts$/, ''));
}

/** Security rules beside those of the family policy; code scanning lists them as alerts of their own. */
const SECURITY_RULES = [
  'bypassable-egress-gateway',
  'credential-in-wrong-namespace',
  'credential-without-selector',
  'gateway-bypassed',
  'incomplete-credential',
  'missing-credential',
  'open-egress',
  'plaintext-to-gateway',
  'port-captures-all-hosts',
  'unencrypted-egress',
  'unverified-server-name',
  'wildcard-egress',
];

test('security rules, and no others, have a security severity', () => {
  const expected = RULES.filter(({ meta }) => meta.family === 'policy' || SECURITY_RULES.includes(meta.name));
  expect(RULES.filter(({ meta }) => meta.securitySeverity !== undefined).map(({ meta }) => meta.name)).toEqual(expected.map(({ meta }) => meta.name));
});
