import { defineRule, importedBy, outboundPolicyOf, parseSidecarHost, type RegisteredHost, type ResourceByKind, unimportedSymptom } from '../../src/rule-api.ts';

type Listener = ResourceByKind['Sidecar']['spec']['egress'][number];

export default defineRule({
  meta: {
    name: 'sidecar-listener-mismatch',
    code: 'EL503',
    family: 'visibility',
    severity: 'error',
    summary: 'An egress listener of a Sidecar has a port or a protocol that its hosts do not have.',
    fixable: 'suggestion',
  },
  messages: {
    port: {
      text: 'Sidecar {sidecar}: no host of this listener has a port {port}, so Istio opens no listener for it',
      label: '{hosts}: {ports}',
      symptom:
        'calls to port {port} are treated as calls to an unknown host: passed on unmanaged under ALLOW_ANY; HTTP 502 or a reset connection under REGISTRY_ONLY',
      help: 'use a port that the host has, add port {port} to its ServiceEntry, or remove the listener',
    },
    protocol: {
      text: 'Sidecar {sidecar}: the listener on port {port} speaks {listener}, but {host} declares {declared}: what its clients send finds no route there',
      label: '{host} declares {declared}',
      symptom: '{symptom}',
      help: 'write protocol: {declared}',
    },
  },

  create: ({ mesh, report }) => ({
    Sidecar(sidecar) {
      const imports = (listener: Listener): readonly RegisteredHost[] | undefined => {
        const imported = listener.hosts.map((text) => {
          const host = parseSidecarHost(text, sidecar.namespace);
          return host && !host.dnsName.startsWith('*') ? importedBy(sidecar, host, mesh.registry) : [];
        });
        // A wildcard, or a host that is not in view, may bring in what has the port.
        return imported.length > 0 && imported.every((found) => found.length > 0) ? imported.flat() : undefined;
      };

      for (const [i, listener] of sidecar.spec.egress.entries()) {
        const hosts = listener.port?.number ? imports(listener) : undefined;
        const number = listener.port?.number;
        if (!hosts || !number) continue;
        const path = ['spec', 'egress', i, 'port'];
        const data = { sidecar: `${sidecar.namespace}/${sidecar.name}`, port: number };
        const having = hosts.flatMap((host) => host.ports.filter((port) => port.number === number).map((port) => ({ host, port })));
        if (having.length === 0) {
          const ports = [...new Set(hosts.flatMap((host) => host.ports.map((port) => port.number)))];
          report(
            'port',
            { resource: sidecar, path: [...path, 'number'] },
            {
              data: {
                ...data,
                hosts: [...new Set(hosts.map((host) => host.host))].join(', '),
                ports: ports.length === 0 ? 'no ports' : `port ${ports.join(', ')}`,
              },
              severity: 'warning',
              related: hosts.slice(0, 3).map((host) => ({
                at: { resource: host.resource, path: ['spec', 'ports'] },
                message: `${host.resource.kind} ${host.namespace}/${host.resource.name} has ${ports.length === 0 ? 'no ports' : `port ${ports.join(', ')}`}`,
              })),
            },
          );
          continue;
        }
        const protocol = mesh.protocolGroup(listener.port.protocol);
        const [first] = having;
        if (!first || !listener.port.protocol || !having.every(({ port }) => isMisled(protocol, mesh.protocolGroup(port.protocol)))) continue;
        const at = { resource: sidecar, path: [...path, 'protocol'] };
        const declared = first.port.protocol;
        report('protocol', at, {
          data: { ...data, listener: listener.port.protocol, host: first.host.host, declared, symptom: unimportedSymptom(sidecar, mesh.config) },
          severity: outboundPolicyOf(sidecar, mesh.config) === 'REGISTRY_ONLY' ? 'error' : 'warning',
          related: [
            {
              at: { resource: first.host.resource, path: ['spec', 'ports', first.port.index] },
              message: `${first.host.host} declares port ${number} as ${declared}`,
            },
          ],
          fixes: [{ title: `write protocol: ${declared}`, safe: false, changes: [{ do: 'replace', at, value: declared }] }],
        });
      }
    },
  }),
});

/** S-8: an HTTP listener has no virtual host for a TLS or TCP port; a TLS listener does not take the plaintext of an HTTP port. */
function isMisled(listener: string, declared: string): boolean {
  return (listener === 'http' && (declared === 'tls' || declared === 'tcp')) || (listener === 'tls' && declared === 'http');
}
