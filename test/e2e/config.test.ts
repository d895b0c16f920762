import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { BAD, directory, egressLint, GOOD, root, sidecar } from './support.ts';

const OFF = 'rules: { sidecar-host-format: off }\n';
const HOST = { 'bad.yaml': BAD };

describe('egress-lint.yaml', () => {
  test('is found upwards from each path, as far as the repository goes', () => {
    const cwd = directory({
      'egress-lint.yaml': 'failOn: wrong\n',
      'repo/.git/HEAD': '',
      'repo/egress-lint.yaml': OFF,
      'repo/a/b/bad.yaml': BAD,
      'repo/inner/.git/HEAD': '',
      'repo/inner/bad.yaml': BAD,
    });
    for (const args of [[], ['a'], ['a/b/bad.yaml'], ['a/**/*.yaml']]) expect(egressLint(args, { cwd: `${cwd}/repo` })).toMatchObject({ status: 0, err: '' });
    expect(egressLint(['bad.yaml'], { cwd: `${cwd}/repo/inner` }).status).toBe(1);
  });

  test('the nearest one holds, alone', () => {
    const cwd = directory({ '.git/HEAD': '', 'egress-lint.yaml': 'maxWarnings: 3\n', 'a/egress-lint.yaml': OFF, 'a/bad.yaml': BAD, 'bad.yaml': BAD });
    expect(egressLint(['a'], { cwd }).status).toBe(0);
    expect(egressLint(['bad.yaml'], { cwd }).status).toBe(1);
    const both = egressLint(['a', 'bad.yaml'], { cwd });
    expect(both).toMatchObject({ status: 2, out: '' });
    expect(both.err).toContain('the paths have several configurations: a/egress-lint.yaml and egress-lint.yaml');
  });

  test('holds for standard input, by the name that it is given', () => {
    const cwd = directory({ '.git/HEAD': '', 'a/egress-lint.yaml': OFF });
    expect(egressLint(['-'], { cwd, input: BAD }).status).toBe(1);
    expect(egressLint(['-', '--stdin-filename', 'a/bad.yaml'], { cwd, input: BAD }).status).toBe(0);
  });

  test('may be named, and may be left aside', () => {
    const cwd = directory({ '.git/HEAD': '', 'egress-lint.yaml': OFF, 'other.yaml': 'rules: { sidecar-host-format: warning }\n', ...HOST });
    expect(egressLint([], { cwd }).status).toBe(0);
    expect(egressLint(['bad.yaml', '--no-config'], { cwd }).status).toBe(1);
    expect(egressLint(['bad.yaml', '-c', 'other.yaml', '-f', 'concise'], { cwd }).out).toContain('warning[sidecar-host-format]');
    expect(egressLint(['bad.yaml', '-f', 'concise'], { cwd, env: { EGRESS_LINT_CONFIG: 'other.yaml' } }).out).toContain('warning[sidecar-host-format]');
    const missing = egressLint(['bad.yaml', '--config', 'missing.yaml'], { cwd });
    expect(missing).toMatchObject({ status: 2, err: "error: --config: there is no file 'missing.yaml'; name the file, or leave it out\n" });
  });

  test('of another name is pointed out', () => {
    const cwd = directory({ '.git/HEAD': '', 'egress-lint.yml': OFF, ...HOST });
    expect(egressLint([], { cwd })).toMatchObject({
      status: 2,
      err: 'error: egress-lint.yml: a configuration of this name is not read; call it egress-lint.yaml\n',
    });
  });

  test('is not linted itself', () => {
    const cwd = directory({ '.git/HEAD': '', 'egress-lint.yaml': 'meshConfig: { rootNamespace: mesh }\n', 'good.yaml': GOOD });
    const { out } = egressLint(['-f', 'json'], { cwd });
    expect(JSON.parse(out)).toMatchObject({ summary: { resources: 1 }, findings: [] });
  });

  test('tells everything that is wrong in it, with its place, and stops the run', () => {
    const cwd = directory({ '.git/HEAD': '', 'egress-lint.yaml': 'rulez: {}\nrules:\n  unknown-feild: error\n', ...HOST });
    expect(egressLint([], { cwd })).toEqual({
      status: 2,
      out: '',
      err: `error: egress-lint.yaml:1:1: there is no key 'rulez' in the configuration; did you mean 'rules'?
error: egress-lint.yaml:3:3: there is no rule 'unknown-feild'; did you mean 'unknown-field'?
`,
    });
  });
});

