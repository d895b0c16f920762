import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { egressLint, root } from './support.ts';

test('the output in the README is what the program prints', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const [, path = '', shown] = /```console\n\$ npm start -- (\S+)\n([\s\S]*?)```/.exec(readme) ?? [];
  const { out, status } = egressLint([path], { cwd: root });
  expect(status).toBe(1);
  expect(shown).toBe(out);
});

test('every option that the README names exists', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const { out: help } = egressLint(['--help'], { cwd: root });
  const options = [...readme.matchAll(/(?<=[\s`(])--[a-z][a-z-]+/g)].map(([option]) => option).filter((option) => !['--silent'].includes(option));
  expect(options.length).toBeGreaterThan(2);
  for (const option of options) expect(help).toContain(option);
});
