// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of shells are what it is about
import { describe, expect, test } from 'vitest';
import { BAD, directory, egressLint } from './support.ts';

/** What public repositories hold beside plain manifests. Nothing of it may stop a run, and none of it is a mistake of the person who runs us. */

interface Entry {
  readonly name?: string;
  readonly namespace?: string;
  readonly host?: string;
  readonly resolution?: string;
}

const entry = ({ name = 'rates', namespace = 'shop', host = 'rates.bank.example', resolution = 'DNS' }: Entry = {}): string =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\nspec:\n  hosts:\n    - ${host}\n  location: MESH_EXTERNAL\n  resolution: ${resolution}\n  ports:\n    - number: 443\n      name: tls\n      protocol: TLS\n`;
const route = (subset: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: web, namespace: shop }\nspec:\n  hosts: [web]\n  http:\n    - route:\n        - destination: { host: web, subset: ${subset} }\n`;
const rule = (subset: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: web, namespace: shop }\nspec:\n  host: web\n  subsets: [{ name: ${subset}, labels: { version: ${subset} } }]\n`;
/** Refused by Istio: it must be read to be found. */
const BROKEN = entry({ resolution: 'DSN' });

const SILENT: readonly (readonly [name: string, files: Readonly<Record<string, string | Buffer>>])[] = [
  ['lines that a template adds', { 'a.yaml': `{{- if .Values.on }}\n${BROKEN}{{- end }}\n` }],
  ['loops of a template', { 'a.yaml': `{{- range $host := .Values.hosts }}\n---\n${entry({ host: '{{ $host }}' })}{{- end }}\n` }],
  [
    'a template that is no YAML',
    { 'a.yaml': 'apiVersion: networking.istio.io/v1\nkind: Sidecar\nspec:\n  {{- toYaml .Values.spec | nindent 2 }}\n  egress: [\n' },
  ],
  ['text in braces, quoted', { 'a.yaml': entry({ host: '"{{ .Values.host }}"', name: '"{{ .Release.Name }}-rates"' }) }],
  ['text in braces, unquoted, which is a mapping', { 'a.yaml': entry({ host: '{{ host }}', name: '{{ name }}', namespace: '{{ ns }}' }) }],
  ['variables of kustomize', { 'a.yaml': entry({ host: '$(HOST)', namespace: '$(NS)' }) }],
  ['variables of a shell', { 'a.yaml': entry({ host: '${HOST}', resolution: '${RESOLUTION:-DNS}' }) }],
  ['words in brackets', { 'a.yaml': entry({ host: '[your.domain]', namespace: '"[your.namespace]"' }) }],
  ['words in angle brackets', { 'a.yaml': entry({ host: '<host>', namespace: '<namespace>' }) }],
  ['words that ask to be replaced', { 'a.yaml': entry({ host: '__REPLACEME__', resolution: 'REPLACE_ME' }) }],
  ['dots for what is left out', { 'a.yaml': 'apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: { name: a, namespace: shop }\nspec:\n  ...\n' }],
  [
    'ytt, whose comments stand for values',
    {
      'a.yaml':
        '#@ load("@ytt:data", "data")\n---\napiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata:\n  name: default\n  namespace: #@ data.values.ns\nspec:\n  egress:\n    - hosts:\n        - #@ data.values.host\n',
    },
  ],
  ['a byte order mark', { 'a.yaml': `\ufeff${entry()}` }],
  ['a file in UTF-16', { 'a.yaml': Buffer.from(`\ufeff${entry()}`, 'utf16le') }],
  ['lines that end as on Windows', { 'a.yaml': `${entry()}---\n${entry({ name: 'b', host: 'b.example' })}`.replaceAll('\n', '\r\n') }],
  ['tabs behind values and in comments', { 'a.yaml': entry().replace('resolution: DNS', 'resolution: DNS\t# by\tname').replace('spec:', 'spec:\t') }],
  [
    'a List',
    {
      'a.yaml': `apiVersion: v1\nkind: List\nitems:\n${entry()
        .replace(/^/gm, '    ')
        .replace(/^ {4}apiVersion/, '  - apiVersion')
        .trimEnd()}\n`,
    },
  ],
  ['an empty List, and one of nothing', { 'a.yaml': 'apiVersion: v1\nkind: List\nitems:\n---\napiVersion: v1\nkind: List\nitems: [null, {}, 3]\n' }],
  ['documents without anything', { 'a.yaml': `---\n---\n# nothing\n---\n${entry()}---\nnull\n---\n` }],
  ['an empty file', { 'a.yaml': '', 'b.yaml': '# nothing\n', 'c.yaml': entry() }],
  ['tags of CloudFormation', { 'a.yaml': 'AWSTemplateFormatVersion: 2010-09-09\nResources:\n  A: !Ref B\n  C: !Sub "${D}"\n  E: =\n', 'b.yaml': entry() }],
  ['YAML of others that does not parse', { 'values.yaml': 'a: [\nb: "\n', 'b.yaml': entry() }],
  ['kinds that are gone', { 'a.yaml': 'apiVersion: config.istio.io/v1alpha2\nkind: RouteRule\nmetadata: { name: a }\nspec: { destination: { name: web } }\n' }],
  [
    'Services on which others fail',
    {
      'a.yaml': ['', 'spec:\n', 'spec: { ports: null }\n']
        .map((spec, index) => `apiVersion: v1\nkind: Service\nmetadata: { name: a${index}, namespace: x }\n${spec}`)
        .join('---\n'),
    },
  ],
  [
    'steps of a walkthrough in one directory',
    { 'step-1.yaml': entry({ resolution: 'NONE' }), 'step-2.yaml': entry(), 'step-3.yaml': entry({ host: 'other.bank.example' }) },
  ],
  ['variants that fit their own rule only', { 'canary/a.yaml': `${route('v1')}---\n${rule('v1')}`, 'canary/b.yaml': `${route('v2')}---\n${rule('v2')}` }],
  ['environments side by side', { 'dev/a.yaml': `${route('v1')}---\n${rule('v1')}`, 'prod/a.yaml': `${route('v2')}---\n${rule('v2')}` }],
  [
    'patches of a kustomization',
    {
      'base/kustomization.yaml': 'resources: [rates.yaml]\n',
      'base/rates.yaml': entry(),
      'prod/kustomization.yaml':
        'resources: [../base]\npatches:\n  - path: merge.yaml\n  - { path: json.yaml, target: { kind: ServiceEntry } }\npatchesStrategicMerge: [delete.yaml]\n',
      'prod/merge.yaml': 'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: rates }\nspec: { resolution: STATIC }\n',
      'prod/json.yaml': '- { op: replace, path: /spec/hosts/0, value: x }\n',
      'prod/delete.yaml': '$patch: delete\napiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: other }\n',
    },
  ],
  [
    'a component that nothing names',
    {
      'component/kustomization.yaml': 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamespace: elsewhere\npatches: [{ path: p.yaml }]\n',
      'component/p.yaml': 'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: rates }\nspec: { resolution: STATIC }\n',
      'rates.yaml': entry(),
    },
  ],
  [
    'a kustomization in a circle',
    { 'a/kustomization.yaml': 'resources: [../b, gone.yaml]\n', 'b/kustomization.yaml': 'resources: [../a]\n', 'c.yaml': entry() },
  ],
  [
    'copies of others',
    { 'vendor/a.yaml': BROKEN, 'x/third_party/istio/a.yaml': BROKEN, 'node_modules/y/a.yaml': BROKEN, '.git/a.yaml': BROKEN, 'a.yaml': entry() },
  ],
  ['dependencies of a chart', { 'charts/shop/Chart.yaml': 'name: shop\n', 'charts/shop/charts/istio/a.yaml': BROKEN, 'a.yaml': entry() }],
  ['an unpacked release of Istio', { 'tools/istio-1.28.1/samples/a.yaml': BROKEN, 'tools/istio-1.28.1/manifests/b.yaml': BROKEN, 'a.yaml': entry() }],
  ['what git ignores', { '.git/HEAD': '', '.gitignore': 'out/\n', 'out/a.yaml': BROKEN, 'a.yaml': entry() }],
];

