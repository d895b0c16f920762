import { defineRule, type Mesh, nameOf } from '../../src/rule-api.ts';

type Hop = Mesh['gatewayHops'][number];

export default defineRule({
  meta: {
    name: 'plaintext-to-gateway',
    code: 'EL614',
    family: 'gateways',
    severity: 'warning',
    strict: 'warning',
    isOptIn: true,
    summary: 'Sidecars send plain HTTP to an egress gateway.',
    securitySeverity: 4,
  },
  messages: {
    plain: {
      text: '{gateway}: the server on port {port} takes plain HTTP, and that is what sidecars send to it for {host}: neither end of this hop encrypts',
      label: 'plain HTTP inside of the cluster',
      symptom:
        'nothing fails: requests can be read inside of the cluster, and the gateway does not know who sent them, so that policies for principals and namespaces do not work there',
      help: 'make the server HTTPS with tls mode ISTIO_MUTUAL, and add a DestinationRule with tls mode ISTIO_MUTUAL and an sni for {service}',
    },
  },

  create: ({ mesh, report }) => ({
    Mesh() {
      if (mesh.hasTemplates('DestinationRule')) return;
      const reported = new Set<string>();
      for (const hop of mesh.gatewayHops) {
        const { gateway, server: index, destination, virtualService } = hop;
        const server = gateway.spec.servers[index];
        const key = `${nameOf(gateway)}/${index}`;
        const isPlain = server && server.tls === undefined && mesh.protocolGroup(server.port?.protocol) === 'http' && destination.section === 'http';
        if (!isPlain || reported.has(key) || mesh.serversBeside(gateway, destination.port).withTls || isWrapped(hop, mesh)) continue;
        reported.add(key);
        report(
          'plain',
          { resource: gateway, path: ['spec', 'servers', index, 'port', 'protocol'] },
          {
            data: { gateway: nameOf(gateway), port: destination.port, host: virtualService.spec.hosts[0] ?? '', service: destination.host },
            confidence: 'likely',
            related: [{ at: { resource: virtualService, path: [...destination.path, 'host'] }, message: `${nameOf(virtualService)} sends sidecars there` }],
          },
        );
      }
    },
  }),
});

/** Whether any rule makes sidecars speak TLS on the way, or auto mTLS does, because the gateway's Pods announce it (D-9). */
function isWrapped({ destination: { host, port, subset } }: Hop, mesh: Mesh): boolean {
  const pods = mesh.gatewayServices.podsAt(host);
  return mesh.destinationRules.mayOriginateTls(host, port, subset) || pods.some(({ labels }) => labels['security.istio.io/tlsMode'] === 'istio');
}
