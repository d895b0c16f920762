// `--render` and piped output with the real kustomize, kubectl and helm: findings stand where a person edits. Those of the three that are not on PATH are
// named and left out: no registry of packages has them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { must } from './support/python.mjs';

const program = fileURLToPath(new URL('../../dist/egress-lint.cjs', import.meta.url));
const scratch = realpathSync(mkdtempSync(path.join(tmpdir(), 'egress-lint-render-')));
const repository = path.join(scratch, 'repository');

const object = (kind, name, spec, metadata = '') =>
  `apiVersion: networking.istio.io/v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${metadata}spec:\n${spec.replace(/^/gm, '  ')}\n`;
const entry = (name, host, protocol) =>
  object('ServiceEntry', name, `hosts: [${host}]\nlocation: MESH_EXTERNAL\nresolution: DNS\nports:\n  - number: 443\n    name: tls\n    protocol: ${protocol}`);

/** Each file has one mistake, in the line that is named behind it. */
const FILES = {
  // Names get a prefix, a namespace is given, a patch changes what is right, a component adds, generators make other kinds.
  'base/kustomization.yaml': 'resources: [entry.yaml, sidecar.yaml]\n',
  'base/entry.yaml': `# what we call\n${entry('rates', 'rates.bank.example', 'TLSS')}---\n${object('DestinationRule', 'rates', 'host: rates.bank.example')}`,
  'base/sidecar.yaml': object('Sidecar', 'default', 'egress:\n  - hosts:\n      - rates.bank.example'),
  'components/gateway/kustomization.yaml': 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [gateway.yaml]\n',
  'components/gateway/gateway.yaml': object(
    'Gateway',
    'way-out',
    'selector: { istio: egressgateway }\nservers:\n  - port: { number: 443, name: tls, protocol: TLS }\n    hosts: [rates.bank.example]\n    tls: { mode: PASSTHRU }',
  ),
  'overlays/prod/kustomization.yaml': `resources: [../../base]
components: [../../components/gateway]
namespace: shop
namePrefix: prod-
buildMetadata: [originAnnotations]
configMapGenerator: [{ name: made, literals: [a=b] }]
generators: [generator.yaml]
patches:
  - target: { kind: DestinationRule, name: rates }
    patch: '[{ "op": "add", "path": "/spec/trafficPolicy", "value": { "tls": { "mode": "SIMPL" } } }]'
`,
  'overlays/prod/generator.yaml': 'apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: { name: generated }\nliterals: [c=d]\n',
  // A chart that is not called like its directory, with a template of several documents, a hook, helpers, notes and a chart below it.
  'charts/shop/Chart.yaml': 'apiVersion: v2\nname: payments\nversion: 1.0.0\ndependencies: [{ name: ledger, version: 1.0.0 }]\n',
  'charts/shop/values.yaml': 'hosts: [a, b]\nprotocol: TLSS\n',
  'charts/shop/templates/_helpers.tpl': '{{- define "labels" -}}\napp: shop\n{{- end }}\n',
  'charts/shop/templates/NOTES.txt': 'thank you\n',
  'charts/shop/templates/entries.yaml': `{{- range .Values.hosts }}\n---\n${entry('{{ . }}', '{{ . }}.bank.example', '{{ $.Values.protocol }}').replace(
    'spec:',
    '  labels:\n    {{- include "labels" $ | nindent 4 }}\nspec:',
  )}{{- end }}\n`,
  'charts/shop/templates/hook.yaml': object(
    'Sidecar',
    'default',
    'egress:\n  - hosts:\n      - rates.bank.example',
    '  annotations:\n    "helm.sh/hook": pre-install\n',
  ),
  'charts/shop/charts/ledger/Chart.yaml': 'apiVersion: v2\nname: ledger\nversion: 1.0.0\n',
  'charts/shop/charts/ledger/templates/rule.yaml': object('DestinationRule', 'ledger', 'host: ledger.bank.example\ntrafficPolicy:\n  tls:\n    mode: SIMPL'),
};

const KUSTOMIZED = ['base/entry.yaml:13:17 unknown-value', 'base/sidecar.yaml:8:11 sidecar-host-format', 'components/gateway/gateway.yaml:10:20 unknown-value'];
const CHARTED = [
  'charts/shop/charts/ledger/templates/rule.yaml:9:13 unknown-value',
  'charts/shop/templates/entries.yaml:16:17 unknown-value',
  'charts/shop/templates/entries.yaml:16:17 unknown-value',
  'charts/shop/templates/hook.yaml:10:11 sidecar-host-format',
];

/** The findings of a run, in short; those that stand in no file of the tree have no place. */
function lint(args, { env, input } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args, '--format', 'json'], {
    cwd: repository,
    env: { ...process.env, ...env },
    input,
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  assert.equal(status, 1);
  const { findings } = JSON.parse(stdout);
  return findings
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, location: { file, startLine, startColumn } }) => (file in FILES ? `${file}:${startLine}:${startColumn} ${rule}` : `elsewhere ${rule}`))
    .sort();
}

/** A PATH with one of the programs, so that it is the one that runs. */
function only(name) {
  const bin = path.join(scratch, `bin-${name}`);
  mkdirSync(bin);
  symlinkSync(where(name), path.join(bin, name));
  return { PATH: `${bin}${path.delimiter}${path.dirname(process.execPath)}` };
}

function where(name) {
  const { status, stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
  return status === 0 ? realpathSync(stdout.trim()) : undefined;
}

try {
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(path.dirname(path.join(repository, name)), { recursive: true });
    writeFileSync(path.join(repository, name), text);
  }
  must('git', ['init', '-q'], { cwd: repository });
  const wanted = [...KUSTOMIZED, 'elsewhere unknown-value'].sort();
  for (const [name, verb] of [
    ['kustomize', 'build'],
    ['kubectl', 'kustomize'],
  ]) {
    if (!where(name)) console.log(`left out: ${name} is not on PATH`);
    else {
      assert.deepEqual(lint(['base', 'components', 'overlays', '--render'], { env: only(name) }), wanted);
      assert.deepEqual(lint(['-'], { input: must(name, [verb, 'overlays/prod'], { cwd: repository }) }), wanted);
      console.log(`${name} ${verb}: findings stand in the files that a person edits`);
    }
  }
  if (!where('helm')) console.log('left out: helm is not on PATH');
  else {
    assert.deepEqual(lint(['charts', '--render'], { env: only('helm') }), CHARTED);
    assert.deepEqual(lint(['-'], { input: must('helm', ['template', 'release', 'charts/shop', '-n', 'shop'], { cwd: repository }) }), CHARTED);
    console.log('helm template: findings stand in the templates');
  }
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
