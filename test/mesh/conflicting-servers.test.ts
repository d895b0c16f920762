import { describe, expect, test } from 'vitest';
import { serverConflicts } from '../../src/mesh/conflicting-servers.ts';
import { meshOf } from '../support/mesh-of.ts';

interface Server {
  readonly protocol: string;
  readonly mode?: string;
  readonly host?: string;
  readonly port?: number;
  readonly bind?: string;
}

/** The conflicts of Gateways with one server each, as `kind earlier>later`. */
function conflicts(servers: readonly Server[], selectors: readonly string[] = []): readonly string[] {
  const mesh = meshOf(
    servers
      .map(
        ({ protocol, mode, host = 'a.example', port = 443, bind }, i) => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: g${i}, namespace: shop }
spec:
  selector: { istio: ${selectors[i] ?? 'egressgateway'} }
  servers:
  - port: { number: ${port}, name: p, protocol: ${protocol} }
    hosts: ["${host}"]
${mode ? `    tls: { mode: ${mode} }\n` : ''}${bind ? `    bind: ${bind}\n` : ''}`,
      )
      .join('---'),
  );
  return serverConflicts(mesh.all('Gateway'), () => true).map(({ kind, earlier, later }) => `${kind} ${earlier.gateway.name}>${later.gateway.name}`);
}

const HTTP: Server = { protocol: 'HTTP' };
const TCP: Server = { protocol: 'TCP' };
const PASS: Server = { protocol: 'TLS', mode: 'PASSTHROUGH' };
const MUTUAL: Server = { protocol: 'HTTPS', mode: 'ISTIO_MUTUAL' };

describe('two servers on one port', () => {
  test.each([
    ['HTTP and HTTP share it', [HTTP, HTTP], []],
    ['HTTP keeps TLS out', [HTTP, PASS], ['sort g0>g1']],
    ['HTTP keeps TCP out', [HTTP, TCP], ['sort g0>g1']],
    ['TLS lets HTTP in', [PASS, HTTP], []],
    ['TCP keeps HTTP out', [TCP, HTTP], ['sort g0>g1']],
    ['TCP keeps TLS out', [TCP, PASS], ['sort g0>g1']],
    ['TCP keeps more TCP out', [TCP, TCP], ['sort g0>g1']],
    ['TLS lets TCP in', [PASS, TCP], []],
    ['TLS lets TLS of other hosts in', [PASS, { ...MUTUAL, host: 'b.example' }], []],
    ['TLS keeps its hosts', [PASS, MUTUAL], ['host g0>g1']],
    ['a wildcard is another host', [PASS, { ...PASS, host: '*.example' }], []],
    ['namespaces make one server name twice', [MUTUAL, { ...MUTUAL, host: './a.example' }], ['listener g0>g1']],
    ['unless the TLS is passed on', [PASS, { ...PASS, host: './a.example' }], []],
    [
      '`./` and the namespace by name are one',
      [
        { ...MUTUAL, host: 'shop/a.example' },
        { ...MUTUAL, host: './a.example' },
      ],
      ['host g0>g1'],
    ],
    ['other ports do not matter', [HTTP, { ...PASS, port: 8443 }], []],
    ['other addresses do not matter', [HTTP, { ...PASS, bind: '192.0.2.1' }], []],
  ])('%s', (_, servers, expected) => expect(conflicts(servers)).toEqual(expected));

  test('other gateways do not matter', () => expect(conflicts([HTTP, PASS], ['egressgateway', 'ingressgateway'])).toEqual([]));
  test('each is told once', () => expect(conflicts([HTTP, PASS, MUTUAL])).toEqual(['sort g0>g1', 'sort g0>g2']));
});
