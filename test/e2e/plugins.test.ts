import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { directory, egressLint, GOOD, type Outcome, plainEnvironment, root } from './support.ts';

const ENTRY =
  'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: rates, namespace: shop }\nspec:\n  hosts: [rates.bank.example]\n  location: MESH_EXTERNAL\n  resolution: DNS\n  ports: [{ number: 443, name: tls, protocol: TLS }]\n';

/** A rule that finds fault with every ServiceEntry; parts of it may be replaced. */
const rule = ({ meta = '', name = 'no-foo', code = 'ACME001', messages = "{ bad: { text: 'entry {name}' } }", create = '' } = {}): string =>
  `{ meta: { name: '${name}', code: '${code}', severity: 'error', summary: 'Foo.', ${meta} }, messages: ${messages}, create: ${
    create || "({ report }) => ({ ServiceEntry(entry) { report('bad', { resource: entry, path: ['metadata', 'name'] }, { data: { name: entry.name } }); } })"
  } }`;

const tree = (module: string, config = ''): string =>
  directory({ '.git/HEAD': '', 'egress-lint.yaml': `plugins: [./rules/foo.mjs]\n${config}`, 'rules/foo.mjs': module, 'k8s/rates.yaml': ENTRY });

const run = (cwd: string, ...args: string[]): Outcome => egressLint([...(args.includes('--format') ? [] : ['--format', 'concise']), ...args], { cwd });
const allowed = (module: string, config?: string, ...args: string[]): Outcome => run(tree(module, config), '--allow-plugins', ...args);

