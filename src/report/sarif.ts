import type { Invocation, Log, Notification, Result, Run } from 'sarif';
import type { Finding } from '../engine/finding.ts';
import { crashedRule } from '../engine/own-rules.ts';
import { jsonText } from './json-text.ts';
import { lineHashes } from './line-hash.ts';
import { type Report, type ReportInput, SEVERITIES, shownFindings } from './report.ts';
import { type ResultContext, resultOf, sentence } from './sarif-result.ts';
import { descriptorOf } from './sarif-rule.ts';
import { sourceLines } from './source-lines.ts';

/**
 * SARIF 2.1.0 as GitHub code scanning wants it: every rule that ran with its page, results with four-number regions, relative URIs, the line
 * hashes that its upload action would compute, and links to related locations. Silenced findings are left out: GitHub would list them as open.
 */
export const sarif: Report = (input) => jsonText(logOf(input));

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';
/** More results in a run than this make GitHub refuse the file. */
const MOST_RESULTS = 25_000;

function logOf(input: ReportInput): Log {
  return { $schema: SCHEMA, version: '2.1.0', runs: [runOf(input)] };
}

function runOf(input: ReportInput): Run {
  const { tool, rules } = input;
  const { kept, dropped } = worst(shownFindings(input));
  return {
    tool: {
      driver: {
        name: tool.name,
        version: tool.version,
        semanticVersion: tool.version,
        ...(tool.home !== undefined && { informationUri: tool.home }),
        rules: rules.map((rule) => descriptorOf(rule, input)),
      },
    },
    automationDetails: { id: `${tool.name}/` },
    invocations: [invocationOf(kept, dropped)],
    originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository.' } } },
    columnKind: 'utf16CodeUnits',
    language: 'en-US',
    results: resultsOf(kept, input),
  };
}

function resultsOf(findings: readonly Finding[], { rules, sources }: ReportInput): Result[] {
  const ruleIndices = new Map(rules.map((rule, index) => [rule.meta.code, index]));
  const lines = sourceLines(sources);
  const lineHash = hashesOf(findings, lines);
  return findings.map((finding) => resultOf(finding, { ruleIndices, lines, lineHash }));
}

/** Line hashes are worked out once for each file that has findings. */
function hashesOf(findings: readonly Finding[], lines: ReturnType<typeof sourceLines>): ResultContext['lineHash'] {
  const wanted = new Map<string, Set<number>>();
  for (const { location } of findings) {
    const numbers = wanted.get(location.file);
    if (numbers) numbers.add(location.startLine);
    else wanted.set(location.file, new Set([location.startLine]));
  }
  const byFile = new Map<string, (line: number) => string | undefined>();
  for (const [file, numbers] of wanted) {
    const source = lines(file);
    if (source) byFile.set(file, lineHashes(source.text, numbers));
  }
  return ({ file, startLine }) => byFile.get(file)?.(startLine);
}

/** The findings that fit into a run, in their order: where there are too many, the least severe go. */
function worst(findings: readonly Finding[]): { readonly kept: readonly Finding[]; readonly dropped: number } {
  if (findings.length <= MOST_RESULTS) return { kept: findings, dropped: 0 };
  const bySeverity = SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
  const kept = new Set(bySeverity.slice(0, MOST_RESULTS));
  return { kept: findings.filter((finding) => kept.has(finding)), dropped: findings.length - kept.size };
}

function invocationOf(findings: readonly Finding[], dropped: number): Invocation {
  const notifications: Notification[] = findings
    .filter((finding) => finding.rule === crashedRule.meta.name)
    .map((finding) => ({ level: 'error', message: { text: sentence(finding.message) } }));
  const executionSuccessful = notifications.length === 0;
  if (dropped > 0) {
    const text = `${dropped} findings are left out of this file: code scanning takes ${MOST_RESULTS} results at most. The most severe are in it.`;
    notifications.push({ level: 'warning', message: { text } });
  }
  return { executionSuccessful, ...(notifications.length > 0 && { toolExecutionNotifications: notifications }) };
}
