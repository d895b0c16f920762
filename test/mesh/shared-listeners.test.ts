import { describe, expect, test } from 'vitest';
import { load } from '../../src/mesh/load.ts';
import { Mesh } from '../../src/mesh/mesh.ts';
import { catchAllPorts, mayCaptureDns, tcpCollisions } from '../../src/mesh/shared-listeners.ts';
import { meshOf, only } from '../support/mesh-of.ts';

interface Text {
  readonly name?: string;
  readonly namespace?: string;
  readonly host?: string;
  readonly ports?: string;
  readonly rest?: string;
}
const TCP = '[{ number: 5432, name: tcp, protocol: TCP }]';
const entry = ({ name = 'a', namespace = 'shop', host = `${name}.example`, ports = TCP, rest = 'resolution: DNS' }: Text = {}) =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: { hosts: [${host}], ports: ${ports}, ${rest} }\n`;

describe('catchAllPorts', () => {
  const numbers = (text: Text) => catchAllPorts(only(meshOf(entry(text)), 'ServiceEntry', 'a')).map(({ number }) => number);

  test('are TCP to a sidecar, or of no protocol (L-7)', () => {
    const ports = ['TCP', 'redis', 'MONGO', 'MySQL', 'TLS', 'HTTPS', 'HTTP', 'GRPC', 'UDP'].map(
      (protocol, i) => `{ number: ${i + 1}, name: p${i}, protocol: ${protocol} }`,
    );
    expect(numbers({ ports: `[${ports.join(', ')}, { number: 99, name: p }]` })).toEqual([1, 2, 3, 4, 99]);
  });

  test('have no addresses, and nothing about them is unknown', () => {
    expect(numbers({})).toEqual([5432]);
    expect(numbers({ rest: 'resolution: DNS, addresses: [192.0.2.1]' })).toEqual([]);
    expect(numbers({ rest: 'resolution: DNS, addresses: ["{{ .Values.address }}"]' })).toEqual([]);
    expect(numbers({ rest: 'resolution: DNS, adresses: [192.0.2.1]' })).toEqual([]);
  });
});

describe('tcpCollisions', () => {
  const names = (...texts: readonly Text[]) =>
    tcpCollisions(meshOf(texts.map(entry).join('---\n'))).map(({ earlier, later }) => `${earlier.entry.name} ${later.entry.name}`);
  const other: Text = { name: 'b' };

  test('two hosts on one port (L-9)', () => {
    expect(names({}, other)).toEqual(['a b']);
    expect(names({}, other, { name: 'c' })).toEqual(['a b', 'a c']);
    expect(names({}, { ...other, ports: '[{ number: 5433, name: tcp, protocol: TCP }]' })).toEqual([]);
    expect(names({}, { ...other, host: 'a.example' })).toEqual([]);
    expect(names({}, { ...other, rest: 'resolution: NONE' })).toEqual([]);
  });

  test('only where one namespace sees both (V-2)', () => {
    const own = 'resolution: DNS, exportTo: ["."]';
    expect(names({}, { ...other, namespace: 'pay' })).toEqual(['a b']);
    expect(names({ rest: own }, { ...other, namespace: 'pay' })).toEqual(['a b']);
    expect(names({ rest: own }, { ...other, namespace: 'pay', rest: own })).toEqual([]);
    expect(names({ rest: own }, { ...other, rest: own })).toEqual(['a b']);
  });
});

describe('mayCaptureDns', () => {
  test.each([
    ['ISTIO_META_DNS_CAPTURE: "true"', true],
    ['# ISTIO_META_DNS_CAPTURE is off here\nISTIO_META_DNS_CAPTURE: "false"', true],
    ['ISTIO_META_DNS_CAPTURE: "false"', false],
    ['"ISTIO_META_DNS_CAPTURE": false', false],
    ['kind: ConfigMap', false],
  ])('%s: %s', (text, expected) => {
    const files = load([{ file: 'values.yaml', text }]);
    expect(files.map((file) => mayCaptureDns(new Mesh(files), file))).toEqual([expected]);
    for (const dnsCapture of [true, false]) expect(files.map((file) => mayCaptureDns(new Mesh(files, { dnsCapture }), file))).toEqual([dnsCapture]);
  });
});
