import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { load } from '../src/index.ts';
import { applyEdits } from '../src/text/edit.ts';
import { lintFiles, lintText } from './support/lint-text.ts';

/** The fixes that a rule offers for a text, as `safe: title` or `suggested: title`. */
function offered(rule: string, text: string): readonly string[] {
  const findings = lintText(text).filter((finding) => finding.rule === rule);
  return findings.flatMap((finding) => finding.fixes.map((fix) => `${fix.safe ? 'safe' : 'suggested'}: ${fix.title}`));
}

const istio = (kind: string, spec: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: ${kind}\nmetadata: { name: rates, namespace: shop }\nspec:\n${spec.replace(/^/gm, '  ')}\n`;

const entry = (more: string): string => istio('ServiceEntry', `hosts: [rates.bank.example]\nports: [{ number: 443, name: tls, protocol: TLS }]\n${more}`);

const sidecar = (name: string, spec = ''): string =>
  `---\n${istio('Sidecar', `egress: [{ hosts: [./rates.bank.example] }]\n${spec}`).replace('name: rates', `name: ${name}`)}`;

const misplaced = entry('outboundTrafficPolicy:\n  mode: REGISTRY_ONLY');

test.each([
  ['a misplaced field can go', 'unknown-field', misplaced, ["suggested: remove 'outboundTrafficPolicy'"]],
  [
    'a misplaced field can move to the one Sidecar that imports the host',
    'unknown-field',
    misplaced + sidecar('checkout'),
    ["suggested: remove 'outboundTrafficPolicy'", "suggested: move 'outboundTrafficPolicy' to Sidecar shop/checkout"],
  ],
  ['of two Sidecars none is picked', 'unknown-field', misplaced + sidecar('checkout') + sidecar('basket'), ["suggested: remove 'outboundTrafficPolicy'"]],
  [
    'a Sidecar that has the field keeps its own',
    'unknown-field',
    misplaced + sidecar('checkout', 'outboundTrafficPolicy: { mode: ALLOW_ANY }'),
    ["suggested: remove 'outboundTrafficPolicy'"],
  ],
  [
    'an alias does not move to another document',
    'unknown-field',
    entry('resolution: &way DNS\noutboundTrafficPolicy: { mode: *way }') + sidecar('checkout'),
    ["suggested: remove 'outboundTrafficPolicy'"],
  ],
  ['a typo can be renamed', 'unknown-field', entry('resolutoin: DNS'), ["suggested: rename 'resolutoin' to 'resolution'", "suggested: remove 'resolutoin'"]],
  ['a typo beside the right field can only go', 'unknown-field', entry('resolution: DNS\nresolutoin: DNS'), ["suggested: remove 'resolutoin'"]],
  ['another spelling is renamed', 'snake-case-field', entry('export_to: [.]'), ["safe: write 'exportTo'"]],
  [
    'both spellings: one can go',
    'snake-case-field',
    entry('exportTo: [.]\nexport_to: ["*"]'),
    ["suggested: remove 'export_to': 'exportTo' is written as well"],
  ],
  ['case and one letter are beyond doubt', 'unknown-value', entry('resolution: dns'), ["safe: write 'DNS'"]],
  ['a letter that is missing as well', 'unknown-value', entry('resolution: STATC'), ["safe: write 'STATIC'"]],
  ['more than a letter is a guess', 'unknown-value', entry('location: MESH_INTRNL'), ["suggested: write 'MESH_INTERNAL'"]],
  ['what is not close is not guessed', 'unknown-value', entry('resolution: PUBLIC'), []],
  [
    'alternatives can go, one or the other',
    'conflicting-fields',
    istio(
      'VirtualService',
      'hosts: [rates.bank.example]\nhttp: [{ match: [{ uri: { exact: /a, prefix: /b } }], route: [{ destination: { host: rates.bank.example } }] }]',
    ),
    ['suggested: remove spec.http[0].match[0].uri.exact', 'suggested: remove spec.http[0].match[0].uri.prefix'],
  ],
  [
    'a word is quoted',
    'yaml-boolean',
    istio('DestinationRule', 'host: rates.bank.example\nsubsets: [{ name: v1, labels: { canary: on } }]'),
    ['safe: write "on"'],
  ],
  ['the older version is only suggested to go', 'deprecated-api-version', entry('').replace('/v1', '/v1beta1'), ['suggested: write networking.istio.io/v1']],
  [
    'a mode has to be chosen',
    'omitted-mode',
    istio('DestinationRule', 'host: rates.bank.example\ntrafficPolicy: { tls: { sni: rates.bank.example } }'),
    ["suggested: add 'mode: SIMPLE'", "suggested: add 'mode: DISABLE'"],
  ],
])('%s', (_, rule, text, expected) => {
  expect(offered(rule, text)).toEqual(expected);
});

/** The text after the last fix that a rule offers for its first finding. */
function repaired(rule: string, text: string): string {
  const fix = lintText(text)
    .find((finding) => finding.rule === rule)
    ?.fixes.at(-1);
  return applyEdits(text, fix?.edits ?? []).text;
}

test('a field that moves keeps what it holds, and both documents keep their form', () => {
  const target = sidecar('checkout', 'workloadSelector: # of the shop\n  labels: { app: web }');
  const moved = target.replace(/\n$/, '\n  outboundTrafficPolicy:\n    mode: REGISTRY_ONLY\n');
  expect(repaired('unknown-field', misplaced + target)).toBe(`${entry('').trimEnd()}\n${moved}`);
});

test('a word that is read as a boolean gets quotes', () => {
  const text = istio('DestinationRule', 'host: rates.bank.example\nsubsets: [{ name: v1, labels: { canary: on } }]');
  expect(repaired('yaml-boolean', text)).toBe(text.replace('canary: on', 'canary: "on"'));
});

test('a mode comes into an empty block', () => {
  const text = istio('Sidecar', 'egress: [{ hosts: ["./*"] }]\noutboundTrafficPolicy: {}');
  expect(lintText(text).map((finding) => finding.rule)).toContain('omitted-mode');
  expect(lintText(repaired('omitted-mode', text)).map((finding) => finding.rule)).not.toContain('omitted-mode');
});

test('a Sidecar that stands in two environments is none to move a field to', () => {
  const files = ['dev', 'prod'].map((name) => ({ file: `${name}/sidecar.yaml`, text: sidecar('checkout') }));
  const { findings } = lintFiles([{ file: 'base/entry.yaml', text: misplaced }, ...files]);
  const [finding] = findings.filter(({ rule }) => rule === 'unknown-field');
  expect(finding?.fixes.map((fix) => fix.title)).toEqual(["remove 'outboundTrafficPolicy'"]);
  expect(finding?.related.map((related) => related.location.file)).toEqual(['base/entry.yaml']);
});

test('no fix of any fixture makes a value of the wrong type', () => {
  const fixtures = new URL('rules/', import.meta.url).pathname;
  const files = readdirSync(fixtures, { recursive: true, encoding: 'utf8' }).filter((file) => /(?:^|\/)bad[^/]*\.yaml$/.test(file));
  const broken: string[] = [];
  let tried = 0;
  for (const file of files) {
    const text = readFileSync(fixtures + file, 'utf8');
    const before = wrongTypes(text);
    for (const { rule, fixes } of lintText(text)) {
      for (const { title, edits } of fixes) {
        tried++;
        if (wrongTypes(applyEdits(text, edits).text) > before) broken.push(`${file}: ${rule}: ${title}`);
      }
    }
  }
  expect(tried).toBeGreaterThan(50);
  expect(broken).toEqual([]);
});

/** How many values of a text have the wrong type. */
function wrongTypes(text: string): number {
  const resources = load([{ file: 'test.yaml', text }]).flatMap((file) => file.resources);
  return resources.flatMap(({ problems }) => problems).filter(({ type }) => type === 'wrong-type' || type === 'yaml-boolean').length;
}
