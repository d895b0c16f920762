import { describe, expect, test } from 'vitest';
import { serverTlsDefect } from '../../src/mesh/server-tls.ts';
import { meshOf } from '../support/mesh-of.ts';

/** The defect of a server with this `tls` (flow YAML) on a port that speaks this. */
function defectOf(tls: string, group: string | undefined) {
  const [gateway] = meshOf(`
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: g, namespace: edge }
spec: { selector: { app: out }, servers: [{ port: { number: 443, name: p, protocol: TLS }, hosts: ["rates.example"]${tls && `, tls: { ${tls} }`} }] }
`).all('Gateway');
  const [server] = gateway?.spec.servers ?? [];
  return server && serverTlsDefect(server, group);
}

describe('the TLS of a server is refused', () => {
  test.each([
    ['none on a TLS port', '', 'tls', { why: 'no-tls', path: ['tls'], refusedBy: 'webhook' }],
    [
      'any on a plaintext port',
      'mode: SIMPLE, credentialName: c',
      'http',
      { why: 'plaintext-port', meant: 'HTTPS', said: 'server cannot have TLS settings for plain text HTTP ports' },
    ],
    [
      'even a redirect on a TCP port',
      'mode: PASSTHROUGH',
      'tcp',
      { why: 'plaintext-port', meant: 'TLS', said: 'server cannot have TLS settings for non HTTPS/TLS ports' },
    ],
    [
      'a certificate beside the mesh certificate',
      'mode: ISTIO_MUTUAL, caCertificates: /ca',
      'tls',
      { why: 'mesh-certificate', field: 'caCertificates', path: ['tls', 'caCertificates'] },
    ],
    [
      'two sources',
      'mode: SIMPLE, credentialName: c, serverCertificate: /c, privateKey: /k',
      'tls',
      { why: 'several-sources', first: 'credentialName', more: ['serverCertificate'], path: ['tls', 'credentialName'], refusedBy: 'webhook' },
    ],
    [
      'two sources that the CRD tells apart',
      'mode: SIMPLE, credentialName: "", credentialNames: [a]',
      'tls',
      { why: 'several-sources', first: 'credentialName', more: ['credentialNames'], refusedBy: 'api-server' },
    ],
    [
      'no certificate',
      'mode: SIMPLE',
      'tls',
      {
        why: 'no-certificate',
        field: 'serverCertificate',
        path: ['tls', 'serverCertificate'],
        isMutual: false,
        said: 'SIMPLE TLS requires a server certificate',
      },
    ],
    ['no key', 'mode: SIMPLE, serverCertificate: /c', 'tls', { why: 'no-certificate', field: 'privateKey', path: ['tls', 'privateKey'], isMutual: false }],
    [
      'no key in a list',
      'mode: SIMPLE, tlsCertificates: [{ serverCertificate: /c, privateKey: /k }, { serverCertificate: /d }]',
      'tls',
      { why: 'no-certificate', field: 'privateKey', path: ['tls', 'tlsCertificates', 1, 'privateKey'], isMutual: false },
    ],
    [
      'no CA of the clients',
      'mode: MUTUAL, serverCertificate: /c, privateKey: /k',
      'tls',
      { why: 'no-certificate', field: 'caCertificates', path: ['tls', 'caCertificates'], isMutual: true, said: 'MUTUAL TLS requires a client CA bundle' },
    ],
  ])('%s', (_, tls, group, expected) => expect(defectOf(tls, group)).toMatchObject(expected));
});

describe('the TLS of a server is taken', () => {
  test.each([
    ['none on a plaintext port', '', 'http'],
    ['none where the protocol is not known', '', undefined],
    ['a redirect on an HTTP port', 'mode: PASSTHROUGH, httpsRedirect: true', 'http'],
    ['the mesh certificate alone', 'mode: ISTIO_MUTUAL', 'tls'],
    ['a Secret', 'mode: MUTUAL, credentialName: c', 'tls'],
    ['a Secret beside one file of a pair', 'mode: SIMPLE, credentialName: c, serverCertificate: /c', 'tls'],
    ['files', 'mode: MUTUAL, serverCertificate: /c, privateKey: /k, caCertificates: /ca', 'tls'],
    ['a list of files', 'mode: SIMPLE, tlsCertificates: [{ serverCertificate: /c, privateKey: /k }]', 'tls'],
    ['no certificate where TLS is passed on', 'mode: PASSTHROUGH', 'tls'],
  ])('%s', (_, tls, group) => expect(defectOf(tls, group)).toBeUndefined());
});
