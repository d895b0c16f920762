import { describe, expect, test } from 'vitest';
import { sharedTcpServers } from '../../src/mesh/tcp-servers.ts';
import { meshOf } from '../support/mesh-of.ts';

const object = (kind: string, name: string, spec: string, metadata = '') => `---
apiVersion: networking.istio.io/v1
kind: ${kind}
metadata: { name: ${name}, namespace: shop${metadata} }
spec: ${spec}
`;
const server = (hosts: string, protocol = 'TCP', more = '', port = 22) =>
  `{ port: { number: ${port}, name: p${port}-${hosts.replace(/\W/g, '')}, protocol: ${protocol} }, hosts: [${hosts}]${more} }`;
const gateway = (...servers: readonly string[]) => object('Gateway', 'out', `{ selector: { istio: egressgateway }, servers: [${servers.join(', ')}] }`);
const routes = (host: string, match = '', to = host, metadata = '') =>
  object(
    'VirtualService',
    host,
    `{ hosts: [${host}.example], gateways: [out], tcp: [{ ${match}route: [{ destination: { host: ${to}.example } }] }] }`,
    metadata,
  );
const AGE = (year: number) => `, creationTimestamp: "${year}-01-01T00:00:00Z"`;

describe('G-5: a server that takes the connections of one VirtualService has two', () => {
  test.each([
    ['for TCP', gateway(server('a.example, b.example')) + routes('a') + routes('b'), ['0 a b']],
    ['for terminated TLS', gateway(server('a.example, b.example', 'TLS', ', tls: { mode: ISTIO_MUTUAL }')) + routes('a') + routes('b'), ['0 a b']],
    ['each of which is told', gateway(server('"*"')) + routes('a') + routes('b') + routes('c'), ['0 a b', '0 a c']],
    ['the older first', gateway(server('"*"')) + routes('a', '', 'a', AGE(2026)) + routes('b', '', 'b', AGE(2025)), ['0 b a']],
    [
      'by port',
      gateway(server('"*"'), server('"*"', 'TCP', '', 23)) + routes('a', 'match: [{ port: 23 }], ') + routes('b', 'match: [{ port: 23 }], '),
      ['1 a b'],
    ],
    ['not where each has a server', gateway(server('a.example'), server('b.example', 'TCP', '', 23)) + routes('a') + routes('b'), []],
    [
      'not where ports differ',
      gateway(server('"*"'), server('"*"', 'TCP', '', 23)) + routes('a', 'match: [{ port: 22 }], ') + routes('b', 'match: [{ port: 23 }], '),
      [],
    ],
    ['not where both lead to one place', gateway(server('"*"')) + routes('a') + routes('b', '', 'a'), []],
    ['not where TLS is passed on', gateway(server('"*"', 'TLS', ', tls: { mode: PASSTHROUGH }')) + routes('a') + routes('b'), []],
    ['not where one is for sidecars', gateway(server('"*"')) + routes('a') + routes('b').replace('gateways: [out]', 'gateways: [mesh]'), []],
  ])('%s', (_, text, expected) => {
    const found = sharedTcpServers(meshOf(text));
    expect(found.map(({ index, first, later }) => `${index} ${first.virtualService.name} ${later.virtualService.name}`)).toEqual(expected);
  });
});
