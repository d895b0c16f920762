import { describe, expect, test } from 'vitest';
import { RULES } from '../../rules/index.ts';
import { readConfig } from '../../src/config/read-config.ts';

/** The problems of a configuration, in the form `line:column problem; hint`. */
function problemsOf(text: string): readonly string[] {
  const { problems } = readConfig({ file: 'egress-lint.yaml', text }, RULES);
  return problems.map(({ line, column, problem, hint }) => `${line}:${column} ${problem}; ${hint}`);
}

describe('a configuration file', () => {
  test.each(['', '# nothing yet\n', '---\n', 'rules: {}\n', 'extends:\nrules:\n'])('may say nothing: %j', (text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  test.each<[string, string]>([
    ['rulez: {}', "1:1 there is no key 'rulez' in the configuration; did you mean 'rules'?"],
    ['closed_world: true', "1:1 there is no key 'closed_world'; did you mean 'closedWorld'?"],
    ['- a', '1:1 the file must be a mapping, and is a list; undefined'],
    ['namespace: 7', '1:12 namespace must be text, and is the number 7; undefined'],
    ['namespace: yes', '1:12 namespace must be text, and YAML reads this as true or false; put it in quotes'],
    ['failOn: warn', "1:9 failOn cannot be 'warn'; did you mean 'warning'?"],
    ['maxWarnings: -1', '1:14 maxWarnings is -1; it has to be at least 0'],
    ['closedWorld: "true"', "1:14 closedWorld must be true or false, and is the text 'true'; undefined"],
    ['assume:\n  services:\n    - name: a\n      namespace: b', "3:7 assume.services[0] lacks 'ports'; add 'ports'"],
    ['assume:\n  gateways:\n    - name: a', '3:7 this says nothing of the gateway a but its name; add its namespace, tlsMode or ports'],
    ['assume:\n  gateways:\n    - name: a\n      tlsMode: Istio', "4:16 assume.gateways[0].tlsMode cannot be 'Istio'; did you mean 'istio'?"],
    ['meshConfig: REGISTRY_ONLY', '1:13 meshConfig must be a mapping; write fields of MeshConfig below it'],
    ['meshConfig:\n  outboundTraffic: {}', "2:3 there is no key 'outboundTraffic' in MeshConfig; did you mean 'outboundTrafficPolicy'?"],
    ['meshes:\n  prod: envs/prod', "2:9 meshes.prod must be a list, and is the text 'envs/prod'; undefined"],
    ['ignore: [./vendor]', "1:10 the pattern './vendor' matches nothing; write it relative to the directory of this file, without ./ or ../"],
    ['ignore: ["{a,b}/**"]', "1:10 braces mean nothing in the pattern '{a,b}/**'; write a pattern for each of the choices"],
    ['extends: 3', "1:10 extends must name a preset, a file or a package; write recommended, strict, all, ./FILE or a package's name"],
    ['a: [', "1:4 the '[' that opens here is not closed: a ']' is missing; undefined"],
    ['namespace: a\n---\nnamespace: b', '2:4 a second document starts here; keep all settings in the first one'],
    ['rules:\n{{ include "rules" }}', '1:1 lines of this file are template text; write plain YAML: the file is read as it stands'],
  ])('%j', (text, expected) => {
    expect(problemsOf(text)).toEqual([expected]);
  });

  test('tells everything that is wrong at once, from top to bottom', () => {
    expect(problemsOf('rules: { x: error }\nfailOn: no\nmaxWarnings: many\n').map((each) => each.slice(0, 3))).toEqual(['1:1', '2:9', '3:1']);
  });

  test('takes both spellings of MeshConfig, and numbers of enums', () => {
    expect(problemsOf('meshConfig: { outbound_traffic_policy: { mode: 1 } }')).toEqual([]);
  });

  test('takes names that look like template text as they are', () => {
    expect(problemsOf('ignore: [__fixtures__, "$(x)/", "<old>/"]')).toEqual([]);
  });
});

describe('rules', () => {
  const settings = (text: string) => {
    const reading = readConfig({ file: 'egress-lint.yaml', text }, RULES);
    return 'file' in reading ? Object.fromEntries([...reading.file.rules].map(([name, { severity }]) => [name, severity])) : reading.problems;
  };

  test('are set by name or code, in either form', () => {
    expect(settings('rules:\n  unknown-field: warning\n  EL104: [info]\n  el105: "off"\n')).toEqual({
      'unknown-field': 'warning',
      'snake-case-field': 'info',
      'missing-field': 'off',
    });
  });

  test('may be off without quotes, which YAML reads as false', () => {
    expect(settings('rules: { unknown-field: off }')).toEqual({ 'unknown-field': 'off' });
  });

  test.each<[string, string]>([
    ['rules: { unknown-feild: error }', "1:10 there is no rule 'unknown-feild'; did you mean 'unknown-field'?"],
    ['rules: { unknown-field: warn }', "1:25 'warn' is no severity; did you mean 'warning'?"],
    ['rules: { unknown-field: on }', '1:25 this is no severity; write one of off, info, warning, error'],
    ['rules: { unknown-field: 2 }', '1:25 this is no severity; write one of off, info, warning, error'],
    ['rules: { unknown-field: [] }', '1:10 this is no severity; write one of off, info, warning, error'],
    ['rules: { unknown-field: [error, {}] }', '1:33 unknown-field has no options; write its severity only: unknown-field: error'],
    ['rules: { unknown-field: [error, {}, {}] }', '1:25 unknown-field has 3 values; write [severity, options]'],
    ['rules: [unknown-field]', '1:8 rules must be a mapping, and is a list; undefined'],
    ['overrides: [{ files: [a], rules: { nothing: error } }]', "1:36 there is no rule 'nothing'; 'egress-lint rules' lists all rules"],
    ['overrides: [{ files: [a] }]', "1:13 overrides[0] lacks 'rules'; add 'rules'"],
    ['overrides:\n  - rules: {}', '2:5 this override does not say what it is for; add files, namespaces or kinds; what is for everything stands under rules'],
    [
      'overrides: [{ kinds: [Gateway], rules: { EL103: [error, {}] } }]',
      '1:49 unknown-field has options here; an override sets severities only: write options under rules',
    ],
  ])('%j', (text, expected) => {
    expect(problemsOf(text)).toEqual([expected]);
  });
});