describe('what it says', () => {
  const run = (config: string, files: Readonly<Record<string, string>>, args: readonly string[] = []) => {
    const cwd = directory({ '.git/HEAD': '', 'egress-lint.yaml': config, ...files });
    return egressLint(['-f', 'concise', ...args], { cwd });
  };

  test('yields to flags', () => {
    const config =
      'failOn: error\nmaxWarnings: 0\nrules: { sidecar-host-format: warning }\noverrides: [{ files: ["*.yaml"], rules: { sidecar-host-format: off } }]\n';
    expect(run(config, HOST).status).toBe(0);
    expect(run(config, HOST, ['--rule', 'sidecar-host-format=warning']).status).toBe(1);
    expect(run(config, HOST, ['--rule', 'sidecar-host-format=warning', '--max-warnings', '1']).status).toBe(0);
    expect(run(config, HOST, ['--rule', 'sidecar-host-format=info', '--fail-on', 'info']).status).toBe(1);
  });

  test('failOn and maxWarnings decide the exit status', () => {
    const warning = 'rules: { sidecar-host-format: warning }\n';
    expect(run(warning, HOST).status).toBe(0);
    expect(run(`${warning}failOn: warning\n`, HOST).status).toBe(1);
    expect(run(`${warning}maxWarnings: 0\n`, HOST).status).toBe(1);
  });

  test('overrides are for their files, namespaces and kinds', () => {
    const files = { 'a/bad.yaml': BAD, 'b/bad.yaml': sidecar('other', 'rates.bank.example') };
    const left = (override: string) => run(`overrides:\n  - ${override}\n    rules: { sidecar-host-format: off }\n`, files).out.match(/^\w\/bad/gm);
    expect(left('files: [a/]')).toEqual(['b/bad']);
    expect(left('namespaces: [shop-other]')).toEqual(['a/bad']);
    expect(left('kinds: [Sidecar]')).toBeNull();
    expect(left('kinds: [Gateway]')).toEqual(['a/bad', 'b/bad']);
  });

  test('ignored files are not linted unless they are named', () => {
    const files = { 'samples/bad.yaml': BAD, 'good.yaml': GOOD };
    expect(run('ignore: [samples/]\n', files).status).toBe(0);
    expect(run('ignore: [samples/]\n', files, ['--list-files']).out).not.toContain('bad.yaml');
    expect(run('ignore: [samples/]\n', files, ['samples/bad.yaml']).status).toBe(1);
  });

  test('extends files and packages, whose patterns start where they stand or are used', () => {
    const files = {
      'lint/base.yaml': 'extends: strict\nrules: { sidecar-host-format: error }\n',
      'node_modules/@acme/lint/egress-lint.yaml': 'ignore: [old/]\n',
      'node_modules/plain/hard.yaml': 'failOn: warning\n',
      'old/bad.yaml': BAD,
      'new/bad.yaml': BAD,
    };
    const { out, status } = run("extends: [./lint/base.yaml, '@acme/lint', plain/hard.yaml]\nrules: { sidecar-host-format: warning }\n", files);
    expect(out.match(/^\w+\/bad.*warning/gm)).toHaveLength(1);
    expect(status).toBe(1);
  });

  test.each([
    [
      'extends: strickt\n',
      "egress-lint.yaml:1:10: cannot extend 'strickt': there is no such preset, and no package of that name is installed here; did you mean 'strict'?",
    ],
    ['extends: [./none.yaml]\n', "egress-lint.yaml:1:11: cannot extend './none.yaml': no such file or directory; write a preset"],
    ['extends: ./egress-lint.yaml\n', "cannot extend './egress-lint.yaml': it leads in a circle"],
    ['extends: ./base.yaml\n', "base.yaml:1:1: there is no key 'nothing'"],
    ['meshConfigFile: mesh.yaml\n', 'mesh.yaml: cannot read the configuration: no such file or directory'],
    ['meshConfigFile: bad.yaml\n', 'bad.yaml:1:1: this is no bare MeshConfig'],
  ])('%j is refused', (config, expected) => {
    const { status, err } = run(config, { ...HOST, 'base.yaml': 'nothing: 1\n' });
    expect(err).toContain(expected);
    expect(status).toBe(2);
  });
});

