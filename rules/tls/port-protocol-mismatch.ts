import { defineRule, nameOf, type ResourceByKind } from '../../src/rule-api.ts';

type ServiceEntry = ResourceByKind['ServiceEntry'];

export default defineRule({
  meta: {
    name: 'port-protocol-mismatch',
    code: 'EL204',
    family: 'tls',
    severity: 'warning',
    summary: 'The declared protocol of an external port is not what clients of such a port speak.',
    fixable: 'suggestion',
  },
  messages: {
    httpOnTlsPort: {
      text: '{entry}: port {port} is declared {protocol}, but clients of this port speak TLS, for which {host} then has no route',
      label: 'https calls are not {protocol}',
      symptom: '{symptom}',
      help: "write 'protocol: HTTPS' if the application calls https; if it calls plain HTTP and the proxy is to start TLS, add a DestinationRule with tls mode SIMPLE for port {port}",
    },
    tlsOnPlaintextPort: {
      text: '{entry}: port {port} is declared {protocol}, but clients of this port speak plain HTTP, for which {host} then has no route',
      label: 'plain HTTP is not {protocol}',
      symptom: '{symptom}',
      help: "write 'protocol: HTTP', or 443 if the port for https is meant",
    },
  },

  create: ({ mesh, report }) => ({
    ServiceEntry(entry) {
      const host = entry.spec.hosts[0] ?? '';
      if (!isPlainlyOutside(entry)) return;
      for (const [index, { number, protocol, targetPort }] of entry.spec.ports.entries()) {
        const group = protocol ? mesh.protocolGroup(protocol) : undefined;
        const isHttp = group === 'http' && number === 443 && protocol?.toUpperCase() !== 'HTTP_PROXY';
        const isTls = group === 'tls' && number === 80;
        if (!number || !protocol || (targetPort && targetPort !== number) || (!isHttp && !isTls)) continue;
        // TLS that the proxy starts makes plain HTTP right on 443, whoever feeds the port.
        const isFed = entry.spec.hosts.some(
          (each) => mesh.destinationRules.mayOriginateTls(each, number, undefined) || mesh.routes.to(each, number).length > 0,
        );
        if (isFed || mesh.hasTemplates('DestinationRule')) continue;
        const at = { resource: entry, path: ['spec', 'ports', index, 'protocol'] };
        const calls = isHttp ? `https://${host}` : `http://${host}`;
        const right = isHttp ? 'HTTPS' : 'HTTP';
        const allowed = `${calls} passes unmanaged (PassthroughCluster), and routes and DestinationRules for the host do not apply`;
        const blocked = `${calls} is cut off (BlackHoleCluster): curl: ${isHttp ? '(35)' : '(56)'}`;
        const policy = mesh.config.outboundPolicy;
        report(isHttp ? 'httpOnTlsPort' : 'tlsOnPlaintextPort', at, {
          data: {
            entry: nameOf(entry),
            port: number,
            protocol,
            host,
            symptom:
              policy === 'REGISTRY_ONLY' ? blocked : policy === undefined ? `ALLOW_ANY (Istio's default): ${allowed}; REGISTRY_ONLY: ${blocked}` : allowed,
          },
          confidence: 'likely',
          fixes: [{ title: `write 'protocol: ${right}'`, safe: false, changes: [{ do: 'replace', at, value: right }] }],
        });
      }
    },
  }),
});

/** Whether an entry stands for servers outside of the mesh, without endpoints that may map the port or lie inside. */
function isPlainlyOutside({ spec }: ServiceEntry): boolean {
  const { location, endpoints, workloadSelector, hosts } = spec;
  return (
    location === 'MESH_EXTERNAL' &&
    endpoints.length === 0 &&
    !workloadSelector &&
    hosts.every((host) => host.includes('.') && !/\.(?:local|internal|svc)$/.test(host))
  );
}
