import type { Finding, Severity } from '../engine/finding.ts';
import { fullText } from './full-text.ts';
import { jsonText } from './json-text.ts';
import { type Report, shownFindings } from './report.ts';

/**
 * GitLab's Code Quality report: the part of Code Climate's format that GitLab reads. It hides `check_name`, so the description begins with the rule.
 * @see https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 */
export const gitlab: Report = (input) => {
  const fingerprints = new Fingerprints();
  return jsonText(shownFindings(input).map((finding) => issueOf(finding, fingerprints.of(finding))));
};

const SEVERITY: Readonly<Record<Severity, 'major' | 'minor' | 'info'>> = { error: 'major', warning: 'minor', info: 'info' };

function issueOf(finding: Finding, fingerprint: string): unknown {
  const { rule, severity, location } = finding;
  return {
    description: `${rule}: ${fullText(finding)}`,
    check_name: rule,
    fingerprint,
    severity: SEVERITY[severity],
    location: {
      path: location.file,
      positions: {
        begin: { line: location.startLine, column: location.startColumn },
        end: { line: location.endLine, column: location.endColumn },
      },
    },
  };
}

/**
 * Names for issues, each used once: of two with one name GitLab shows only the first. One object may stand in several environments, so the file
 * is part of the name; the line is not, or an edit above would make an old issue a new one.
 */
class Fingerprints {
  private readonly taken = new Map<string, number>();

  of({ fingerprint, location }: Finding): string {
    const name = `${fingerprint}:${location.file}`;
    const count = this.taken.get(name) ?? 0;
    this.taken.set(name, count + 1);
    return count === 0 ? name : `${name}:${count + 1}`;
  }
}
