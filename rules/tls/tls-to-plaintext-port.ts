import { callOf, defineRule, describe, keptPorts, nameOf, plaintextTargets, SYMPTOMS, storyOf, targetPortOf } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'tls-to-plaintext-port',
    code: 'EL203',
    family: 'tls',
    severity: 'error',
    asksPaths: true,
    summary: 'A DestinationRule starts TLS for a port where the server speaks plain HTTP.',
  },
  messages: {
    noTarget: {
      text: '{rule}: {mode} starts TLS for {host}:{port}, which leads to port {target} of the server, where plain HTTP is spoken',
      label: 'TLS to a plaintext port',
      symptom: `${describe(SYMPTOMS['protocol-error'].http)}: the server answers the handshake with plaintext`,
      help: "add 'targetPort: 443' to port {port} of {entry}, if the server is to be called with TLS there; or remove 'tls' for this port",
    },
    dialled: {
      text: '{entry}: {vs} leads calls to port {port} of {host}, where {rule} starts TLS, but with resolution {written} they stay on the port that the client dialed: TLS arrives at port {dialled}, where plain HTTP is spoken',
      label: 'keeps the address and port that the client dialed',
      symptom: `${describe(SYMPTOMS['protocol-error'].http)}: the server answers the handshake with plaintext`,
      help: '{help}',
    },
    onTheWay: {
      text: '{what}: calls to {call} from {client} arrive in TLS at port {port} of {host}, where servers speak plain HTTP, so they fail',
      label: 'leads TLS to port {port}',
      help: '{help}',
    },
  },

  create: ({ mesh, report }) => ({
    Path(path) {
      const { path: way, last } = path;
      const { cluster } = last;
      if (way.outcome !== 'protocol-error' || way.at !== 'server' || !cluster || 'missing' in cluster) return;
      const at = cluster.tlsAt ?? targetPortOf(cluster.port.at);
      if (!at) return;
      const help = cluster.tlsAt
        ? 'remove tls for this port, or let its targetPort be the port on which the server speaks TLS'
        : 'let targetPort be the port on which the server speaks TLS, or leave it out';
      const port = way.delivered?.port ?? cluster.port.number;
      report('onTheWay', at, { data: { what: nameOf(at.resource), port, host: cluster.key.host, help, ...callOf(path) }, ...storyOf(path) });
    },
    Mesh() {
      for (const { entry, origination, route, dialled } of keptPorts(mesh)) {
        const { host, port, rule, path, isCertain } = origination;
        const written = entry.spec.resolution ?? 'NONE';
        const targetPort = `write 'targetPort: ${port.number}' under port ${dialled} of the entry, and start TLS for port ${dialled}; then no route is needed`;
        report(
          'dialled',
          { resource: entry, path: ['spec', 'resolution'] },
          {
            data: {
              entry: nameOf(entry),
              vs: nameOf(route.virtualService),
              port: port.number,
              host: host.host,
              rule: nameOf(rule),
              written: entry.isSet(['spec', 'resolution']) ? written : 'NONE (none is written)',
              dialled,
              help: host.host.startsWith('*')
                ? targetPort
                : `write 'resolution: DNS', with which port ${port.number} of ${host.host} is called; or ${targetPort}`,
            },
            ...(!isCertain && { confidence: 'likely' }),
            related: [
              { at: { resource: route.virtualService, path: [...route.path, 'port', 'number'] }, message: `names port ${port.number}` },
              { at: { resource: rule, path: [...path, 'mode'] }, message: 'starts TLS' },
            ],
          },
        );
      }
      for (const { origination, entry, target, isCertain } of plaintextTargets(mesh)) {
        const { rule, tls, path, host, port } = origination;
        const ofPort = `port ${port.number}${port.number === 80 ? ', without targetPort' : ''}`;
        report(
          'noTarget',
          { resource: rule, path: [...path, 'mode'] },
          {
            data: { rule: nameOf(rule), mode: tls.mode, host: host.host, port: port.number, target, entry: nameOf(entry) },
            ...(!isCertain && { confidence: 'likely' }),
            related: [{ at: { resource: entry, path: ['spec', 'ports', port.index] }, message: ofPort }],
          },
        );
      }
    },
  }),
});