describe('plugins', () => {
  test('do not run unasked', () => {
    const cwd = tree(`throw new Error('this must not run');`);
    for (const args of [['.'], ['config', 'print']]) {
      expect(egressLint(args, { cwd })).toEqual({
        status: 2,
        out: '',
        err: 'error: egress-lint.yaml:1:11: this configuration runs a module, ./rules/foo.mjs, and nothing is run unasked; add --allow-plugins if you trust this repository\n',
      });
    }
    expect(run(cwd, '--no-config').status).toBe(0);
  });

  test('bring rules that are like ours', () => {
    const module = `export default [${rule()}, ${rule({ name: 'no-bar', code: 'ACME002', meta: 'isOptIn: true' })}];`;
    expect(allowed(module)).toMatchObject({ status: 1, out: expect.stringContaining('k8s/rates.yaml:3:19: error[no-foo] entry rates\n') });
    expect(allowed(module, 'rules: { no-foo: warning }\n')).toMatchObject({ status: 0, out: expect.stringContaining('warning[no-foo]') });
    expect(allowed(module, 'overrides: [{ namespaces: [shop], rules: { acme001: off } }]\n').out).not.toContain('no-foo');
    expect(allowed(module, 'rules: { no-bar: error, no-foo: off }\n').out).toContain('error[no-bar]');
    expect(allowed(module, '', '--rule', 'ACME001=off', '--rule', 'no-bar=warning').out).toContain('warning[no-bar]');
    const silenced = tree(module);
    const text = `# egress-lint-disable-file no-foo -- on purpose\n${ENTRY}`;
    expect(egressLint(['-', '--allow-plugins', '--stdin-filename', 'k8s/rates.yaml'], { cwd: silenced, input: text })).toMatchObject({ status: 0 });
    expect(run(silenced, '--allow-plugins', '--format', 'json').out).toContain('"docs": "rules/foo.mjs"');
    expect(egressLint(['--allow-plugins'], { cwd: silenced }).out).toMatch(/= docs: rules\/foo\.mjs$/m);
  });

  test('are named by what is extended, too', () => {
    const cwd = directory({
      '.git/HEAD': '',
      'k8s/rates.yaml': ENTRY,
      'egress-lint.yaml': 'extends: [strict, ./lint/base.yaml, acme]\nplugins: [./lint/../lint/foo.mjs]\nrules: { no-bar: warning }\n',
      'lint/base.yaml': 'plugins: [./foo.mjs]\nrules: { no-foo: warning }\n',
      'lint/foo.mjs': `export default ${rule()};`,
      'node_modules/acme/egress-lint.yaml': 'plugins: [./bar.mjs]\n',
      'node_modules/acme/bar.mjs': `export default ${rule({ name: 'no-bar', code: 'ACME2' })};`,
    });
    const { out, status } = run(cwd, '--allow-plugins');
    expect(out.match(/\w+\[no-\w+\]/g)).toEqual(['warning[no-foo]', 'warning[no-bar]']);
    expect(status).toBe(0);
    const printed = egressLint(['config', 'print', 'k8s', '--allow-plugins'], { cwd }).out;
    expect(printed).toMatch(/^plugins +\.\/foo\.mjs +lint\/base\.yaml:1$/m);
    expect(egressLint(['config', 'print', 'k8s', '--allow-plugins', '--all'], { cwd }).out).toMatch(/^rules\.no-bar +warning +egress-lint\.yaml:3$/m);
    expect(printed).toMatch(/^rules\.no-foo +warning +lint\/base\.yaml:2$/m);
  });

  test('take options that they describe', () => {
    const create =
      "({ report, options }) => ({ ServiceEntry(entry) { for (const [index, owner] of options.owners.entries()) report('bad', { resource: entry, path: ['spec', ['hosts', 'location'][index]] }, { data: { name: owner } }); } })";
    const meta = "options: field.object('options', { owners: field.list(field.string()) })";
    const module = `import { defineRule, field } from 'egress-lint/rule';\nexport default defineRule(${rule({ meta, create })});`;
    expect(allowed(module, 'rules: { no-foo: [error, { owners: [pay, web] }] }\n').out.match(/entry \w+$/gm)).toEqual(['entry pay', 'entry web']);
    expect(allowed(module, 'rules: { no-foo: [error, { owner: [pay] }] }\n')).toMatchObject({
      status: 2,
      err: expect.stringContaining("there is no key 'owner'"),
    });
  });

  describe('are known to who asks about rules', () => {
    const meta =
      "docs: { text: '## Why\\n\\nNobody is asked.', url: 'https://wiki.example/foo' }, options: field.object('options', { owners: field.list(field.string(), { description: 'Who may own.', otherwise: 'all' }) })";
    const module = `import { field } from 'egress-lint/rule';\nexport default [${rule({ meta })}, ${rule({ name: 'no-bar', code: 'ACME002', meta: 'isOptIn: true', messages: "{ bad: { text: 'entry {name}', help: 'call it bar' } }" })}];`;
    const ask = (...args: readonly string[]) => egressLint(args, { cwd: tree(module) });

    test('rules lists them where they may run, and says that they are there where not', () => {
      expect(ask('rules', '--allow-plugins').out).toMatch(/^ACME001 +no-foo +error +Foo\.\nACME002 +no-bar +off +Foo\.\nEL101 +unparsable-yaml/m);
      const listed = JSON.parse(ask('rules', '--allow-plugins', '--format', 'json').out) as readonly unknown[];
      expect(listed.slice(0, 2)).toMatchObject([
        { name: 'no-foo', docs: 'https://wiki.example/foo', module: 'rules/foo.mjs' },
        { name: 'no-bar', docs: 'rules/foo.mjs' },
      ]);
      expect(ask('rules', '--allow-plugins', '--format', 'markdown').out).toContain('| ACME001 | [no-foo](https://wiki.example/foo) | error |');
      const asleep = ask('rules');
      expect(asleep).toMatchObject({ status: 0, err: '' });
      expect(asleep.out).not.toContain('no-foo');
      expect(asleep.out).toContain('Rules of ./rules/foo.mjs are not listed: --allow-plugins');
      for (const args of [['--no-config'], ['--no-config', '--allow-plugins']]) expect(ask('rules', ...args).out).not.toContain('foo');
    });

    test('explain prints what they say of themselves, and what they find', () => {
      const told = ask('explain', 'no-foo', '--allow-plugins');
      expect(told).toMatchObject({ status: 0, err: '' });
      for (const part of ['no-foo (ACME001)', 'Nobody is asked.', 'Who may own.', 'https://wiki.example/foo', 'rules/foo.mjs'])
        expect(told.out).toContain(part);
      expect(ask('explain', 'ACME002', '--allow-plugins').out).toContain('- entry {name} → call it bar\n');
      expect(ask('explain', 'acme001', 'k8s', '--allow-plugins').out).toContain('error[ACME001 no-foo] k8s/rates.yaml:3:19\n    entry rates\n');
      expect(ask('explain', 'no-foo')).toMatchObject({
        status: 2,
        out: '',
        err: expect.stringContaining('if it is a rule of ./rules/foo.mjs: --allow-plugins runs'),
      });
    });

    test('do not keep anybody from asking about ours, whatever is wrong with the configuration', () => {
      const cwd = tree("throw new Error('this must not run');", 'rulez: {}\n');
      for (const args of [['rules'], ['explain', 'unknown-field']]) expect(egressLint(args, { cwd })).toMatchObject({ status: 0, err: '' });
      expect(egressLint(['rules', '--allow-plugins'], { cwd })).toMatchObject({ status: 2, err: expect.stringContaining('this must not run') });
    });

    test('reports point to their page, and code scanning shows it', () => {
      expect(ask('--allow-plugins').out).toMatch(/= docs: https:\/\/wiki\.example\/foo$/m);
      const log = JSON.parse(ask('--allow-plugins', '--format', 'sarif').out) as { runs: { tool: { driver: { rules: { id: string }[] } } }[] };
      expect(log.runs[0]?.tool.driver.rules.find(({ id }) => id === 'ACME001')).toMatchObject({
        helpUri: 'https://wiki.example/foo',
        fullDescription: { text: 'Foo. Nobody is asked.' },
        help: { markdown: expect.stringContaining('## Why\n\nNobody is asked.') },
      });
    });
  });

  const EXPORT = 'export default ';
  test.each([
    ['', 'error: rules/foo.mjs: has no default export'],
    [`${EXPORT}7;`, 'error: rules/foo.mjs: is a number, and no rule'],
    [`${EXPORT}[${rule()}, {}];`, "error: rules/foo.mjs: rule 2: the rule lacks 'meta'; add 'meta'"],
    [EXPORT + rule({ code: 'EL990' }), "meta.code 'EL990' begins with EL"],
    [EXPORT + rule({ code: 'foo' }), "meta.code is 'foo'; write capital letters and a number"],
    [EXPORT + rule({ name: 'noFoo' }), "meta.name is 'noFoo'"],
    [EXPORT + rule({ name: 'unknown-field' }), "meta.name 'unknown-field' is taken"],
    [`${EXPORT}[${rule()}, ${rule({ name: 'no-bar' })}];`, "no-bar: meta.code 'ACME001' is that of no-foo"],
    [EXPORT + rule({ meta: "strikt: 'error'" }), "there is no key 'strikt' in meta; did you mean 'strict'?"],
    [EXPORT + rule({ meta: "family: 'hsots'" }), "meta.family cannot be 'hsots'; did you mean 'hosts'?"],
    [EXPORT + rule({ meta: "docs: { url: 'wiki/foo' }" }), "meta.docs.url must be an address that begins with https://, and is 'wiki/foo'"],
    [EXPORT + rule({ meta: 'options: { hosts: [] }' }), 'meta.options is no description'],
    [EXPORT + rule({ messages: '{ bad: {} }' }), "messages.bad lacks 'text'"],
    [EXPORT + rule({ create: '3' }), 'create must be a function'],
    ["throw new Error('no luck');", "egress-lint.yaml:1:11: cannot load the plugin './rules/foo.mjs': Error: no luck"],
    ['\n\nexport default {;', "SyntaxError: Unexpected token ';'; 'node --check rules/foo.mjs' shows the line"],
    ["import 'no-such-package';", "Cannot find package 'no-such-package'"],
  ])('that are wrong stop the run: %s', (module, problem) => {
    const { status, out, err } = allowed(module);
    expect(err).toContain(problem);
    expect([status, out]).toEqual([2, '']);
    expect(err).not.toContain('egress-lint itself failed');
  });

  test('that are not there stop the run', () => {
    const cwd = directory({ '.git/HEAD': '', 'egress-lint.yaml': 'plugins: [foo.mjs]\n', 'k8s/rates.yaml': ENTRY });
    expect(run(cwd, '--allow-plugins')).toMatchObject({
      status: 2,
      err: expect.stringContaining("egress-lint.yaml:1:11: cannot load the plugin 'foo.mjs': no such file"),
    });
  });

  test.each([
    ["() => { throw new Error('no luck'); }", 'no luck'],
    ['() => 5', 'create has to return an object of visitors'],
    ['() => ({ Serviceentry() {} })', "a visitor 'Serviceentry', which is no kind that is read; did you mean 'ServiceEntry'?"],
    ['() => ({ ServiceEntry: 1 })', "the visitor 'ServiceEntry' has to be a function"],
    ["({ report }) => ({ ServiceEntry(entry) { report('bda', { resource: entry, path: [] }); } })", "it has no message 'bda'"],
    ['() => ({ ServiceEntry(entry) { entry.none.at(0); } })', 'Cannot read properties of undefined'],
  ])('that fail are reported, and the others go on: %s', (create, problem) => {
    const { status, out, err } = allowed(EXPORT + rule({ create }), 'rules: { unencrypted-egress: off }\n');
    expect(out).toContain(`error[crashed-rule] rule 'no-foo' of rules/foo.mjs failed: `);
    expect(out).toContain(problem);
    expect([status, err]).toEqual([2, '']);
  });

  test('are described in SARIF like all rules', () => {
    const { runs } = JSON.parse(allowed(EXPORT + rule(), '', '--format', 'sarif').out) as {
      runs: readonly [{ tool: { driver: { rules: readonly { id: string; name: string; help: { text: string } }[] } }; results: readonly { ruleId: string }[] }];
    };
    expect(runs[0].tool.driver.rules.find(({ id }) => id === 'ACME001')).toMatchObject({
      name: 'NoFoo',
      help: { text: expect.stringContaining('What it says\n\n- entry {name}') },
    });
    expect(runs[0].results.map(({ ruleId }) => ruleId)).toContain('ACME001');
  });
});

