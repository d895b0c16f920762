import { defineRule, nameOf, type PlacedTls, tlsSettingsOf } from '../../src/rule-api.ts';

type Tls = PlacedTls['tls'];

/** S58, S59: the certificates that a mode never looks at. */
const IGNORED: Readonly<Partial<Record<Tls['mode'], readonly (keyof Tls & string)[]>>> = {
  DISABLE: ['clientCertificate', 'privateKey', 'caCertificates', 'credentialName'],
  SIMPLE: ['clientCertificate', 'privateKey'],
  ISTIO_MUTUAL: ['clientCertificate', 'privateKey', 'caCertificates', 'credentialName'],
};

export default defineRule({
  meta: {
    name: 'ignored-certificate',
    code: 'EL215',
    family: 'tls',
    peers: ['IST0133'],
    severity: 'warning',
    summary: 'A DestinationRule names certificates that its TLS mode never uses.',
  },
  messages: {
    ignored: {
      text: "{rule}: mode {mode} ignores '{field}'",
      label: 'never read',
      symptom: '{symptom}',
      help: '{help}',
    },
  },

  create: ({ report }) => ({
    DestinationRule(rule) {
      for (const { tls, path } of tlsSettingsOf(rule)) {
        const field = IGNORED[tls.mode]?.find((each) => tls[each]);
        // A mode that is not written is told by omitted-mode.
        if (!field || !rule.isSet([...path, 'mode']) || rule.problems.some((problem) => path.every((step, i) => problem.path[i] === step))) continue;
        report(
          'ignored',
          { resource: rule, path: [...path, field], part: 'key' },
          { data: { rule: nameOf(rule), mode: tls.mode, field, ...STORIES[tls.mode] } },
        );
      }
    },
  }),
});

const DISABLED = {
  symptom: 'the traffic leaves in plaintext, whatever certificates stand here',
  help: 'write mode MUTUAL to use the certificates, or remove them',
};
const STORIES: Readonly<Record<Tls['mode'], { readonly symptom: string; readonly help: string }>> = {
  DISABLE: DISABLED,
  SIMPLE: {
    symptom:
      'no client certificate is sent: a server that asks for one ends the handshake (HTTP 503, flag UF, CERTIFICATE_REQUIRED), or treats the client as anonymous',
    help: 'write mode MUTUAL to send the certificate, or remove clientCertificate and privateKey',
  },
  MUTUAL: DISABLED,
  ISTIO_MUTUAL: {
    symptom: 'the certificates of the mesh are used: servers outside of it do not know them, and end the handshake',
    help: 'write mode MUTUAL to use these certificates; for another workload of the mesh remove them',
  },
};