describe('assumptions reach the rules', () => {
  const ENTRY = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ledger, namespace: shop }
spec:
  hosts: [ledger.bank.example]
  location: MESH_EXTERNAL
  resolution: NONE
  ports: [{ number: 3306, name: tcp, protocol: TCP }]
`;
  const lint = (config: string, args: readonly string[] = []) => {
    const cwd = directory({
      '.git/HEAD': '',
      'egress-lint.yaml': config,
      'entry.yaml': ENTRY,
      'mesh.yaml': 'outboundTrafficPolicy: { mode: REGISTRY_ONLY }\n',
    });
    return egressLint(['entry.yaml', '-f', 'concise', ...args], { cwd }).out;
  };

  test.each([
    ['meshConfig: { outboundTrafficPolicy: { mode: REGISTRY_ONLY } }\n', true],
    ['meshConfigFile: mesh.yaml\n', true],
    ['meshConfigFile: mesh.yaml\nmeshConfig: { outboundTrafficPolicy: { mode: ALLOW_ANY } }\n', false],
    ['meshConfigFile: mesh.yaml\nassume: { dnsCapture: true }\n', false],
    ['{}\n', false],
  ])('%j', (config, isFound) => {
    expect(lint(config).includes('port-captures-all-hosts')).toBe(isFound);
  });

  test('--mesh-config holds over the file', () => {
    expect(lint('meshConfig: { outboundTrafficPolicy: { mode: ALLOW_ANY } }\n', ['--mesh-config', 'mesh.yaml'])).toContain('port-captures-all-hosts');
  });
});

test('meshes are judged apart', () => {
  const entry = (host: string) => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: quotes, namespace: shop }
spec: { hosts: [${host}], resolution: DNS, location: MESH_EXTERNAL, ports: [{ number: 443, name: tls, protocol: TLS }] }
`;
  const files = { 'x/eu/a.yaml': entry('eu.bank.example'), 'x/us/a.yaml': entry('us.bank.example'), 'lib/b.yaml': GOOD };
  const config = 'meshes:\n  europe: [x/eu/, lib/]\n  america: [x/us/, lib/]\n';
  const cwd = directory({ '.git/HEAD': '', 'egress-lint.yaml': config, ...files });
  expect(egressLint([], { cwd }).out).toContain('judged as 2 meshes: europe, america');
});

describe('config print', () => {
  const files = {
    '.git/HEAD': '',
    'egress-lint.yaml': `extends: ./base.yaml
rules: { EL103: off }
overrides:
  - files: [old/]
    rules: { missing-field: warning }
  - kinds: [Gateway]
    namespaces: [edge]
    rules: { missing-field: info }
ignore: [old/]
meshes: { main: [old/] }
`,
    'base.yaml': 'failOn: warning\nmeshConfig: { rootNamespace: mesh }\nassume: { secrets: [{ name: a, namespace: b }] }\n',
    'old/a.yaml': GOOD,
  };

  test('says what holds for a path, and who says so', () => {
    const rows = (path: string, ...args: readonly string[]) => {
      const { out, err } = egressLint(['config', 'print', path, ...args], { cwd: directory(files) });
      expect(err).toBe('');
      return out.split('\n').map((line) => line.split(/ {2,}/).join(' | '));
    };
    const old = rows('old/a.yaml', '--max-warnings', '4');
    expect(old).toEqual(
      expect.arrayContaining([
        'For old/a.yaml holds egress-lint.yaml, which extends base.yaml.',
        'namespace | default | default',
        'failOn | warning | base.yaml:1',
        'maxWarnings | 4 | --max-warnings',
        'assume.secrets | b/a | base.yaml:3',
        'meshConfig.rootNamespace | mesh | base.yaml:2',
        'mesh | main | egress-lint.yaml:10',
        'ignore | old/ | egress-lint.yaml:9',
        'rules.unknown-field | off | egress-lint.yaml:2',
        'rules.missing-field | warning | egress-lint.yaml:5',
        'rules.missing-field | info | egress-lint.yaml:8, for kind Gateway in namespace edge',
      ]),
    );
    expect(rows('.').filter((line) => /^(?:mesh|ignore) |missing-field \| warning/.test(line))).toEqual([]);
    expect(rows('.', '--no-config')).toContain('For . no egress-lint.yaml was read.');
  });

  test('lists every rule on demand, each with its severity and who says so', () => {
    const policy = 'rules: { disallowed-host: [error, { allow: [{ hosts: ["*.bank.example"] }] }] }\n';
    const cwd = directory({ '.git/HEAD': '', 'egress-lint.yaml': `extends: strict\n${policy}overrides: [{ kinds: [Gateway], rules: { EL104: info } }]\n` });
    const { rules } = JSON.parse(`{ "rules": ${egressLint(['rules', '--format', 'json'], { cwd }).out} }`) as { rules: readonly { name: string }[] };
    const all = (...args: readonly string[]) => {
      const { out } = egressLint(['config', 'print', '--all', '--rule', 'EL105=off', '--format', 'json', ...args], { cwd });
      return (JSON.parse(out) as { settings: readonly { key: string }[] }).settings;
    };
    const settings = all();
    expect(rules.length).toBeGreaterThan(100);
    expect(rules.filter(({ name }) => !settings.some(({ key }) => key === `rules.${name}`))).toEqual([]);
    expect(settings).toEqual(
      expect.arrayContaining([
        { key: 'rules.unknown-field', value: 'error', from: 'default' },
        { key: 'rules.required-egress-gateway', value: 'off', from: 'default' },
        { key: 'rules.open-egress', value: 'warning', from: 'preset strict' },
        { key: 'rules.missing-field', value: 'off', from: '--rule' },
        { key: 'rules.disallowed-host', value: 'error', from: 'egress-lint.yaml:2' },
        { key: 'rules.disallowed-host.options', value: { allow: [{ hosts: ['*.bank.example'] }] }, from: 'egress-lint.yaml:2' },
        { key: 'rules.snake-case-field', value: 'error', from: 'default' },
        { key: 'rules.snake-case-field', value: 'info', from: 'egress-lint.yaml:3', when: 'kind Gateway' },
      ]),
    );
    expect(all('--no-config')).toContainEqual({ key: 'rules.open-egress', value: 'off', from: 'default' });
    const { out } = egressLint(['config', 'print', '--all'], { cwd });
    expect(out).toMatch(/^rules\.unknown-field +error +default$/m);
    expect(out).toContain(`These are all ${rules.length} rules.`);
    expect(egressLint(['config', 'print'], { cwd }).out).not.toContain('rules.unknown-field');
  });

  test('prints JSON', () => {
    const { out } = egressLint(['config', 'print', 'old', '--format', 'json'], { cwd: directory(files) });
    expect(JSON.parse(out)).toMatchObject({
      path: 'old',
      files: ['egress-lint.yaml', 'base.yaml'],
      settings: expect.arrayContaining([{ key: 'failOn', value: 'warning', from: 'base.yaml:1' }]),
    });
  });

  test('wants a path that exists', () => {
    expect(egressLint(['config', 'print', 'none'], { cwd: directory(files) })).toMatchObject({ status: 2, out: '' });
  });
});

