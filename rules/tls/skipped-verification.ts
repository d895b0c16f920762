import { defineRule, nameOf, tlsSettingsOf } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'skipped-verification',
    code: 'EL212',
    family: 'tls',
    severity: 'warning',
    summary: "TLS is started without verifying the server's certificate (insecureSkipVerify).",
    fixable: 'suggestion',
  },
  messages: {
    skipped: {
      text: '{rule}: insecureSkipVerify accepts any certificate, so whoever gets between the proxy and {host} can read and change the traffic',
      label: 'any certificate will do',
      help: "remove it: the operating system's CA bundle is used by default; for a CA of your own set caCertificates (a file in the proxy) or credentialName",
    },
  },

  create: ({ report }) => ({
    DestinationRule(rule) {
      for (const { tls, path } of tlsSettingsOf(rule)) {
        if (!tls.insecureSkipVerify || (tls.mode !== 'SIMPLE' && tls.mode !== 'MUTUAL')) continue;
        const at = { resource: rule, path: [...path, 'insecureSkipVerify'] };
        report('skipped', at, {
          data: { rule: nameOf(rule), host: rule.spec.host ?? 'the server' },
          fixes: [{ title: "remove 'insecureSkipVerify'", safe: false, changes: [{ do: 'remove', at }] }],
        });
      }
    },
  }),
});
