import { defineRule, type Mesh, nameOf, protocolGroup, type ResourceByKind } from '../../src/rule-api.ts';

type ServiceEntry = ResourceByKind['ServiceEntry'];

export default defineRule({
  meta: {
    name: 'port-protocol-mismatch',
    code: 'EL204',
    family: 'tls',
    severity: 'warning',
    summary: "The declared protocol of an external port, or of a Service's port 443, is not what clients of such a port speak.",
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
    serviceOn443: {
      text: '{service}: port 443 is declared {protocol}, so every sidecar reads port 443 as plain HTTP: calls to https://{host} count as unknown, and a forward proxy on port 443, wherever it is, gets no CONNECT',
      label: 'https calls are not {protocol}',
      symptom: 'https://{host}: {symptom}. Through a proxy on port 443: curl: (56) Received HTTP code 404 from proxy after CONNECT',
      help: '{help} if clients speak TLS to it; if they speak plain HTTP, give the Service another port, such as 80',
    },
  },

  create: ({ mesh, report }) => ({
    Service(service) {
      const [registered] = mesh.registry.named(`${service.name}.${service.namespace}.svc.${mesh.config.clusterDomain}`);
      if (registered?.resource !== service || registered.hasUnknownPorts || service.spec.type === 'ExternalName' || endsTlsInFront(service)) return;
      for (const { number, protocol, index } of registered.ports) {
        if (number !== 443 || protocolGroup(protocol) !== 'http') continue;
        const isByField = service.isSet(['spec', 'ports', index, 'appProtocol']);
        const { name = '', appProtocol = '' } = service.spec.ports[index] ?? {};
        const data = {
          service: nameOf(service),
          protocol: isByField ? `${protocol} (appProtocol ${appProtocol})` : `${protocol} (by its name, '${name}')`,
          host: `${service.name}.${service.namespace}`,
          symptom: unmanaged(mesh.config.outboundPolicy, '(35)'),
          help: isByField ? "write 'appProtocol: https'" : "name the port 'https'",
        };
        report('serviceOn443', { resource: service, path: ['spec', 'ports', index, isByField ? 'appProtocol' : 'name'] }, { data, confidence: 'likely' });
      }
    },
    ServiceEntry(entry) {
      const host = entry.spec.hosts[0] ?? '';
      if (!isPlainlyOutside(entry)) return;
      for (const [index, { number, name = '', protocol, targetPort }] of entry.spec.ports.entries()) {
        const group = protocol ? mesh.protocolGroup(protocol) : undefined;
        // The names of an entry's ports have no meaning, but where they contradict the protocol, one of the two is wrong.
        const isTlsPort = number === 443 || (number === 8443 && /^(?:https|tls)\b/i.test(name));
        const isPlainPort = number === 80 || ((number === 8080 || number === 8000) && /^http(?!s)/i.test(name));
        const isHttp = group === 'http' && isTlsPort && protocol?.toUpperCase() !== 'HTTP_PROXY';
        const isTls = group === 'tls' && isPlainPort;
        if (!number || !protocol || (targetPort && targetPort !== number) || (!isHttp && !isTls)) continue;
        // TLS that the proxy starts makes plain HTTP right on 443, whoever feeds the port.
        const isFed = entry.spec.hosts.some(
          (each) => mesh.destinationRules.mayOriginateTls(each, number, undefined) || mesh.routes.to(each, number).length > 0,
        );
        if (isFed || mesh.hasTemplates('DestinationRule')) continue;
        const at = { resource: entry, path: ['spec', 'ports', index, 'protocol'] };
        const calls = isHttp ? `https://${host}` : `http://${host}`;
        const right = isHttp ? 'HTTPS' : 'HTTP';
        report(isHttp ? 'httpOnTlsPort' : 'tlsOnPlaintextPort', at, {
          data: {
            entry: nameOf(entry),
            port: number,
            protocol,
            host,
            symptom: `${calls} ${unmanaged(mesh.config.outboundPolicy, isHttp ? '(35)' : '(56)')}`,
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

/** What becomes of calls that no chain of the host takes. */
function unmanaged(policy: Mesh['config']['outboundPolicy'], curl: string): string {
  const allowed = 'passes unmanaged (PassthroughCluster), and routes and DestinationRules for the host do not apply';
  const blocked = `is cut off (BlackHoleCluster): curl: ${curl}`;
  if (policy === undefined) return `ALLOW_ANY (Istio's default): ${allowed}; REGISTRY_ONLY: ${blocked}`;
  return policy === 'REGISTRY_ONLY' ? blocked : allowed;
}

/** Annotations by which load balancers of cloud providers are told to end TLS, so that plain HTTP is what comes out of port 443. */
function endsTlsInFront({ annotations }: ResourceByKind['Service']): boolean {
  return Object.keys(annotations).some((key) => /ssl|tls|cert|backend-protocol|app-protocols/i.test(key));
}