test('config schema prints the schema that is shipped', () => {
  const { out, status } = egressLint(['config', 'schema'], { cwd: directory() });
  expect(out).toBe(readFileSync(`${root}docs/egress-lint.schema.json`, 'utf8'));
  expect(status).toBe(0);
});

describe('init', () => {
  const GATEWAY = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: way-out, namespace: edge }
spec:
  selector: { istio: way-out }
  servers: [{ port: { number: 443, name: tls, protocol: TLS }, tls: { mode: PASSTHROUGH }, hosts: [quotes.bank.example] }]
`;
  const MESH = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: istio, namespace: istio-system }\ndata: { mesh: "rootNamespace: istio-system" }\n';
  const NAMELESS = 'apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { ports: [{ port: 80 }] }\n';
  const trees: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
    ['nothing', {}, ['No mesh configuration was found here']],
    ['a gateway whose Pods are elsewhere', { 'a.yaml': GATEWAY }, ['Gateway edge/way-out selects Pods', '- name: way-out', 'labels: {"istio":"way-out"}']],
    ['a mesh configuration', { 'mesh/istio.yaml': MESH }, ['The mesh configuration is read from mesh/istio.yaml.']],
    ['objects without namespace, clients', { 'a.yaml': NAMELESS, 'b.yaml': GOOD }, ['One object names no namespace', '- name: shop-good']],
    ['alternatives', { 'envs/dev/a.yaml': GATEWAY, 'envs/prod/a.yaml': GATEWAY }, ['dev: [envs/dev/]', 'prod: [envs/prod/]']],
  ];

  test.each(trees)('writes what fits: %s', (_, files, expected) => {
    const cwd = directory({ '.git/HEAD': '', ...files });
    expect(egressLint(['init'], { cwd })).toEqual({ status: 0, out: 'wrote egress-lint.yaml: it changes nothing until you uncomment what fits\n', err: '' });
    const text = readFileSync(`${cwd}/egress-lint.yaml`, 'utf8');
    for (const each of expected) expect(text).toContain(each);
    expect(egressLint(['config', 'print'], { cwd }).err).toBe('');
    // What is commented out is right as well.
    const all = text.replace(/^# ( *(?:- )?[\w"]+:.*| +- .*| +# .*)$/gm, '$1');
    expect(all).toContain('\nclosedWorld: true\n');
    writeFileSync(`${cwd}/egress-lint.yaml`, all);
    expect(egressLint(['config', 'print'], { cwd }).err).toBe('');
  });

  test('changes nothing of what is found, and overwrites nothing', () => {
    const cwd = directory({ '.git/HEAD': '', 'k8s/bad.yaml': BAD });
    const before = egressLint([], { cwd }).out;
    expect(egressLint(['init', 'k8s'], { cwd }).out).toContain('wrote k8s/egress-lint.yaml');
    expect(egressLint(['k8s'], { cwd }).out).toBe(before);
    expect(egressLint(['init', 'k8s'], { cwd })).toMatchObject({
      status: 2,
      err: "error: k8s/egress-lint.yaml exists already; 'egress-lint config print k8s' shows what it says\n",
    });
  });
});
