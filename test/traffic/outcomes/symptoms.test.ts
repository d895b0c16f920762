import { describe, expect, test } from 'vitest';
import { symptomOf, symptomOfPath } from '../../../src/traffic/outcomes/symptoms.ts';
import { answerProbe } from '../../../src/traffic/probes/probe.ts';
import { TrafficModel } from '../../../src/traffic/traffic-model.ts';
import { meshOf } from '../../support/mesh-of.ts';

const entry = `---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: shop }
spec: { hosts: [rates.example], resolution: DNS, ports: [{ number: 443, name: tls, protocol: TLS }] }
`;
const rule = (mode: string) => `---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: rates, namespace: shop }
spec: { host: rates.example, trafficPolicy: { tls: { mode: ${mode} } } }
`;

describe('what is seen of TLS within TLS', () => {
  const pathBy = (mode: string) => {
    const probe = { from: { namespace: 'shop', labels: {} }, to: { host: 'rates.example', port: 443 }, proto: 'https' } as const;
    const [path] = answerProbe(new TrafficModel(meshOf(entry + rule(mode))), probe);
    if (!path) throw new Error('no answer');
    expect(path.outcome).toBe('double-tls');
    return path;
  };

  test('the answer of the server, which reads the inner handshake as a request', () => {
    expect(symptomOfPath(pathBy('SIMPLE'))).toMatchObject({ client: expect.stringContaining('wrong version number') });
  });

  test('a reset, where the proxy does not even trust the server: what it starts is mTLS of the mesh', () => {
    const path = pathBy('ISTIO_MUTUAL');
    expect(symptomOfPath(path)).toMatchObject({ client: expect.stringContaining('connection reset by peer'), flag: 'UF', log: 'TLS_error' });
    expect(symptomOf(path, 'tls')).toMatchObject({ flag: 'UF' });
  });
});

describe('what a server makes of a plain request reaches the client', () => {
  const plain = { outcome: 'plaintext-to-tls', at: 'server', hops: [] } as const;
  const sent = (connection: object) =>
    ({ ...plain, hops: [{ connection: { tls: [], ...connection }, decision: {} }] }) as unknown as Parameters<typeof symptomOfPath>[0];

  test('as an answer to the request', () => expect(symptomOfPath(sent({ http: {} })).client).toMatch(/^HTTP 400/));
  test('as a connection that ends, where no request was sent', () => expect(symptomOfPath(sent({})).client).not.toMatch(/^HTTP/));
  test('not within the TLS of the client', () => expect(symptomOfPath(sent({ http: {}, tls: [{}] })).client).not.toMatch(/^HTTP/));
});
