import type { ReportingDescriptor } from 'sarif';
import type { Severity } from '../engine/finding.ts';
import { type AnyRule, docsOf, type RuleMeta } from '../engine/rule.ts';
import { pageUrl, type ReportInput } from './report.ts';
import { pageMarkdown, pagePlainText, sectionPlainText } from './rule-page.ts';
import { LEVELS } from './sarif-result.ts';

/** GitHub cuts descriptions here. */
const LONGEST_DESCRIPTION = 1024;

/** A rule as SARIF describes it, whether or not it found something: GitHub takes the list for what the tool can find. */
export function descriptorOf({ meta }: AnyRule, { tool, pages }: Pick<ReportInput, 'tool' | 'pages'>): ReportingDescriptor {
  const url = pageUrl(tool, docsOf(meta));
  const page = pages(meta.name);
  const why = page === undefined ? '' : sectionPlainText(page, 'Why');
  return {
    id: meta.code,
    name: pascalCase(meta.name),
    shortDescription: { text: shortened(meta.summary) },
    fullDescription: { text: shortened(why === '' ? meta.summary : `${meta.summary} ${why}`) },
    ...(url !== undefined && { helpUri: url }),
    help: page === undefined ? { text: meta.summary } : { text: pagePlainText(page), markdown: pageMarkdown(page, url) },
    defaultConfiguration: { level: LEVELS[meta.severity] },
    properties: propertiesOf(meta),
  };
}

/** Names and values as GitHub reads them. */
function propertiesOf(meta: RuleMeta): NonNullable<ReportingDescriptor['properties']> {
  const isSecurity = meta.securitySeverity !== undefined;
  return {
    tags: ['istio', 'egress', meta.family, ...(isSecurity ? ['security'] : [])],
    precision: PRECISION[meta.severity],
    'problem.severity': PROBLEM_SEVERITY[meta.severity],
    ...(isSecurity && { 'security-severity': meta.securitySeverity.toFixed(1) }),
  };
}

/** An error is certain; a warning may rest on what the files do not show. */
const PRECISION: Readonly<Record<Severity, 'very-high' | 'high' | 'medium'>> = { error: 'very-high', warning: 'high', info: 'medium' };
const PROBLEM_SEVERITY: Readonly<Record<Severity, 'error' | 'warning' | 'recommendation'>> = { error: 'error', warning: 'warning', info: 'recommendation' };

function pascalCase(name: string): string {
  return name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Ends with a whole sentence where one fits. */
function shortened(text: string): string {
  if (text.length <= LONGEST_DESCRIPTION) return text;
  const head = text.slice(0, LONGEST_DESCRIPTION);
  const stop = head.lastIndexOf('. ');
  return stop > 0 ? head.slice(0, stop + 1) : `${head.slice(0, LONGEST_DESCRIPTION - 1)}…`;
}
