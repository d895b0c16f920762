import { describe, expect, test } from 'vitest';
import { type Protocol, parseProtocol, protocolGroup, serviceProtocol } from '../../src/mesh/protocol.ts';

test.each<[string | undefined, Protocol]>([
  ['HTTP', 'HTTP'],
  ['http', 'HTTP'],
  ['Https', 'HTTPS'],
  ['TLS', 'TLS'],
  ['tcp', 'TCP'],
  ['UDP', 'UDP'],
  ['grpc', 'GRPC'],
  ['GRPC-Web', 'GRPC-Web'],
  ['HTTP2', 'HTTP2'],
  ['HTTP_PROXY', 'HTTP_PROXY'],
  ['MONGO', 'Mongo'],
  ['redis', 'Redis'],
  ['MySQL', 'MySQL'],
  ['', 'auto'],
  [undefined, 'auto'],
  ['tsl', 'auto'],
  ['http-web', 'auto'],
  // No words of JavaScript's own.
  ['constructor', 'auto'],
  ['__proto__', 'auto'],
])('N-12: the text %s declares %s', (text, expected) => {
  expect(parseProtocol(text)).toBe(expected);
});

test.each<[Parameters<typeof serviceProtocol>[0], Protocol]>([
  [{ name: 'http' }, 'HTTP'],
  [{ name: 'http-web' }, 'HTTP'],
  [{ name: 'HTTPS-api' }, 'HTTPS'],
  [{ name: 'httpweb' }, 'auto'],
  [{ name: 'web-http' }, 'auto'],
  [{ name: 'grpc-web' }, 'GRPC-Web'],
  [{ name: 'grpc-web-api' }, 'GRPC-Web'],
  [{ name: 'grpc-api' }, 'GRPC'],
  [{ name: 'tls', appProtocol: 'http' }, 'HTTP'],
  [{ name: 'http', appProtocol: '' }, 'auto'],
  [{ appProtocol: 'kubernetes.io/h2c' }, 'HTTP2'],
  [{ appProtocol: 'kubernetes.io/ws' }, 'HTTP'],
  [{ appProtocol: 'kubernetes.io/wss' }, 'HTTPS'],
  [{ appProtocol: 'Kubernetes.io/WS' }, 'auto'],
  [{ name: 'kubernetes.io/ws' }, 'auto'],
  [{ name: 'http', protocol: 'UDP' }, 'UDP'],
  [{ name: 'http', protocol: 'TCP' }, 'HTTP'],
  [{ port: 3306 }, 'TCP'],
  [{ port: 25, name: 'smtp' }, 'TCP'],
  [{ port: 27_017, name: 'http' }, 'HTTP'],
  [{ port: 8080 }, 'auto'],
  [{ name: 'constructor' }, 'auto'],
])('N-13: a Service port %j is %s', (port, expected) => {
  expect(serviceProtocol(port)).toBe(expected);
});

describe('N-14', () => {
  test.each([
    ['http', ['HTTP', 'HTTP2', 'GRPC', 'GRPC-Web', 'HTTP_PROXY']],
    ['tls', ['HTTPS', 'TLS']],
    ['tcp', ['TCP', 'Mongo', 'Redis', 'MySQL']],
    ['udp', ['UDP']],
    ['auto', ['auto']],
  ] as const)('%s', (group, protocols) => {
    for (const protocol of protocols) expect(protocolGroup(protocol)).toBe(group);
  });
});
