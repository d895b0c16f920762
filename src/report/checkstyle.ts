import type { Finding } from '../engine/finding.ts';
import { addTo } from '../mesh/group-by.ts';
import { type Report, shownFindings } from './report.ts';
import { printableLine } from './terminal-text.ts';
import { type XmlElement, xmlText } from './xml.ts';

/**
 * The XML of Checkstyle 4.3, which Jenkins' Warnings plugin, reviewdog and many others read. An error has room for one line: the message, and what to do.
 * @see https://github.com/checkstyle/checkstyle, XMLLogger
 */
export const checkstyle: Report = (input) => {
  const byFile = new Map<string, Finding[]>();
  for (const finding of shownFindings(input)) {
    const { file } = finding.location;
    addTo(byFile, file, finding);
  }
  return xmlText('checkstyle', { '@version': '4.3', file: [...byFile].map(([file, findings]) => ({ '@name': file, error: findings.map(errorOf) })) });
};

function errorOf({ location, severity, message, help, rule, code }: Finding): XmlElement {
  return {
    '@line': location.startLine,
    '@column': location.startColumn,
    '@severity': severity,
    '@message': printableLine(help === undefined ? message : `${message}; ${help}`),
    '@source': `egress-lint.${rule}.${code}`,
  };
}
