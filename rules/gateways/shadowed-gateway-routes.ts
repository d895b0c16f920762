import { defineRule, nameOf, sharedTcpServers } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'shadowed-gateway-routes',
    code: 'EL615',
    family: 'gateways',
    severity: 'error',
    summary: 'Two VirtualServices route the TCP connections of one server of a Gateway: the gateway uses only the older one.',
  },
  messages: {
    shadowed: {
      text: '{vs}: {other} routes the connections to port {port} of {gateway} as well, and a server for TCP or for TLS that ends there takes all of its connections by the rules of one: the older',
      label: 'beside the rules of {other}',
      symptom: 'connections for {host} end at the server of the other VirtualService: wrong certificate, failed logins, odd protocol errors',
      help: '{help}',
    },
  },

  create: ({ mesh, report }) => ({
    Mesh() {
      for (const { gateway, index, first, later } of sharedTcpServers(mesh)) {
        const server = gateway.spec.servers[index];
        const { virtualService: vs } = later;
        report(
          'shadowed',
          { resource: vs, path: later.path },
          {
            data: {
              vs: nameOf(vs),
              other: nameOf(first.virtualService),
              port: server?.port?.number ?? 0,
              gateway: nameOf(gateway),
              host: vs.spec.hosts[0] ?? '',
              help: server?.tls ? BY_NAME : BY_PORT,
            },
            // Examples, steps of a walkthrough and environments are alike, and nobody has two of them.
            ...(!mesh.areDeployedTogether(vs, first.virtualService) && { severity: 'info' }),
            related: [
              { at: { resource: first.virtualService, path: first.path }, message: `${nameOf(first.virtualService)}: if it is the older, this is used` },
              { at: { resource: gateway, path: ['spec', 'servers', index] }, message: 'one server for both' },
            ],
          },
        );
      }
    },
  }),
});

const BY_NAME = 'give each host a server of its own in the Gateway, with a name of its own for its port: then the server name tells them apart';
const BY_PORT = 'give each host a port of its own at the gateway: in the Gateway, in its Service and in the routes to it';
