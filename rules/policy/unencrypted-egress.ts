import {
  defineRule,
  farEndExpects,
  type Mesh,
  nameOf,
  type RegisteredHost,
  type RegisteredPort,
  type ResourceByKind,
  serverPorts,
} from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'unencrypted-egress',
    code: 'EL712',
    family: 'policy',
    severity: 'warning',
    strict: 'warning',
    isOptIn: true,
    summary: 'Plain HTTP leaves the mesh, readable for everybody on the way.',
    securitySeverity: 5,
  },
  messages: {
    plain: {
      text: '{entry}: calls to {host}:{port} leave the mesh as plain HTTP, and no DestinationRule here starts TLS',
      label: 'unencrypted',
      symptom: 'nothing fails: requests with their headers and tokens can be read and changed on the way',
      help: "register port 443 only; or let the mesh start TLS: 'targetPort: 443' here, and a DestinationRule with tls mode SIMPLE for port {port}",
    },
  },

  create: ({ mesh, report }) => ({
    ServiceEntry(entry) {
      if (entry.spec.location !== 'MESH_EXTERNAL' || mesh.hasTemplates('DestinationRule')) return;
      const registered = mesh.registry.named(entry.spec.hosts[0] ?? '').find(({ resource }) => resource === entry);
      if (!registered || registered.hasUnknownPorts) return;
      for (const port of registered.ports) {
        if (!isPlain(registered, port, mesh) || isEncrypted(registered, mesh) || isSteered(registered, port, mesh)) continue;
        report(
          'plain',
          { resource: entry, path: ['spec', 'ports', port.index, 'protocol'] },
          { data: { entry: nameOf(entry), host: registered.host, port: port.number } },
        );
      }
    },
  }),
});

/** A port for HTTP that leads to no TLS port: that would be a mistake of another kind. */
function isPlain(host: RegisteredHost, port: RegisteredPort, mesh: Mesh): boolean {
  return mesh.protocolGroup(port.protocol) === 'http' && serverPorts(host, port).some((each) => farEndExpects(each) !== 'tls');
}

/** Whether TLS is started for the host in whatever way. */
function isEncrypted({ host, resource }: RegisteredHost, mesh: Mesh): boolean {
  if (mesh.rulesWithTls.covering(host).length > 0) return true;
  const policies = mesh.inNamespace('BackendTLSPolicy', resource.namespace);
  return policies.some((policy: ResourceByKind['BackendTLSPolicy']) => policy.spec.targetRefs.some(({ name }) => name === resource.name));
}

/** Whether VirtualServices lead what sidecars send to the port elsewhere, and nothing to it. */
function isSteered({ host }: RegisteredHost, { number }: RegisteredPort, mesh: Mesh): boolean {
  return mesh.gatewayBindings.forSidecars(host).length > 0 && mesh.routes.to(host, number).length === 0;
}
