import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { directory, type Outcome, root, runNode } from './support.ts';

const NAME = 'twice-told-tale';
const PARTS = [
  'src',
  'rules',
  'docs',
  'test/rules',
  'test/support',
  'test/rules.test.ts',
  'test/vitest.config.ts',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
];

describe('npm run new-rule', () => {
  const copy = directory();
  let made: Outcome;

  beforeAll(() => {
    for (const part of PARTS) cpSync(join(root, part), join(copy, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    made = newRule(NAME, '--family', 'ports');
  });

  const newRule = (...args: readonly string[]): Outcome => runNode([join(copy, 'src/scripts/new-rule.mjs'), ...args], { cwd: copy });

  test('writes the rule, its page and its fixtures, and lists it under the next code', () => {
    expect(made).toMatchObject({ status: 0, err: '' });
    for (const file of [
      `rules/ports/${NAME}.ts`,
      `docs/rules/${NAME}.md`,
      ...['bad', 'good', 'near'].map((start) => `test/rules/${NAME}/${start}-example.yaml`),
    ]) {
      expect(made.out).toContain(file);
      expect(existsSync(join(copy, file))).toBe(true);
    }
    expect(readFileSync(join(copy, 'rules/codes.md'), 'utf8')).toMatch(new RegExp(`^\\| EL4\\d\\d \\| ${NAME} \\| ports \\|$`, 'm'));
    expect(readFileSync(join(copy, 'rules/index.ts'), 'utf8')).toContain(`import twiceToldTale from './ports/${NAME}.ts';`);
  });

  test('what it writes type-checks', () => {
    const { out } = runNode([join(copy, 'node_modules/typescript/bin/tsc'), '-p', copy, '--pretty', 'false'], { cwd: copy });
    expect(out.split('\n').filter((line) => line.includes(NAME) || line.startsWith('rules/index.ts'))).toEqual([]);
  });

  test('its tests fail until it is filled in', () => {
    const args = ['run', '--config', 'test/vitest.config.ts', 'test/rules.test.ts', '-t', NAME, '--reporter=json'];
    const { status, out } = runNode([join(copy, 'node_modules/vitest/vitest.mjs'), ...args], { cwd: copy });
    expect(status).toBe(1);
    const report = JSON.parse(out) as { numFailedTests: number; testResults: { assertionResults: { status: string; title: string }[] }[] };
    const failed = report.testResults.flatMap((file) => file.assertionResults).filter((each) => each.status === 'failed');
    expect(failed.map((each) => each.title)).toEqual(['bad-example.yaml', 'its wrong example']);
  });

  test.each([
    [[], 'write one name'],
    [['NotKebab'], "'NotKebab' is not in kebab-case"],
    [['a-rule', '--family', 'dns'], "there is no family 'dns'"],
    [['sidecar-host-format'], 'the rule sidecar-host-format exists already'],
    [['a-rule', '--bogus'], "Unknown option '--bogus'"],
  ])('refuses %j', (args, message) => {
    const { status, err } = newRule(...args);
    expect(status).toBe(2);
    expect(err).toContain(`error: ${message}`);
    expect(err).toContain('usage: npm run new-rule NAME');
  });
});
