import { describe, expect, test } from 'vitest';
import { fingerprint } from '../../src/engine/fingerprint.ts';
import { changesToEdits } from '../../src/engine/fix.ts';
import { locationOf, pathText, spanOf, stablePathText } from '../../src/engine/place.ts';
import type { Change, ResourcePlace } from '../../src/engine/rule.ts';
import { load } from '../../src/mesh/load.ts';
import { applyEdits } from '../../src/text/edit.ts';
import type { Path } from '../../src/yaml/locate.ts';

const TEXT = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: x}
spec:
  hosts: [a, b]
  ports:
    - number: 443
      name: tls
    - number: 80
      name: http
  addresses: [
    10.0.0.1
  ]
  subjectAltNames:
    - |
      one
      two
  endpoints:
    - address: c
    - ports: {http: 80}
`;

function places(text: string): (path: Path, part?: ResourcePlace['part']) => ResourcePlace {
  const resource = load([{ file: 'k8s/a.yaml', text }])[0]?.resources[0];
  if (!resource) throw new Error('no resource');
  return (path, part) => ({ resource, path, ...(part && { part }) });
}

const place = places(TEXT);

test('a location has lines and columns from 1, and offsets', () => {
  expect(locationOf(place(['spec', 'ports', 1, 'name']))).toEqual({
    file: 'k8s/a.yaml',
    startLine: 10,
    startColumn: 13,
    endLine: 10,
    endColumn: 17,
    start: TEXT.indexOf('http'),
    end: TEXT.indexOf('http') + 4,
  });
});

test('a place in an item of a List is found', () => {
  const text = `kind: List\nitems:\n- ${TEXT.trimEnd().replaceAll('\n', '\n  ')}\n`;
  const { start, end } = spanOf(places(text)(['spec', 'hosts', 1]));
  expect([text.slice(start, end), text.slice(start - 4, start)]).toEqual(['b', '[a, ']);
});

describe('what is shown never breaks over lines', () => {
  test.each<[string, Path, ResourcePlace['part'], string]>([
    ['a block: its key', ['spec', 'ports'], 'value', 'ports'],
    ['an entry of several lines: its key', ['spec', 'ports'], 'entry', 'ports'],
    ['an entry of one line', ['spec', 'hosts'], 'entry', 'hosts: [a, b]'],
    ['brackets over lines: their key', ['spec', 'addresses'], 'value', 'addresses'],
    ['a block scalar of a list: its first line', ['spec', 'subjectAltNames', 0], 'value', '|'],
  ])('%s', (_, path, part, expected) => {
    const { start, end } = spanOf(place(path, part));
    expect(TEXT.slice(start, end)).toBe(expected);
  });
});

test.each<[Path, string]>([
  [[], ''],
  [['spec'], 'spec'],
  [['spec', 'ports', 0, 'protocol'], 'spec.ports[0].protocol'],
  [['metadata', 'annotations', 'egress-lint/ignore'], 'metadata.annotations["egress-lint/ignore"]'],
])('the path %j is written as people write it', (path, expected) => {
  expect(pathText(path)).toBe(expected);
});

describe('a path that lasts', () => {
  test.each<[string, Path, string]>([
    ['by name', ['spec', 'ports', 1, 'protocol'], '.spec.ports[http].protocol'],
    ['by its text', ['spec', 'hosts', 1], '.spec.hosts[b]'],
    ['by address', ['spec', 'endpoints', 0, 'weight'], '.spec.endpoints[c].weight'],
    ['without a name', ['spec', 'endpoints', 1, 'weight'], '.spec.endpoints[].weight'],
    ['what is missing', ['spec', 'ports', 7, 'name'], '.spec.ports[undefined].name'],
  ])('names items %s', (_, path, expected) => {
    expect(stablePathText(place(path))).toBe(expected);
  });

  test('stays when an item is added in front', () => {
    const added = places(TEXT.replace('    - number: 443', '    - number: 8443\n      name: other\n    - number: 443'));
    expect(stablePathText(added(['spec', 'ports', 2, 'name']))).toBe(stablePathText(place(['spec', 'ports', 1, 'name'])));
  });
});

test('fingerprints tell rule, message, resource and field apart, and nothing else', () => {
  const id = { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'a' };
  const one = fingerprint('rule', 'message', id, 'spec', 'text');
  expect(one).toMatch(/^[\da-f]{16}$/);
  expect(fingerprint('rule', 'message', { ...id, apiVersion: 'v2' }, 'spec', 'other text')).toBe(one);
  const others = [
    fingerprint('rule2', 'message', id, 'spec', 'text'),
    fingerprint('rule', 'message2', id, 'spec', 'text'),
    fingerprint('rule', 'message', { ...id, name: 'b' }, 'spec', 'text'),
    fingerprint('rule', 'message', id, 'spec.hosts', 'text'),
    fingerprint('rule', 'message', undefined, undefined, 'text'),
    fingerprint('rule', 'message', undefined, undefined, 'other text'),
  ];
  expect(new Set([one, ...others]).size).toBe(7);
});

describe('changes become edits', () => {
  const applied = (...changes: readonly Change[]): string => applyEdits(TEXT, changesToEdits(changes)).text;

  test.each<[string, readonly Change[], (text: string) => string]>([
    ['replace', [{ do: 'replace', at: place(['spec', 'hosts', 0]), value: 'z' }], (text) => text.replace('[a,', '[z,')],
    ['rename', [{ do: 'rename', at: place(['spec', 'endpoints']), key: 'others' }], (text) => text.replace('endpoints', 'others')],
    ['remove', [{ do: 'remove', at: place(['spec', 'endpoints']) }], (text) => text.slice(0, text.indexOf('  endpoints'))],
    ['add', [{ do: 'add', at: place(['metadata']), key: 'namespace', yaml: 'shop' }], (text) => text.replace('{name: x}', '{name: x, namespace: shop}')],
    [
      'several',
      [
        { do: 'remove', at: place(['spec', 'endpoints', 1]) },
        { do: 'replace', at: place(['spec', 'ports', 0, 'number']), value: 8443 },
      ],
      (text) => text.replace('443', '8443').replace('    - ports: {http: 80}\n', ''),
    ],
  ])('%s', (_, changes, expected) => {
    expect(applied(...changes)).toBe(expected(TEXT));
  });

  test('a piece of a file that is no value', () => {
    const file = { file: 'k8s/b.yaml', text: '# a\n' };
    expect(changesToEdits([{ do: 'write', at: { file, span: { start: 0, end: 4 } }, text: '' }])).toEqual([{ file: 'k8s/b.yaml', start: 0, end: 4, text: '' }]);
  });

  test('all of them or none', () => {
    const fine: Change = { do: 'replace', at: place(['spec', 'hosts', 0]), value: 'z' };
    expect(changesToEdits([fine, { do: 'remove', at: place(['spec', 'nothing']) }])).toEqual([]);
    expect(changesToEdits([fine, { do: 'replace', at: place(['spec', 'hosts', 0]), value: 'y' }])).toEqual([]);
    expect(changesToEdits([fine, { do: 'remove', at: place(['spec', 'hosts']) }])).toEqual([]);
  });
});
