import { describe, expect, test } from 'vitest';
import { BAD, directory, egressLint, GOOD, OTHER } from './support.ts';

const FORMATS = ['pretty', 'concise', 'json', 'sarif'];

describe('0', () => {
  test.each(FORMATS)('nothing found, in %s', (format) => {
    const cwd = directory({ 'a.yaml': GOOD });
    expect(egressLint(['a.yaml', '--format', format], { cwd })).toMatchObject({ status: 0, err: '' });
  });

  test('no Istio resource in what was read; it says so', () => {
    const cwd = directory({ 'a.yaml': OTHER });
    expect(egressLint([], { cwd })).toEqual({ status: 0, out: 'nothing to check: no Istio resource was found in 1 file\n', err: '' });
    expect(egressLint(['--format', 'json'], { cwd })).toMatchObject({ status: 0, err: 'nothing to check: no Istio resource was found in 1 file\n' });
  });

  test('findings below the fail level', () => {
    const cwd = directory({ 'a.yaml': BAD });
    expect(egressLint(['--rule', 'sidecar-host-format=warning'], { cwd }).status).toBe(0);
    expect(egressLint(['--rule', 'sidecar-host-format=info', '--fail-on', 'warning'], { cwd }).status).toBe(0);
    expect(egressLint(['--rule', 'EL501=off', '--fail-on', 'info'], { cwd }).status).toBe(0);
  });

  test('findings with --exit-zero', () => {
    const cwd = directory({ 'a.yaml': BAD });
    const { status, out } = egressLint(['--exit-zero'], { cwd });
    expect(status).toBe(0);
    expect(out).toContain('error[EL501 sidecar-host-format]');
  });

  test.each([['--help'], ['lint', '--help'], ['--version'], ['rules'], ['explain', 'EL501']])('%s %s', (...args) => {
    expect(egressLint(args, { cwd: directory() })).toMatchObject({ status: 0, err: '' });
  });
});

describe('1', () => {
  test.each(FORMATS)('an error, in %s', (format) => {
    const cwd = directory({ 'a.yaml': BAD });
    const { status, out } = egressLint(['--format', format], { cwd });
    expect(status).toBe(1);
    expect(out).toContain('sidecar-host-format');
  });

  test('more warnings than allowed', () => {
    const cwd = directory({ 'a.yaml': BAD });
    expect(egressLint(['--rule', 'sidecar-host-format=warning', '--max-warnings', '0'], { cwd }).status).toBe(1);
    expect(egressLint(['--rule', 'sidecar-host-format=warning', '--max-warnings', '1'], { cwd }).status).toBe(0);
  });

  test('an info, where infos fail; it is shown then', () => {
    const cwd = directory({ 'a.yaml': BAD });
    const { status, out } = egressLint(['--rule', 'sidecar-host-format=info', '--fail-on', 'info'], { cwd });
    expect(status).toBe(1);
    expect(out).toContain('info[EL501 sidecar-host-format]');
  });
});

describe('2', () => {
  test('a named path that does not exist; the others are still checked', () => {
    const cwd = directory({ 'a.yaml': BAD });
    const { status, out, err } = egressLint(['k8s', 'a.yaml', '*.yml'], { cwd });
    expect(status).toBe(2);
    expect(err).toBe("error: cannot read '*.yml': no file matches this pattern\nerror: cannot read 'k8s': no such file or directory\n");
    expect(out).toContain('sidecar-host-format');
  });

  test('--exit-zero does not hide that the run failed', () => {
    expect(egressLint(['k8s', '--exit-zero'], { cwd: directory() }).status).toBe(2);
  });

  test('an empty directory', () => {
    const cwd = directory();
    expect(egressLint([], { cwd })).toEqual({ status: 2, out: '', err: 'error: nothing to check: no .yaml, .yml or .json file in the current directory\n' });
    expect(egressLint(['.', '..', '--format', 'json'], { cwd: directory({ 'x/README.md': '' }).concat('/x') })).toMatchObject({
      status: 2,
      err: "error: nothing to check: no .yaml, .yml or .json file in '.', '..'\n",
    });
  });

  test('nothing readable', () => {
    const cwd = directory({ 'a.yaml': Buffer.from([1, 0, 2]) });
    const { status, err } = egressLint(['-q'], { cwd });
    expect(status).toBe(2);
    expect(err).toBe("error: nothing to check: 'a.yaml' was not read: it is binary: byte 2 is NUL (UTF-16 is read only with a byte order mark)\n");
  });

  test.each([
    [['--fromat', 'json'], "error: unknown option '--fromat'; did you mean --format?\n"],
    [['--bogus'], "error: unknown option '--bogus'; see 'egress-lint --help'\n"],
    [['--format', 'prety'], "error: there is no format 'prety'; did you mean 'pretty'?\n"],
    [['--format', 'xml'], "error: there is no format 'xml'; write one of pretty, concise, json, jsonl, sarif, github, gitlab, junit, checkstyle, markdown\n"],
    [
      ['--format', 'json', '--format', 'sarif'],
      'error: two reports are to go to standard output, json and sarif; write one of them to a file: --format sarif=FILE\n',
    ],
    [['--format', 'json=a', '--format', 'sarif=a'], 'error: two reports are to go to a; give each a file of its own\n'],
    [['--format', 'json='], 'error: --format json= names no file; write --format json=FILE\n'],
    [['--rule', 'sidecar-host-fromat=off'], "error: --rule: there is no rule 'sidecar-host-fromat'; did you mean 'sidecar-host-format'?\n"],
    [
      ['--rule', 'EL000=off'],
      "error: --rule: there is no rule with the code EL000; the nearest are EL101 (unparsable-yaml), EL102 (template-text), EL103 (unknown-field); 'egress-lint rules' lists all rules\n",
    ],
    [['--rule', 'EL501=warn'], "error: --rule: 'warn' is no severity; write sidecar-host-format=error|warning|info|off\n"],
    [['--rule', 'EL501'], "error: --rule: 'EL501' says no severity; write sidecar-host-format=error|warning|info|off\n"],
    [['--max-warnings', 'many'], "error: option '--max-warnings <N>' argument 'many' is invalid. Write a whole number; see 'egress-lint --help'\n"],
    [['--fail-on', 'x'], "error: option '--fail-on <SEVERITY>' argument 'x' is invalid. Allowed choices are error, warning, info; see 'egress-lint --help'\n"],
    [
      ['explain', 'sidecar-host-fromat'],
      "error: there is no rule 'sidecar-host-fromat', and no page knows it as a symptom; did you mean 'sidecar-host-format'?\n",
    ],
    [['explain'], "error: missing required argument 'RULE|TEXT'; see 'egress-lint explain --help'\n"],
  ])('wrong usage: %j', (args, message) => {
    expect(egressLint(args, { cwd: directory({ 'a.yaml': BAD }) })).toEqual({ status: 2, out: '', err: message });
  });

  test('a report that cannot be written', () => {
    const cwd = directory({ 'a.yaml': GOOD });
    expect(egressLint(['a.yaml', '--format', 'json=a.yaml/x.json'], { cwd })).toEqual({
      status: 2,
      out: '',
      err: 'error: cannot write the report to a.yaml/x.json: it exists already and is no directory; name a file that can be written\n',
    });
  });
});
