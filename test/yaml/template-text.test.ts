// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is what it is about
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasTemplateLines, isBrokenTemplate, isTemplateText, MASK, maskTemplates, unmasked } from '../../src/yaml/template-text.ts';

const TEMPLATE = [
  // Helm, Go, Jinja, ERB
  ...['{{ .Values.host }}', 'api.{{ .Values.domain }}', MASK.repeat(3), '{% if x %}a{% endif %}', '<%= host %>'],
  // envsubst, Terraform, pipelines
  ...['${HOST}', 'api.${DOMAIN:-bank.example}', '${var.host}', '#{Host}', '$[[ inputs.host ]]', '$HOST', 'api.$DOMAIN', '$host'],
  // kustomize, Pods
  ...['$(HOST)', 'api.$(domain.name)', '$(NAMESPACE)/*'],
  // Concourse, Maven, sed
  ...['((host))', 'api.((domain.name))', '@project.version@', '__HOST__', 'api.__DOMAIN__', '__host__', '@@HOST@@'],
  // for people
  ...['<host>', '<your-host>.example', 'https://<host>/', '<EGRESS_IP>/32', '<namespace>/<name>', '<your host here>', 'sa/<name>', '<a>.<b>:443'],
  ...[
    '[your.domain]',
    '[YOUR-DOMAIN]',
    '[domain]',
    '[your domain]',
    'REPLACE_ME',
    'REPLACEME',
    'CHANGE-ME.example',
    'YOUR_DOMAIN',
    'PLACEHOLDER',
    'INSERT_HERE',
  ],
  ...['...', '…', 'MIIC-...'],
  ...['{host}', '{app-name}', '{tenant}.bank.example', '{host}:443', '<<host>>', '<<__sub__>>.<<__domain__>>', '<Note: your host, or its name>'],
  ...['x.x.x.x', 'ip.ip.ip.ip', 'xxx.xxx.xxx.xxx/32', '10.x.x.x', '192.168.X.X', 'x.x.x.x/x', 'DB_PORT_PLACEHOLDER'],
  ...['backend.DATA_PLANE.svc.cluster.local', 'MY_APP.example', 'api.MY_ZONE', 'https://api.MY_ZONE/v1', 'git.###ZARF_VAR_DOMAIN###'],
];

const PLAIN = [
  // hosts, addresses, names
  ...['', 'api.bank.example', '*.bank.example', '*', './*', '~/*', '*/*', '.', '10.0.0.0/8', '::1', '[::1]', 'istio-system', 'a_b', '__proto', 'x__y'],
  // regular expressions
  ...['(?P<name>[a-z]+)', '(?<version>v\\d+)', '[a-z]', '[A-Za-z0-9_.-]+', '[abc]', '[[:alpha:]]+', '^/v[12]/.*$', '((a|b)\\.)+', '((foo|bar))', '\\d{3}'],
  ...['a.b.c.d', 'x.x.example', 'xx.x.x.example', '10.0.0.1', 'a.a.a.bank', '/{id}', '/v1/{id}.json', '{"x":1}'],
  ...['a{2,3}', '^(a$|b$)', '.*\\.(?:png|css)$', '^https?://[^/]+$', '/items/[0-9]+/(?P<id>.*)', '...x', '/a...', '<', '>', 'a < b && b > c'],
  // Envoy, headers, paths, schedules
  ...[
    '%REQ(X-REQUEST-ID)%',
    '%START_TIME(%s)%',
    '%DYNAMIC_METADATA(a:b)%',
    '/{*}',
    '/a/{**}',
    '/users/{id}',
    '/odata/$metadata',
    '/$batch',
    '*/5 * * * *',
    'a@b.example',
  ],
  ...[
    'spiffe://cluster.local/ns/a/sa/b',
    '{"a":{"b":1}}',
    '<p>Hello</p>',
    '<html><body/></html>',
    '<!doctype html>',
    '<br/>',
    '</x>',
    '100%',
    '$5',
    'cost: $',
    'US$',
  ],
  ...['REGISTRY_ONLY', 'a_b.example', 'X_Y', 'ISTIO_META_DNS_CAPTURE', 'UPPER.example', 'a.B_c.example', '#/definitions/a', '### a ###'],
  ...['CHANGE_METHOD', 'INSERTED', 'X-INSERT-INTO', 'Please wait…', 'YOURS', 'https://a.example/?q=a|b&c=<1>'],
];

test.each(TEMPLATE)('%j will be replaced', (value) => {
  expect(isTemplateText(value)).toBe(true);
});

test.each(PLAIN)('%j means what it says', (value) => {
  expect(isTemplateText(value)).toBe(false);
});

