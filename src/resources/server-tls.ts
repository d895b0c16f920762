import { revocationList } from './checks/server.ts';
import { boolean, list, object, oneOf, string } from './field.ts';

const tlsCertificate = object('TLSCertificate', {
  serverCertificate: string(),
  privateKey: string(),
  caCertificates: string({ hidden: true }),
});

/** TLS of a server of a Gateway or an ingress listener of a Sidecar. Which fields go together depends on where it stands. */
export const serverTlsSettings = object(
  'ServerTLSSettings',
  {
    httpsRedirect: boolean(),
    mode: oneOf(['PASSTHROUGH', 'SIMPLE', 'MUTUAL', 'AUTO_PASSTHROUGH', 'ISTIO_MUTUAL', 'OPTIONAL_MUTUAL']),
    serverCertificate: string(),
    privateKey: string(),
    caCertificates: string(),
    caCrl: string(),
    credentialName: string(),
    credentialNames: list(string(), { minItems: 1, maxItems: 2 }),
    caCertCredentialName: string(),
    tlsCertificates: list(tlsCertificate, { minItems: 1, maxItems: 2 }),
    subjectAltNames: list(string()),
    verifyCertificateSpki: list(string()),
    verifyCertificateHash: list(string()),
    minProtocolVersion: oneOf(['TLS_AUTO', 'TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3']),
    maxProtocolVersion: oneOf(['TLS_AUTO', 'TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3']),
    cipherSuites: list(string()),
    insecureSkipVerify: boolean(),
    ecdhCurves: list(string()),
  },
  { checks: [revocationList] },
);
