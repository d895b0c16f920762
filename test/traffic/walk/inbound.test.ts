import { describe, expect, test } from 'vitest';
import type { TlsLayer } from '../../../src/traffic/terms/connection.ts';
import { handshakeProblem, type TlsServer } from '../../../src/traffic/terms/handshake.ts';
import { inboundFailure } from '../../../src/traffic/walk/inbound.ts';
import { connection, modelOf, REQUEST } from '../support.ts';

const MESH: TlsLayer = { by: 'sidecar', sni: 'x', alpn: ['istio-http/1.1', 'istio', 'http/1.1'], certificate: 'mesh', verifies: 'mesh', subjectAltNames: [] };
const OWN: TlsLayer = { by: 'client', sni: 'a.example', alpn: ['h2', 'http/1.1'], certificate: undefined };

const POD = `apiVersion: v1\nkind: Pod\nmetadata: {name: ledger, namespace: app, labels: {app: ledger}}\nspec: {}\nstatus: {podIP: 10.1.0.1}\n`;
const policy = (namespace: string, spec: string) =>
  `---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: p-${namespace}-${spec.length}, namespace: ${namespace}}\nspec: ${spec}\n`;

function outcome(policies: string, tls: readonly TlsLayer[], { isHttp = true, isBytes = false } = {}) {
  const model = modelOf(POD + policies);
  const [pod] = model.pods.selectedBy('app', { app: 'ledger' });
  if (!pod) throw new Error('no Pod');
  return inboundFailure(pod, { ...connection(80, tls), http: isBytes ? undefined : REQUEST }, { peers: model.peers, trustDomain: 'cluster.local', isHttp })
    ?.outcome;
}

const STRICT = policy('app', '{mtls: {mode: STRICT}}');
const DISABLE = policy('app', '{mtls: {mode: DISABLE}}');

describe('P-5: what a Pod takes on an HTTP port', () => {
  test.each([
    ['plaintext', '', [], undefined],
    ['mTLS of the mesh', '', [MESH], undefined],
    ['the TLS of a client', '', [OWN], 'no-filter-chain'],
    ['plaintext, under STRICT', STRICT, [], 'no-filter-chain'],
    ['mTLS of the mesh, under STRICT', STRICT, [MESH], undefined],
    ['the TLS of a client, under STRICT', STRICT, [OWN], 'handshake-failed'],
    ['the TLS of a client within that of the mesh', '', [MESH, OWN], 'protocol-error'],
    ['plaintext, under DISABLE', DISABLE, [], undefined],
    ['mTLS of the mesh, under DISABLE', DISABLE, [MESH], 'protocol-error'],
    ['mTLS that expects another identity', '', [{ ...MESH, subjectAltNames: ['spiffe://cluster.local/ns/app/sa/other'] }], 'handshake-failed'],
    ['mTLS that expects this identity', '', [{ ...MESH, subjectAltNames: ['spiffe://cluster.local/ns/app/sa/default'] }], undefined],
  ] as const)('%s', (_, policies, tls, expected) => expect(outcome(policies, tls)).toBe(expected));

  test('bytes that are no HTTP', () => expect(outcome('', [], { isBytes: true })).toBe('protocol-error'));
  test('on other ports the TLS of a client is for the application', () => {
    expect(outcome('', [OWN], { isHttp: false })).toBe(undefined);
    expect(outcome(DISABLE, [MESH], { isHttp: false })).toBe(undefined);
  });
});

describe('P-5: which policy counts', () => {
  const strictForPod = policy('app', '{mtls: {mode: STRICT}, selector: {matchLabels: {app: ledger}}}');
  test.each([
    ["the namespace's before the mesh's", policy('istio-system', '{mtls: {mode: STRICT}}') + policy('app', '{mtls: {mode: PERMISSIVE}}'), undefined],
    ["the mesh's where the namespace has none", policy('istio-system', '{mtls: {mode: STRICT}}'), 'no-filter-chain'],
    ['UNSET inherits', policy('istio-system', '{mtls: {mode: STRICT}}') + policy('app', '{mtls: {mode: UNSET}}'), 'no-filter-chain'],
    ["the Pod's own before both", policy('app', '{mtls: {mode: PERMISSIVE}}') + strictForPod, 'no-filter-chain'],
    ['its port before that', policy('app', '{mtls: {mode: STRICT}, selector: {matchLabels: {app: ledger}}, portLevelMtls: {80: {mode: DISABLE}}}'), undefined],
    ['another port', policy('app', '{mtls: {mode: STRICT}, selector: {matchLabels: {app: ledger}}, portLevelMtls: {81: {mode: DISABLE}}}'), 'no-filter-chain'],
    ['other Pods', policy('app', '{mtls: {mode: STRICT}, selector: {matchLabels: {app: other}}}'), undefined],
    ['the oldest of two', policy('app', '{mtls: {mode: STRICT}}') + policy('app', '{mtls: {mode: PERMISSIVE}}'), 'no-filter-chain'],
  ] as const)('%s', (_, policies, expected) => expect(outcome(policies, [])).toBe(expected));
});

describe('D-8: handshakes', () => {
  const server: TlsServer = { presents: 'mesh', demands: 'mesh', identity: 'spiffe://cluster.local/ns/app/sa/gate' };
  const users: TlsServer = { ...server, presents: 'other', demands: 'other' };
  test.each([
    ['the mesh with itself', MESH, server, undefined],
    ['a client without a certificate', OWN, server, /demands a certificate/],
    ['a client of its own CA', { ...OWN, certificate: 'other' }, server, /mesh's CA only/],
    ['a sidecar at a server of the user', MESH, users, /CA of the user's/],
    ['a sidecar at a server that asks for nothing', MESH, { ...users, demands: undefined }, /expects a certificate of the mesh/],
    ['a client at a server that asks for nothing', OWN, { ...users, demands: undefined }, undefined],
    ['a client at a server of the mesh that asks for nothing', OWN, { ...server, demands: undefined }, /did not sign/],
    ['a client that checks nothing', { ...OWN, verifies: 'nothing' }, { ...server, demands: undefined }, undefined],
    ['an identity by its beginning', { ...MESH, subjectAltNames: ['spiffe://cluster.local/ns/app/*'] }, server, undefined],
    ['another identity', { ...MESH, subjectAltNames: ['spiffe://cluster.local/ns/other/*'] }, server, /expects spiffe/],
  ] as const satisfies readonly (readonly [string, TlsLayer, TlsServer, RegExp | undefined])[])('%s', (_, layer, to, expected) => {
    const problem = handshakeProblem(layer, to);
    if (expected) expect(problem).toMatch(expected);
    else expect(problem).toBe(undefined);
  });
});
