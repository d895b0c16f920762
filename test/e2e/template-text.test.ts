import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { directory, egressLint } from './support.ts';

const NAME = '{{ .Release.Name }}-{{ include "shop.é" . | quote }}';
const NAMESPACE = '{{ .Values.ns }}';
const TEMPLATED = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: ${NAME}
  namespace: ${NAMESPACE}
spec:
  host: rates.bank.example
  trafficPolicy: { tls: { mode: SIMPL }, portLevelSettings: [{ port: { number: 443 }, tls: { mode: SIMPLE, sni: "{{ .Values.sni }}" } }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: way-out, namespace: "{{ .Values.edge }}" }
spec:
  selector: { istio: "{{ .Values.selector }}" }
  servers: [{ port: { number: 443, name: tls, protocol: TLSS }, tls: { mode: PASSTHROUGH }, hosts: ["{{ .Values.host }}"] }]
`;
const ENTRY = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: "{{ .Values.entry }}", namespace: shop }
spec: { hosts: [rates.bank.example], resolution: DNS, location: MESH_EXTERNAL, ports: [{ number: 443, name: tls, protocol: TLS }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: "{{ .Values.rule }}", namespace: shop }
spec: { host: rates.bank.example, trafficPolicy: { tls: { mode: SIMPLE } } }
`;
const MASKS = /[\uE000-\uF8FF]/;

/** How a format writes quotation marks. */
const FORMATS: readonly (readonly [string, (text: string) => string])[] = [
  ...['pretty', 'concise', 'github'].map((name) => [name, (text: string) => text] as const),
  ['markdown', (text) => text.replaceAll('|', '\\|')],
  ...['json', 'jsonl', 'sarif', 'gitlab'].map((name) => [name, (text: string) => text.replaceAll('"', '\\"')] as const),
  ...['junit', 'checkstyle'].map((name) => [name, (text: string) => text.replaceAll('"', '&quot;')] as const),
];

describe('template text is shown as it is written', () => {
  const cwd = directory({ '.git/HEAD': '', 'templates/a.yaml': TEMPLATED, 'templates/b.yaml': ENTRY });

  test.each(FORMATS)('in the format %s', (format, written) => {
    const { out, err, status } = egressLint(['--show-infos', '--format', format], { cwd });
    expect({ err, status }).toEqual({ err: expect.not.stringMatching(MASKS), status: 1 });
    expect(out).not.toMatch(MASKS);
    expect(out).toContain(written(`DestinationRule ${NAMESPACE}/${NAME}`));
    expect(out).toContain('{{ .Values.edge }}/way-out');
  });

  test('in names of resources, for programs', () => {
    const { findings } = JSON.parse(egressLint(['--format', 'json'], { cwd }).out) as { findings: readonly { rule: string; resource: unknown }[] };
    expect(findings.find(({ rule }) => rule === 'unknown-value')?.resource).toMatchObject({ name: NAME, namespace: NAMESPACE });
  });

  test('in traces', () => {
    for (const format of ['text', 'json']) {
      const { out } = egressLint(['trace', '--from', 'shop', '--to', 'https://rates.bank.example', '--format', format], { cwd });
      expect(out).not.toMatch(MASKS);
      expect(out).toContain('{{ .Values.rule }}');
    }
  });

  test('in baselines, explanations, patches and first configurations', () => {
    egressLint(['--update-baseline'], { cwd });
    const baseline = readFileSync(join(cwd, 'egress-lint-baseline.json'), 'utf8');
    egressLint(['init'], { cwd });
    const texts = [
      baseline,
      egressLint(['--diff'], { cwd }).out,
      egressLint(['explain', 'NR', '.'], { cwd }).out,
      readFileSync(join(cwd, 'egress-lint.yaml'), 'utf8'),
    ];
    for (const text of texts) expect(text).not.toMatch(MASKS);
    expect(JSON.parse(baseline)).toMatchObject({
      findings: expect.arrayContaining([expect.objectContaining({ resource: `DestinationRule ${NAMESPACE}/${NAME}` })]),
    });
  });
});
