// Rules of a repository run in a program that npm installed globally from the packed package: one that imports nothing, and one that imports
// egress-lint/rule, which nothing near it provides. Needs npm and its registry.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { must } from './support/python.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(path.join(tmpdir(), 'egress-lint-plugins-'));
const windows = process.platform === 'win32';
const npm = windows ? 'npm.cmd' : 'npm';
/** npm tells the programs it starts how it was called itself. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(?!config_(?:registry|userconfig|cache)$)|^INIT_CWD$/i.test(name)));

const ENTRY =
  'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: rates, namespace: shop }\nspec:\n  hosts: [rates.bank.example]\n  location: MESH_EXTERNAL\n  resolution: DNS\n  ports: [{ number: 443, name: tls, protocol: TLS }]\n';
const rule = (name, code) =>
  `{ meta: { name: '${name}', code: '${code}', severity: 'error', summary: 'Foo.' }, messages: { bad: { text: 'found' } }, create: ({ report }) => ({ ServiceEntry(entry) { report('bad', { resource: entry, path: [] }); } }) }`;

try {
  const tarball = must(npm, ['pack', '--silent', '--pack-destination', scratch], { cwd: root, env }).trim();
  const prefix = path.join(scratch, 'prefix');
  must(npm, ['install', '--global', '--prefix', prefix, '--no-audit', '--no-fund', path.join(scratch, tarball)], { cwd: scratch, env });
  const command = windows ? path.join(prefix, 'egress-lint.cmd') : path.join(prefix, 'bin/egress-lint');

  const repository = path.join(scratch, 'repository');
  mkdirSync(path.join(repository, 'rules'), { recursive: true });
  const write = (file, text) => writeFileSync(path.join(repository, file), text);
  write('rates.yaml', ENTRY);
  write('egress-lint.yaml', 'plugins: [./rules/plain.mjs, ./rules/imports.mjs]\n');
  write('rules/plain.mjs', `export default ${rule('plain', 'ACME001')};\n`);
  write('rules/imports.mjs', `import { defineRule } from 'egress-lint/rule';\nexport default [defineRule(${rule('imports', 'ACME002')})];\n`);
  const run = (...args) => spawnSync(command, ['--format', 'concise', ...args], { cwd: repository, env, encoding: 'utf8', shell: windows });

  const refused = run();
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /--allow-plugins/);
  const { status, stdout, stderr } = run('--allow-plugins');
  assert.equal(status, 1, stderr);
  assert.match(stdout, /error\[plain\] found/);
  assert.match(stdout, /error\[imports\] found/);
  assert.equal(stderr, '');
  const ask = (...args) => spawnSync(command, [...args, '--allow-plugins'], { cwd: repository, env, encoding: 'utf8', shell: windows });
  assert.match(ask('rules').stdout, /^ACME001 +plain .*\nACME002 +imports /m);
  assert.match(ask('explain', 'imports').stdout, /^imports \(ACME002\)$/m);
  console.log('rules of a repository run in a program that is installed globally');
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
