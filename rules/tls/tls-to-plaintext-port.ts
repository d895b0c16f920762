import {
  callOf,
  defineRule,
  describe,
  farEndExpects,
  type Mesh,
  nameOf,
  type Origination,
  type ResourceByKind,
  SYMPTOMS,
  serverPorts,
  storyOf,
  targetPortOf,
} from '../../src/rule-api.ts';

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
      if (mesh.hasTemplates('VirtualService') || mesh.hasTemplates('HTTPRoute')) return;
      const reported = new Set<string>();
      for (const origination of mesh.originations) {
        const { rule, tls, path, host, port, isCertain } = origination;
        const entry = host.resource;
        const key = `${rule.namespace}/${rule.name}/${path.join('/')}`;
        // D-10: sidecars leave TLS out that needs a Secret.
        if (
          (tls.mode !== 'SIMPLE' && tls.mode !== 'MUTUAL') ||
          tls.credentialName ||
          entry.kind !== 'ServiceEntry' ||
          reported.has(key) ||
          !isUsed(origination, mesh)
        )
          continue;
        const targets = serverPorts(host, port);
        if (host.hasUnknownPorts || !host.external || !targets.every((each) => farEndExpects(each) === 'plaintext')) continue;
        reported.add(key);
        // A setting for all ports may be meant for another one, and nobody call this one.
        const isForThisPort = path.includes('portLevelSettings') || host.ports.length === 1;
        report(
          'noTarget',
          { resource: rule, path: [...path, 'mode'] },
          {
            data: { rule: nameOf(rule), mode: tls.mode, host: host.host, port: port.number, target: targets[0] ?? port.number, entry: nameOf(entry) },
            ...((!isCertain ||
              !isForThisPort ||
              !reachesClients(origination, mesh) ||
              targets.some((each) => each !== 80) ||
              mesh.registry.named(host.host).length > 1) && { confidence: 'likely' }),
            related: [
              {
                at: { resource: entry, path: ['spec', 'ports', port.index] },
                message: `port ${port.number}${port.number === 80 ? ', without targetPort' : ''}`,
              },
            ],
          },
        );
      }
    },
  }),
});

/** Whether proxies send requests to the port: sidecars by themselves, unless a VirtualService leads them elsewhere, or a route that names it. */
function isUsed({ host, port }: Origination, mesh: Mesh): boolean {
  const entry = host.resource as ResourceByKind['ServiceEntry'];
  if (mesh.protocolGroup(port.protocol) !== 'http' || !mesh.hasKnownNamespace(entry)) return false;
  return mesh.gatewayBindings.forSidecars(host.host).length === 0 || mesh.routes.to(host.host, port.number).some((route) => route.port === port.number);
}

/** D-2: whether clients surely use the rule: it holds for those of every namespace without rules of their own, or Pods of its own namespace are in view. */
function reachesClients({ host, port, rule }: Origination, mesh: Mesh): boolean {
  const query = { host: host.host, serviceNamespace: host.namespace, clientNamespace: '', port: port.number, subset: undefined };
  const { decision } = mesh.destinationRules.tlsInEffect(query, (each) => mesh.belongTogether(each, host.resource));
  return decision?.rule === rule || mesh.podsSelected(rule.namespace, {}).length > 0;
}
