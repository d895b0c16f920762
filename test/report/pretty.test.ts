import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/index.ts';
import { pretty } from '../../src/report/pretty.ts';
import { finding, inputOf, linesOf, lintedInput, marked, place } from './support.ts';

const entry = marked(
  'shop/egress.yaml',
  `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: rates
«spec»:
  hosts:
    - rates.bank.example
  «outboundTrafficPolicy»:
    mode: REGISTRY_ONLY
`,
);
const sidecar = marked('shop/sidecar.yaml', `kind: Sidecar\nspec:\n  egress:\n    - hosts: [«./rates.bank.example»]\n`);
const resource = { apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', namespace: 'shop', name: 'rates' };

const story: Finding = finding({
  rule: 'unknown-field',
  code: 'EL103',
  message: "ServiceEntry has no field 'outboundTrafficPolicy'",
  label: "belongs to a Sidecar's spec, or to the mesh configuration",
  symptom: 'kubectl apply refuses the entry: strict decoding error. rates.bank.example stays unregistered, so calls to it are cut in the TLS handshake.',
  help: 'remove the two lines, or move them into the Sidecar',
  docs: 'docs/rules/unknown-field.md',
  refusedBy: 'strict-client',
  resource,
  path: 'spec.outboundTrafficPolicy',
  location: place(entry, 1),
  related: [
    { message: 'of ServiceEntry shop/rates', location: place(entry, 0) },
    {
      message: 'imports the host that this entry would register',
      location: place(sidecar),
      resource: { ...resource, kind: 'Sidecar', name: 'checkout' },
      path: 'spec.egress[0].hosts[0]',
    },
  ],
  fixes: [{ title: 'remove the field', safe: false, edits: [{ file: 'shop/egress.yaml', start: 1, end: 2, text: '' }] }],
});

describe('pretty', () => {
  test('tells the whole story of a finding, over several places and files', () => {
    expect(linesOf(pretty, inputOf([entry, sidecar], [story], { terminal: { color: 0, width: 100, hyperlinks: false } }))).toEqual([
      "error[EL103 unknown-field]: ServiceEntry has no field 'outboundTrafficPolicy'",
      ' --> shop/egress.yaml:8:3  spec.outboundTrafficPolicy of ServiceEntry shop/rates',
      '  |',
      '5 | spec:',
      '  | ---- of ServiceEntry shop/rates',
      '...',
      '8 |   outboundTrafficPolicy:',
      "  |   ^^^^^^^^^^^^^^^^^^^^^ belongs to a Sidecar's spec, or to the mesh configuration",
      '  |',
      ' --> shop/sidecar.yaml:4:15  spec.egress[0].hosts[0] of Sidecar shop/checkout',
      '  |',
      '4 |     - hosts: [./rates.bank.example]',
      '  |               -------------------- imports the host that this entry would register',
      '  |',
      '  = symptom: kubectl apply refuses the entry: strict decoding error. rates.bank.example stays',
      '             unregistered, so calls to it are cut in the TLS handshake.',
      '  = help: remove the two lines, or move them into the Sidecar',
      '  = fix: remove the field (may change allowed traffic: --fix=all)',
      '  = docs: docs/rules/unknown-field.md (egress-lint explain unknown-field)',
      '',
      '1 error in 6 resources of 2 files',
      '',
    ]);
  });

  test('prints what the rules find', () => {
    const text = 'apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: { name: checkout, namespace: shop }\nspec:\n  egress:\n    - hosts: [rates]\n';
    const report = pretty(lintedInput([{ file: 'sidecar.yaml', text }]));
    expect(report).toContain('error[EL501 sidecar-host-format]: Sidecar shop/checkout:');
    expect(report).toContain("6 |     - hosts: [rates]\n  |               ^^^^^ write 'namespace/dnsName'\n");
    expect(report.endsWith('\n1 error in 1 resource of 1 file\n')).toBe(true);
  });

  test('wraps a long message with an indent, and the trailer under its text', () => {
    const long = finding({ location: place(entry), message: 'the host '.repeat(12).trim(), help: 'write '.repeat(18).trim() });
    const rows = linesOf(pretty, inputOf([entry], [long], { terminal: { color: 0, width: 60, hyperlinks: false } }));
    expect(rows.slice(0, 3)).toEqual([
      'error[EL999 unknown-host]: the host the host the host the',
      '    host the host the host the host the host the host the',
      '    host the host the host',
    ]);
    expect(rows.slice(8, 11)).toEqual([
      '  = help: write write write write write write write write',
      '          write write write write write write write write',
      '          write write',
    ]);
    expect(rows.every((row) => row.length <= 60 || row.includes('docs/'))).toBe(true);
  });

  test('keeps the lines of a YAML snippet in the help', () => {
    const snippet = finding({ location: place(entry), help: `add\n  hosts:\n    - ${'a'.repeat(90)}.example x\nto the entry\n` });
    const report = pretty(inputOf([entry], [snippet]));
    expect(report).toContain(`  = help: add\n            hosts:\n              - ${'a'.repeat(90)}.example x\n          to the entry\n  = docs`);
  });

  test.each<[string, Partial<Finding>, string[]]>([
    ['certain', {}, []],
    ['likely', { confidence: 'likely' }, ['  = note: likely, not certain: something that decides lies outside of these files']],
    ['possible', { confidence: 'possible' }, ['  = note: possible, not certain: much of what decides lies outside of these files']],
    ['refused, with a symptom that says so', { refusedBy: 'webhook', symptom: 'kubectl apply is denied' }, []],
    ['refused by the webhook', { refusedBy: 'webhook' }, ["  = note: Istio's validation webhook refuses this object: kubectl apply fails"]],
    ['refused by the API server', { refusedBy: 'api-server' }, ['  = note: the Kubernetes API server refuses this object: kubectl apply fails']],
  ])('notes of a finding that is %s', (_, parts, notes) => {
    const rows = linesOf(pretty, inputOf([entry], [finding({ location: place(entry), ...parts })], { terminal: { color: 0, width: 140, hyperlinks: false } }));
    expect(rows.filter((row) => row.includes('= note'))).toEqual(notes);
  });

  test('says of each fix how it is applied, and nothing of one that changes no text', () => {
    const edits = [{ file: entry.file, start: 0, end: 1, text: '' }];
    const fixes = [
      { title: 'write it so', safe: true, edits },
      { title: 'drop it', safe: false, edits },
      { title: 'move it', safe: true, edits: [] },
    ];
    const rows = linesOf(pretty, inputOf([entry], [finding({ location: place(entry), fixes })]));
    expect(rows.filter((row) => row.includes('= fix'))).toEqual([
      '  = fix: write it so (safe: --fix)',
      '  = fix: drop it (may change allowed traffic: --fix=all)',
    ]);
  });

  test('hides infos until asked, and counts them', () => {
    const info = finding({ location: place(entry), severity: 'info' });
    expect(pretty(inputOf([entry], [info]))).toBe('ok: no errors or warnings (1 info hidden) in 3 resources of 1 file\n');
    expect(pretty(inputOf([entry], [info], { showInfos: true }))).toMatch(/^info\[EL999 unknown-host\]: .*\n1 info in 3 resources of 1 file\n$/s);
  });

  test('does without the code where the file is not at hand', () => {
    expect(linesOf(pretty, inputOf([], [story])).slice(1, 7)).toEqual([
      ' --> shop/egress.yaml:8:3  spec.outboundTrafficPolicy of ServiceEntry shop/rates',
      "  | belongs to a Sidecar's spec, or to the mesh configuration",
      '  | of ServiceEntry shop/rates',
      '  |',
      ' --> shop/sidecar.yaml:4:15  spec.egress[0].hosts[0] of Sidecar shop/checkout',
      '  | imports the host that this entry would register',
    ]);
  });

  test('names the field and the resource as far as they fit beside the place', () => {
    const at = (width: number) => linesOf(pretty, inputOf([entry], [{ ...story, related: [] }], { terminal: { color: 0, width, hyperlinks: false } }));
    expect(at(80)).toContain(' --> shop/egress.yaml:8:3  spec.outboundTrafficPolicy of ServiceEntry shop/rates');
    expect(at(70)).toContain(' --> shop/egress.yaml:8:3  ServiceEntry shop/rates');
    expect(at(40)).toContain(' --> shop/egress.yaml:8:3');
  });

  test('lets no control character through, wherever it stands', () => {
    const evil = '\u001b]0;x\u0007\u009b2J\u202e\r';
    const source = marked(`a${evil}.yaml`, `# ${evil}\nkind: «x${evil}x»\n`);
    const spoiled = finding({
      location: place(source),
      message: `${evil}m`,
      label: `l${evil}`,
      symptom: `s${evil}`,
      help: `h${evil}`,
      docs: 'docs/rules/x.md',
      resource: { ...resource, name: `n${evil}` },
      path: `spec["${evil}"]`,
      related: [{ message: `r${evil}`, location: { ...place(source), file: `b${evil}.yaml` } }],
      fixes: [{ title: `f${evil}`, safe: true, edits: [] }],
    });
    expect(pretty(inputOf([source], [spoiled]))).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
  });

  test('colors by severity, at the level that the caller says', () => {
    const colored = (color: 0 | 1, severity: Finding['severity']) =>
      pretty(inputOf([entry], [finding({ location: place(entry), severity })], { showInfos: true, terminal: { color, width: 80, hyperlinks: false } }));
    expect(colored(0, 'error')).not.toContain('\u001b');
    for (const [severity, code] of [
      ['error', 31],
      ['warning', 33],
      ['info', 36],
    ] as const) {
      const report = colored(1, severity);
      expect(report).toContain(`\u001b[1m\u001b[${code}m${severity}[EL999 unknown-host]\u001b[39m\u001b[22m`);
      expect(report).toContain(`\u001b[${code}m^^^^\u001b[39m`);
    }
    expect(pretty(inputOf([entry], [], { terminal: { color: 1, width: 80, hyperlinks: false } }))).toContain('\u001b[32mok: no findings');
  });

  test('links places and pages where the terminal follows links', () => {
    const terminal = { color: 0, width: 80, hyperlinks: true, fileUrl: (file: string) => `file:///repo/${file}\u001b` } as const;
    const tool = { name: 'egress-lint', version: '1.2.3', home: 'https://lint.example/v1/' };
    const report = pretty(inputOf([entry], [{ ...story, related: [] }], { terminal, tool }));
    expect(report).toContain('\u001b]8;;file:///repo/shop/egress.yaml%1B\u001b\\shop/egress.yaml:8:3\u001b]8;;\u001b\\');
    expect(report).toContain('\u001b]8;;https://lint.example/v1/docs/rules/unknown-field.md\u001b\\error[EL103 unknown-field]\u001b]8;;\u001b\\:');
    expect(report).toContain('  = docs: https://lint.example/v1/docs/rules/unknown-field.md\n');
    expect(pretty(inputOf([entry], [story], { tool }))).not.toContain('\u001b');
  });
});
