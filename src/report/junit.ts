import type { Finding } from '../engine/finding.ts';
import { addTo } from '../mesh/group-by.ts';
import { remarksOf } from './full-text.ts';
import { type Report, shownFindings } from './report.ts';
import { printableLine } from './terminal-text.ts';
import { type XmlElement, xmlText } from './xml.ts';

/**
 * JUnit's XML, as Jenkins, GitLab, Azure and CircleCI read it: a suite for each file with findings, a failed case for each finding, listed at its rule.
 * A run without findings is one case that passed, for several readers take a report without cases for a broken one.
 * @see https://github.com/jenkinsci/xunit-plugin, junit-10.xsd
 */
export const junit: Report = (input) => {
  const findings = shownFindings(input);
  const cases = new Map<string, XmlElement[]>();
  for (const finding of findings) {
    const { file } = finding.location;
    addTo(cases, file, caseOf(finding));
  }
  const suites = [...cases].map(([file, list]) => suite(file, list, list.length));
  const passed = suite(input.tool.name, [{ '@classname': input.tool.name, '@name': 'no findings', '@time': 0 }], 0);
  const counts = { '@tests': Math.max(findings.length, 1), '@failures': findings.length, '@errors': 0 };
  return xmlText('testsuites', { '@name': input.tool.name, ...counts, testsuite: suites.length === 0 ? [passed] : suites });
};

function suite(name: string, cases: readonly XmlElement[], failures: number): XmlElement {
  return { '@name': name, '@tests': cases.length, '@failures': failures, '@errors': 0, '@skipped': 0, '@time': 0, testcase: cases };
}

function caseOf(finding: Finding): XmlElement {
  const { location, rule, code, severity, message, docs } = finding;
  const { file, startLine, startColumn } = location;
  const place = `${file}:${startLine}:${startColumn}`;
  const details = [place, ...remarksOf(finding).map(({ name, text }) => `${name}: ${text}`), `docs: ${docs}`].join('\n');
  return {
    '@classname': file,
    '@name': `${code} ${rule} (${startLine}:${startColumn})`,
    '@file': file,
    '@line': startLine,
    '@time': 0,
    failure: { '@type': severity, '@message': printableLine(message), '#text': details },
  };
}
