import { defineRule, nameOf } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'missing-sni',
    code: 'EL213',
    family: 'tls',
    severity: 'warning',
    summary: "TLS is started on a TCP port without 'sni', so the server is not told which host is meant.",
    fixable: 'suggestion',
  },
  messages: {
    missing: {
      text: 'DestinationRule {rule}: on the TCP port {port} of {host} TLS starts without a server name, for only HTTP requests carry one that could be taken',
      label: "no 'sni' beside it",
      symptom: 'a server that tells hosts apart by name shows the wrong certificate or resets the connection; and the name in the certificate is not checked',
      help: "add 'sni: {host}', and subjectAltNames with the name in the server's certificate",
    },
  },

  create: ({ mesh, report }) => ({
    Mesh() {
      const reported = new Set<string>();
      for (const { rule, tls, path, host, port } of mesh.originations) {
        const key = `${rule.namespace}/${rule.name}/${path.join('/')}`;
        if ((tls.mode !== 'SIMPLE' && tls.mode !== 'MUTUAL') || tls.sni || rule.isSet([...path, 'sni']) || reported.has(key)) continue;
        if (mesh.protocolGroup(port.protocol) !== 'tcp' || host.resource.kind !== 'ServiceEntry' || !host.external || host.host.startsWith('*')) continue;
        reported.add(key);
        report(
          'missing',
          { resource: rule, path: [...path, 'mode'] },
          {
            data: { rule: `${rule.namespace}/${rule.name}`, host: host.host, port: port.number },
            related: [
              {
                at: { resource: host.resource, path: ['spec', 'ports', port.index, 'protocol'] },
                message: `${nameOf(host.resource)} declares the port ${port.protocol}`,
              },
            ],
            fixes: [{ title: `add 'sni: ${host.host}'`, safe: false, changes: [{ do: 'add', at: { resource: rule, path }, key: 'sni', yaml: host.host }] }],
          },
        );
      }
    },
  }),
});