describe('an installed package', () => {
  let command = '';
  /** What `npm install --global` makes of the packed package; test/external/plugins.mjs has npm itself do it. */
  beforeAll(() => {
    const prefix = directory();
    const modules = join(prefix, 'lib/node_modules');
    mkdirSync(modules, { recursive: true });
    const pack = spawnSync('npm', ['pack', '--silent', '--pack-destination', prefix], { cwd: root, encoding: 'utf8', env: plainEnvironment() });
    const tarball = join(prefix, pack.stdout.trim());
    expect(spawnSync('tar', ['-xzf', tarball, '-C', modules]).status, pack.stderr).toBe(0);
    const own = join(modules, 'egress-lint');
    cpSync(join(modules, 'package'), own, { recursive: true });
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: Readonly<Record<string, string>> };
    mkdirSync(join(own, 'node_modules'));
    for (const name of Object.keys(dependencies)) symlinkSync(join(root, 'node_modules', name), join(own, 'node_modules', name));
    mkdirSync(join(prefix, 'bin'));
    command = join(prefix, 'bin/egress-lint');
    symlinkSync(join(own, 'dist/egress-lint.cjs'), command);
  }, 60_000);

  const installed = (cwd: string) => spawnSync(command, ['--allow-plugins', '--format', 'concise'], { cwd, encoding: 'utf8', env: plainEnvironment() });

  test('lists and explains the rules', () => {
    const cwd = tree(`export default ${rule()};`);
    const ask = (...args: readonly string[]) => spawnSync(command, [...args, '--allow-plugins'], { cwd, encoding: 'utf8', env: plainEnvironment() });
    expect(ask('rules')).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('ACME001') });
    expect(ask('explain', 'no-foo')).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('no-foo (ACME001)') });
  });

  test('runs a rule that imports nothing', () => {
    expect(installed(tree(`export default ${rule()};`))).toMatchObject({ status: 1, stderr: '', stdout: expect.stringContaining('error[no-foo]') });
  });

  test('lends a rule what it imports of egress-lint', () => {
    const create =
      "({ report, mesh }) => ({ ServiceEntry(entry) { report('bad', { resource: entry, path: [] }, { data: { name: nameOf(entry) + mesh.resources.length } }); } })";
    const module = `import { defineRule, nameOf } from 'egress-lint/rule';\nexport default defineRule(${rule({ create })});`;
    expect(installed(tree(module))).toMatchObject({ status: 1, stderr: '', stdout: expect.stringContaining('entry ServiceEntry shop/rates') });
  });

  test('prefers what is installed where the rule stands', () => {
    const cwd = directory({
      '.git/HEAD': '',
      'egress-lint.yaml': 'plugins: [./foo.mjs]\n',
      'k8s/good.yaml': GOOD,
      'k8s/rates.yaml': ENTRY,
      'foo.mjs': `import { own } from 'egress-lint/rule';\nexport default ${rule({ messages: '{ bad: { text: own + "{name}" } }' })};`,
      'node_modules/egress-lint/package.json': '{ "name": "egress-lint", "type": "module", "exports": { "./rule": "./rule.js" } }',
      'node_modules/egress-lint/rule.js': "export const own = 'of the repository: ';",
    });
    expect(installed(cwd)).toMatchObject({ status: 1, stdout: expect.stringContaining('of the repository: rates') });
  });
});
