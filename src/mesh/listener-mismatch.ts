import type { Sidecar } from '../resources/sidecar.ts';
import type { Mesh } from './mesh.ts';
import type { ProtocolGroup } from './protocol.ts';
import type { RegisteredHost, RegisteredPort } from './registry.ts';
import { importedBy, isExcluded, isMeshWide, parseSidecarHost } from './sidecar-imports.ts';

type Listener = Sidecar['spec']['egress'][number];

/** An egress listener of a Sidecar whose port or protocol is not that of its hosts (docs/traffic-model.md, S-8). */
export type ListenerMismatch = {
  /** Its index in `spec.egress`. */
  readonly index: number;
  readonly number: number;
} & (
  | { /** None of its hosts has the port. */ readonly why: 'port'; readonly hosts: readonly RegisteredHost[] }
  | {
      /** All that have it speak something else. */
      readonly why: 'protocol';
      readonly written: string;
      /** What the listener takes that protocol for. */
      readonly group: ProtocolGroup;
      readonly host: RegisteredHost;
      readonly port: RegisteredPort;
      readonly isCertain: boolean;
    }
);

/** @returns those of which all hosts are known; for the Sidecar of the whole mesh none, for its hosts are not the same everywhere */
export function listenerMismatches(mesh: Mesh, sidecar: Sidecar): readonly ListenerMismatch[] {
  if (isMeshWide(sidecar, mesh.config)) return [];
  return sidecar.spec.egress.flatMap((listener, index) => mismatchOf(mesh, sidecar, listener, index) ?? []);
}

function mismatchOf(mesh: Mesh, sidecar: Sidecar, listener: Listener, index: number): ListenerMismatch | undefined {
  const { number, protocol: written } = listener.port ?? {};
  // A listener for a generic HTTP proxy takes every port of its hosts.
  const hosts = !number || written?.toUpperCase() === 'HTTP_PROXY' ? undefined : importsOf(mesh, sidecar, listener);
  if (!hosts || !number) return undefined;
  const having = hosts.flatMap((host) => host.ports.filter((port) => port.number === number).map((port) => ({ host, port })));
  const [first] = having;
  if (!first) return { index, number, why: 'port', hosts };
  const group = mesh.protocolGroup(written);
  if (!written || !having.every(({ port }) => isMisled(group, mesh.protocolGroup(port.protocol)))) return undefined;
  // TLS that clients speak themselves still finds the chain of a TLS listener; and a listener for all other ports may bring addresses of its own.
  const isCertain = group === 'http' && sidecar.spec.egress.every((each) => each.port !== undefined);
  return { index, number, why: 'protocol', written, group, ...first, isCertain };
}

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

/** S-8: an HTTP listener has no virtual host for a TLS or TCP port; a TLS listener does not take the plaintext of an HTTP port. */
function isMisled(listener: ProtocolGroup, declared: ProtocolGroup): boolean {
  return (listener === 'http' && (declared === 'tls' || declared === 'tcp')) || (listener === 'tls' && declared === 'http');
}