describe('a tree with', () => {
  test.each(SILENT)('%s has no finding', (_, files) => {
    const { status, out, err } = egressLint(['.', '--format', 'json'], { cwd: directory(files) });
    const { findings, summary } = JSON.parse(out) as { findings: readonly { rule: string; message: string }[]; summary: { files: number } };
    expect([findings.map(({ rule: name, message }) => `${name}: ${message}`), status]).toEqual([[], 0]);
    expect(err.replace(/^(?:nothing to check|ok): .*\n$/, '')).toBe('');
    expect(summary.files).toBeGreaterThan(0);
  });

  test('mistakes still has findings, whatever stands beside them', () => {
    const files = Object.assign(
      {},
      ...SILENT.map(([, each], index) => Object.fromEntries(Object.entries(each).map(([name, text]) => [`${index}/${name}`, text]))),
    ) as Record<string, string>;
    const { status, out } = egressLint(['.', '--format', 'concise'], {
      cwd: directory({ ...files, 'mine/bad.yaml': BAD, 'mine/broken.yaml': 'kind: Sidecar\napiVersion: networking.istio.io/v1\nspec: [\n' }),
    });
    expect(status).toBe(1);
    expect(out.match(/^mine\/\w+\.yaml:\d+:\d+: error\[[\w-]+\]/gm)?.map((line) => line.replace(/:.*\[/, ' ['))).toEqual([
      'mine/bad.yaml [sidecar-host-format]',
      'mine/broken.yaml [unparsable-yaml]',
    ]);
  });

  test.each(['vendor', 'third_party', 'shop/charts'])('%s is read where that is named', (name) => {
    const cwd = directory({ 'shop/Chart.yaml': 'name: shop\n', [`${name}/a/bad.yaml`]: BAD, 'good.yaml': entry() });
    expect(egressLint(['.'], { cwd }).status).toBe(0);
    for (const path of [name, `${name}/a`, `${name}/a/bad.yaml`]) expect([path, egressLint([path], { cwd }).status]).toEqual([path, 1]);
  });

  test('a directory with the name of a release is read where it holds something else, or is named', () => {
    const cwd = directory({ 'istio-1.28.1/bad.yaml': BAD, 'good.yaml': entry() });
    expect(egressLint(['.'], { cwd }).status).toBe(1);
    const release = directory({ 'istio-1.28.1/samples/bad.yaml': BAD, 'istio-1.28.1/install/a.yaml': entry(), 'good.yaml': entry() });
    expect(egressLint(['.'], { cwd: release }).status).toBe(0);
    expect(egressLint(['istio-1.28.1'], { cwd: release }).status).toBe(1);
  });

  test('a directory called charts is read where no chart is beside it', () => {
    expect(egressLint(['.'], { cwd: directory({ 'charts/a/bad.yaml': BAD }) }).status).toBe(1);
  });
});