describe('lines that come or go with a template', () => {
  test.each([
    ['Helm', 'a: 1\n{{- if .Values.on }}\nb: 2\n{{- end }}\n'],
    ['Helm, indented', 'a:\n  {{- with .Values.x }}\n  b: {{ . }}\n  {{- end }}\n'],
    ['a key', 'a:\n  {{ .Values.key }}: 1\n'],
    ['an include', 'labels:\n  {{- include "labels" . | nindent 4 }}\n'],
    ['Jinja', '{% for h in hosts %}\n- {{ h }}\n{% endfor %}\n'],
    ['a comment of Jinja', '{# all hosts #}\na: 1\n'],
    ['ERB', '<% hosts.each do |h| %>\n- <%= h %>\n<% end %>\n'],
    ['Terraform', '%{ for h in hosts ~}\n- ${h}\n%{ endfor ~}\n'],
    ['ytt, a line', '#@ for h in data.values.hosts:\n- #@ h\n#@ end\n'],
    ['ytt, behind a key', 'namespace: #@ data.values.namespace\n'],
    ['ytt, an annotation', '#@overlay/match by="kind"\n---\na: 1\n'],
    ['CRLF', 'a: 1\r\n{{ end }}\r\n'],
  ])('%s', (_, text) => {
    expect(hasTemplateLines(text)).toBe(true);
  });

  test.each([
    ['a value', 'host: {{ .Values.host }}\n'],
    ['an item', '- {{ .Values.host }}\n'],
    ['a comment', '# {{- if .Values.on }}\na: 1\n'],
    ['a flow mapping in a flow mapping', 'a: {b: {c: 1}}\n'],
    ['a comment that is not of ytt', '#@TODO\na: 1 #@later\n'],
    ['a part of a word', 'a: x#@ y\n'],
    ['a directive', '%YAML 1.1\n---\na: 1\n'],
  ])('not %s', (_, text) => {
    expect(hasTemplateLines(text)).toBe(false);
  });
});

test.each([
  ['a line of a variable', 'a:\n  ${EXTRA}\n', true],
  ['an item of a variable', '- $(EXTRA)\nb: 1', true],
  ['a line of a placeholder', 'a: 1\n  __EXTRA__\n', true],
  ['an ellipsis', 'a: 1\n...x\n  ...\n', true],
  ['a template over two lines', 'a: {{ .x |\n  quote }}\n', true],
  ['a name in braces with text behind it', 'image: {user}/app:v1\n', true],
  ['a sentence in angle brackets', 'a:\n  - <EDIT: the Pods that may call>\n    <EDIT>\n', true],
  ['a name between percent signs', 'image: %IMAGE_URI%:1.0\n', true],
  ['a mistake', 'a: b: c\n', false],
  ['a mistake beside a format of Envoy', 'a: b: c\nf: "%START_TIME%"\n', false],
  ['a flow mapping and a mistake', 'a: {b: 1}\nc: d: e\n', false],
  ['a variable in a value', 'a: ${x}: c\n', false],
])('what does not parse is a template or a mistake: %s', (_, text, expected) => {
  expect(isBrokenTemplate(text)).toBe(expected);
});

test.each([
  ['one', 'a: {{ x }}', 'a: #######'],
  ['two on a line', '{{a}}:{{b}}', '#####:#####'],
  ['quotes inside', 'a: "{{ x | default "y" }}"', `a: "${'#'.repeat('{{ x | default "y" }}'.length)}"`],
  ['not over lines', 'a: {{ x\n}} {{ y }}', 'a: {{ x\n}} #######'],
  ['not without an end', 'a: {{ x', 'a: {{ x'],
  ['braces of flow mappings', 'a: {b: {c: 1}}', 'a: {b: {c: 1}}'],
  ['a name in braces', 'a: {app-name} # x\n- {b}\r\nc: 1', 'a: ########## # x\n- ###\r\nc: 1'],
  ['no empty, quoted or longer one', 'a: {}\nb: "{c}"\nd: {e}/f\ng: {h, i}', 'a: {}\nb: "{c}"\nd: {e}/f\ng: {h, i}'],
])('templates are masked at their length: %s', (_, text, expected) => {
  expect(maskTemplates(text).replace(/[\uE000-\uF8FF]/g, '#')).toBe(expected);
  expect(maskTemplates(text)).toHaveLength(text.length);
});

test('no text takes more than its length', () => {
  const size = 1_000_000;
  const unit = [
    '{{',
    '${',
    '$(',
    '<a',
    '__A',
    '((a',
    '@a',
    '[ab ',
    ' ',
    '\t',
    '{{\n',
    '#@',
    '-',
    '.',
    '%{',
    '$',
    'REPLACE',
    'INSERT',
    '__',
    '{{ }',
    '<a ',
    '{a',
    ': {a',
    ': {a} ',
    'x.',
  ];
  const start = performance.now();
  for (const each of unit) {
    const text = each.repeat(size / each.length);
    isTemplateText(text);
    hasTemplateLines(text);
    isBrokenTemplate(text);
    maskTemplates(`${text}}}`);
  }
  expect(performance.now() - start).toBeLessThan(5000);
});

describe('template text within a line', () => {
  const BRACED = /\{\{[^\r\n]*?\}\}/g;

  test('is masked letter for letter, and comes back as it was', () => {
    const part = fc.oneof(
      fc.constantFrom('{{', '}}', '{{ .Values.a }}', ': ', '"', '\\', '\n', ' '),
      fc.string({ unit: 'binary', maxLength: 5 }).filter((text) => !/[\p{Cc}\p{Co}\p{Cs}\u1900-\u{10ffff}]/u.test(text)),
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 12 }).map((parts) => parts.join('')),
        (text) => {
          const masked = maskTemplates(text);
          expect(masked).toHaveLength(text.length);
          expect(masked).not.toMatch(BRACED);
          expect(unmasked(masked)).toBe(text);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('tells two templates of one length apart, and one from itself not', () => {
    expect(maskTemplates('{{ .a }}')).not.toBe(maskTemplates('{{ .b }}'));
    expect(maskTemplates('{{ .a }}')).toBe(maskTemplates('{{ .a }}'));
  });

  test('leaves what people write in the private-use area alone, and shows … for what has no room there', () => {
    for (const text of ['\uE0A0 main', '\uE07B', 'a\uE07D\uE07D']) expect(unmasked(text)).toBe(text);
    expect(unmasked(maskTemplates('{{ "\u4E2D" }}'))).toBe('{{ "…" }}');
  });
});
