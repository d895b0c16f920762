import {
  defineRule,
  importedBy,
  isExcluded,
  isMeshWide,
  type Mesh,
  outboundPolicyOf,
  parseSidecarHost,
  type RegisteredHost,
  type ResourceByKind,
  unimportedSymptom,
} from '../../src/rule-api.ts';

type Sidecar = ResourceByKind['Sidecar'];
type Listener = Sidecar['spec']['egress'][number];

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
      text: 'Sidecar {sidecar}: the listener on port {port} speaks {listener}, but {host} declares {declared}: {lost} finds no route there',
      label: '{host} declares {declared}',
      symptom: '{symptom}',
      help: 'write protocol: {declared}',
    },
  },

  create: ({ mesh, report }) => ({
    Sidecar(sidecar) {
      if (isMeshWide(sidecar, mesh.config)) return;
      const { egress } = sidecar.spec;
      for (const [i, listener] of egress.entries()) {
        const { number, protocol: declaredHere } = listener.port ?? {};
        // A listener for a generic HTTP proxy takes every port of its hosts.
        const hosts = !number || declaredHere?.toUpperCase() === 'HTTP_PROXY' ? undefined : importsOf(mesh, sidecar, listener);
        if (!hosts || !number) continue;
        const path = ['spec', 'egress', i, 'port'];
        const data = { sidecar: `${sidecar.namespace}/${sidecar.name}`, port: number };
        const having = hosts.flatMap((host) => host.ports.filter((port) => port.number === number).map((port) => ({ host, port })));
        if (having.length === 0) {
          report(
            'port',
            { resource: sidecar, path: [...path, 'number'] },
            {
              data: { ...data, hosts: shortList([...new Set(hosts.map((host) => host.host))]), ports: portsOf(hosts) },
              severity: 'warning',
              related: hosts.slice(0, SHOWN).map((host) => ({
                at: { resource: host.resource, path: ['spec', 'ports'] },
                message: `${host.resource.kind} ${host.namespace}/${host.resource.name} has ${portsOf([host])}`,
              })),
            },
          );
          continue;
        }
        const protocol = mesh.protocolGroup(declaredHere);
        const [first] = having;
        if (!first || !declaredHere || !having.every(({ port }) => isMisled(protocol, mesh.protocolGroup(port.protocol)))) continue;
        const at = { resource: sidecar, path: [...path, 'protocol'] };
        const declared = first.port.protocol;
        // TLS that clients speak themselves still finds the chain of a TLS listener; and a listener for all other ports may bring addresses of its own.
        const isCertain = protocol === 'http' && egress.every((each) => each.port !== undefined);
        report('protocol', at, {
          data: {
            ...data,
            listener: declaredHere,
            host: first.host.host,
            declared,
            lost: protocol === 'http' ? 'what its clients send' : 'plain HTTP',
            symptom: unimportedSymptom(sidecar, mesh.config),
          },
          severity: isCertain && outboundPolicyOf(sidecar, mesh.config) === 'REGISTRY_ONLY' ? 'error' : 'warning',
          ...(!isCertain && { confidence: 'likely' }),
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

const SHOWN = 3;

/** What a listener imports; undefined where a wildcard, template text, or a host that is not in view may bring in what has the port. */
function importsOf(mesh: Mesh, sidecar: Sidecar, listener: Listener): readonly RegisteredHost[] | undefined {
  const imported: RegisteredHost[] = [];
  for (const text of listener.hosts) {
    if (text.startsWith('~')) continue;
    const host = parseSidecarHost(text, sidecar.namespace);
    if (!host || host.dnsName.startsWith('*')) return undefined;
    const found = importedBy(sidecar, host, mesh.registry).filter((each) => mesh.belongTogether(sidecar, each.resource));
    if (found.length === 0 || found.some((each) => each.hasUnknownPorts)) return undefined;
    imported.push(...found.filter((each) => !isExcluded(each, listener, sidecar.namespace)));
  }
  return imported.length > 0 ? imported : undefined;
}

function portsOf(hosts: readonly RegisteredHost[]): string {
  const ports = [...new Set(hosts.flatMap((host) => host.ports.map((port) => port.number)))];
  return ports.length === 0 ? 'no ports' : `port ${shortList(ports.map(String))}`;
}

function shortList(texts: readonly string[]): string {
  const rest = texts.length - SHOWN;
  return `${texts.slice(0, SHOWN).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** S-8: an HTTP listener has no virtual host for a TLS or TCP port; a TLS listener does not take the plaintext of an HTTP port. */
function isMisled(listener: string, declared: string): boolean {
  return (listener === 'http' && (declared === 'tls' || declared === 'tcp')) || (listener === 'tls' && declared === 'http');
}
