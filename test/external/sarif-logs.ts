import { RULES } from '../../rules/index.ts';
import { defineRule } from '../../src/engine/rule.ts';
import type { ReportInput } from '../../src/report/report.ts';
import { sarif } from '../../src/report/sarif.ts';
import { finding, inputOf, lintedInput, marked, place } from '../report/support.ts';

/**
 * SARIF texts by name, made of all that ours can hold. Bundled and run by sarif-multitool.mjs.
 * @param fixtures YAML files with mistakes in them
 * @param pages the pages of rules
 */
export function sarifLogs(fixtures: readonly { file: string; text: string }[], pages: ReportInput['pages']): Readonly<Record<string, string>> {
  const tool = { name: 'egress-lint', version: '1.2.3', home: 'https://lint.example/docs/' };
  return {
    fixtures: sarif(lintedInput(fixtures, { showInfos: true, tool, pages })),
    'nothing-found': sarif(inputOf([], [], { rules: RULES, tool, pages })),
    'no-home': sarif(lintedInput(fixtures, { pages })),
    oddities: sarif(oddities(tool)),
  };
}

/** Odd file names, places of no length, related places, fixes in several files, text with brackets and control characters, a security rule, a crash. */
function oddities(tool: ReportInput['tool']): ReportInput {
  const source = marked('ä dir/[b]%#? 100%.yaml', '\ufeffkind: «Sidecar»\r\nspec: «»\r\n  egress: «😀»\r\n');
  const { file, text } = source;
  const edits = [
    { file, start: 1, end: 5, text: '' },
    { file: 'c:d.yaml', start: 0, end: 0, text: '# new\n' },
  ];
  const meta = {
    name: 'unknown-host',
    code: 'EL999',
    family: 'hosts',
    severity: 'warning',
    summary: 'Nobody registers a host.',
    securitySeverity: 5.5,
  } as const;
  const findings = [
    finding({
      location: place(source, 1),
      message: "spec.ports[0] says '[click](https://evil.example)' \u001b[2J and [0](1)",
      symptom: 'line one\nline two',
      help: 'add\n  hosts:\n    - a.example',
      severity: 'warning',
      confidence: 'likely',
      related: [
        { message: 'the kind [x](y)', location: place(source, 0) },
        { message: 'elsewhere', location: { ...place(source, 2), file: '../beyond the root.yaml' } },
      ],
      fixes: [
        { title: 'rewrite', safe: false, edits },
        { title: 'by hand', safe: true, edits: [] },
      ],
    }),
    finding({ location: place(source, 2), rule: 'crashed-rule', code: 'EL903', message: 'a rule failed' }),
  ];
  const files = [source, { file: 'c:d.yaml', text }];
  return inputOf(files, findings, { tool, rules: [...RULES, defineRule({ meta, messages: {}, create: () => ({}) })] });
}
