import { defineRule, isAmbientNamespace, type Mesh, nameOf, type Origination } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'credential-without-selector',
    code: 'EL209',
    family: 'tls',
    severity: 'error',
    summary: 'A DestinationRule takes its certificate from a Secret, which sidecars only do for rules that select them: they send plaintext.',
    securitySeverity: 7,
  },
  messages: {
    ignored: {
      text: "DestinationRule {rule}: sidecars ignore 'credentialName' in a rule without workloadSelector and send what goes to {host}:{port} in plaintext",
      label: 'not for sidecars',
      symptom:
        'no error is reported: the server answers HTTP 400 (a plain HTTP request was sent to an HTTPS port) or closes the connection, and the request went over the network in clear',
      help: 'add a workloadSelector with the labels of the clients, and put the Secret into their namespace; or let an egress gateway start TLS, which reads the Secret from its own namespace',
    },
  },

  create: ({ mesh, report }) => ({
    Mesh() {
      const reported = new Set<Origination['rule']>();
      for (const origination of mesh.originations) {
        const { rule, tls, path, host, port } = origination;
        if (!tls.credentialName || tls.credentialName.startsWith('configmap://') || reported.has(rule)) continue;
        const fed = feederOf(origination, mesh);
        if (!fed) continue;
        reported.add(rule);
        report(
          'ignored',
          { resource: rule, path: [...path, 'credentialName'] },
          {
            data: { rule: `${rule.namespace}/${rule.name}`, host: host.host, port: port.number },
            ...(fed === 'likely' && { confidence: 'likely' }),
            related: [
              {
                at: { resource: host.resource, path: ['spec', 'ports', port.index] },
                message: `${nameOf(host.resource)}: sidecars send plain HTTP to this port`,
              },
            ],
          },
        );
      }
    },
  }),
});

/** Whether sidecars send plain HTTP to the port themselves. Gateways may use the rule as it is. */
function feederOf({ rule, host, port }: Origination, mesh: Mesh): 'certain' | 'likely' | undefined {
  if (host.resource.kind !== 'ServiceEntry' || !host.external || mesh.all('EnvoyFilter').length > 0 || isAmbientNamespace(mesh, rule.namespace))
    return undefined;
  const routes = mesh.routes.to(host.host, port.number).filter(({ section }) => section === 'http');
  const isForSidecars = ({ virtualService: { spec }, rule: index }: (typeof routes)[number]): boolean => {
    const matches = spec.http[index]?.match ?? [];
    const isBound = spec.gateways.length === 0 || spec.gateways.includes('mesh');
    return isBound && (matches.length === 0 || matches.some(({ gateways }) => gateways.length === 0 || gateways.includes('mesh')));
  };
  if (routes.some(isForSidecars)) return 'certain';
  const isSteered = routes.length > 0 || mesh.gatewayBindings.forSidecars(host.host).length > 0;
  if (isSteered || mesh.protocolGroup(port.protocol) !== 'http' || rule.namespace === mesh.config.rootNamespace) return undefined;
  return 'likely';
}
