import { defineRule, expandShortName, nameOf, tlsSettingsOf } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'unverified-server-name',
    code: 'EL211',
    family: 'tls',
    severity: 'info',
    strict: 'warning',
    summary: "'sni' without 'subjectAltNames' switches off the check that the certificate is for the right host.",
    securitySeverity: 4.8,
    fixable: 'suggestion',
  },
  messages: {
    unverified: {
      text: "{rule}: 'sni' is set and 'subjectAltNames' is not, so any certificate that a trusted CA has issued for whatever name is accepted for {host}",
      label: 'no check of the name',
      help: "add 'subjectAltNames: [{sni}]'; or remove 'sni' where HTTP is sent: the name is then taken from the request, and checked",
    },
    policy: {
      text: "{policy}: Istio takes 'hostname' for the SNI only, so without 'subjectAltNames' any certificate that a trusted CA has issued for whatever name is accepted",
      label: 'no check of the name',
      help: "add 'subjectAltNames' with type Hostname and hostname {hostname}",
    },
  },

  create: ({ mesh, report }) => ({
    BackendTLSPolicy(policy) {
      const { hostname, subjectAltNames } = policy.spec.validation ?? {};
      if (!hostname || subjectAltNames?.length !== 0) return;
      const at = { resource: policy, path: ['spec', 'validation', 'hostname'] };
      report('policy', at, { data: { policy: nameOf(policy), hostname } });
    },
    DestinationRule(rule) {
      const host = expandShortName(rule.spec.host ?? '', rule.namespace, mesh.config.clusterDomain);
      for (const { tls, path } of tlsSettingsOf(rule)) {
        if (!tls.sni || tls.subjectAltNames.length > 0 || tls.insecureSkipVerify || (tls.mode !== 'SIMPLE' && tls.mode !== 'MUTUAL')) continue;
        // The names of a ServiceEntry stand in for those of the rule.
        if (mesh.registry.covering(host).some(({ resource }) => resource.kind === 'ServiceEntry' && resource.isSet(['spec', 'subjectAltNames']))) continue;
        report(
          'unverified',
          { resource: rule, path: [...path, 'sni'] },
          {
            data: { rule: nameOf(rule), host, sni: tls.sni },
            fixes: [
              {
                title: `add 'subjectAltNames: [${tls.sni}]'`,
                safe: false,
                changes: [{ do: 'add', at: { resource: rule, path }, key: 'subjectAltNames', yaml: `- ${tls.sni}` }],
              },
            ],
          },
        );
      }
    },
  }),
});
