import type { ServiceEntry } from '../resources/service-entry.ts';
import type { LoadedFile } from './load.ts';
import type { Mesh } from './mesh.ts';
import { type Protocol, parseProtocol, protocolGroup } from './protocol.ts';

/** A port of a ServiceEntry that its sidecars serve on 0.0.0.0 without looking at a name: whatever is sent to the port, to whatever address, goes to it. */
export interface CatchAllPort {
  readonly entry: ServiceEntry;
  /** Index into `spec.ports`. */
  readonly index: number;
  readonly number: number;
  readonly protocol: Protocol;
}

/**
 * L-3, L-7: ports of TCP, of a protocol that Istio takes for TCP, or of none, where nothing tells the host's connections from others: the entry has no addresses.
 * Proxies with DNS capture give the host an address of its own (L-14); `mayCaptureDns` tells of those.
 */
export function catchAllPorts(entry: ServiceEntry): readonly CatchAllPort[] {
  const { addresses, ports } = entry.spec;
  if (addresses.length > 0 || !isSoundEntry(entry)) return [];
  return ports.flatMap(({ number, protocol: text }, index) => {
    const protocol = parseProtocol(text);
    const group = protocolGroup(protocol);
    return number && (group === 'tcp' || group === 'auto') ? [{ entry, index, number, protocol }] : [];
  });
}

/** Whether an entry is as it was meant: nothing in it is refused, and no template text stands in its spec. */
export function isSoundEntry({ problems, templates }: ServiceEntry): boolean {
  return problems.length === 0 && !templates.some((path) => path[0] === 'spec');
}

/** Two entries whose connections nothing tells apart. */
export interface TcpCollision {
  readonly earlier: CatchAllPort;
  readonly later: CatchAllPort;
}

/** More entries on one port need not be compared. */
const MAX_OTHERS = 8;

/**
 * L-9: of two chains without criteria on one port, the older service's stays. Two entries for one host are no collision, and entries with resolution NONE send
 * connections to the address that was dialed.
 */
export function tcpCollisions(mesh: Mesh): readonly TcpCollision[] {
  const byPort = new Map<number, CatchAllPort[]>();
  const found: TcpCollision[] = [];
  for (const entry of mesh.all('ServiceEntry')) {
    for (const later of entry.spec.resolution === 'NONE' ? [] : catchAllPorts(entry)) {
      const before = byPort.get(later.number) ?? [];
      byPort.set(later.number, before);
      const earlier = before.find((each) => collide(mesh, each.entry, entry));
      if (earlier) found.push({ earlier, later });
      if (before.length < MAX_OTHERS) before.push(later);
    }
  }
  return found;
}

function collide(mesh: Mesh, a: ServiceEntry, b: ServiceEntry): boolean {
  if (a === b || a.spec.hosts.some((host) => b.spec.hosts.includes(host)) || !mesh.belongTogether(a, b)) return false;
  return isSeenFrom(mesh, a, b.namespace) || isSeenFrom(mesh, b, a.namespace);
}

/** V-2: whether proxies of a namespace may see an entry's hosts. */
export function isSeenFrom(mesh: Mesh, entry: ServiceEntry, namespace: string): boolean {
  return mesh.registry.named(entry.spec.hosts[0] ?? '').some((registered) => registered.resource === entry && mesh.registry.isVisible(registered, namespace));
}

const CAPTURE = /ISTIO_META_DNS_CAPTURE(?!["']?\s*:\s*["']?false)/;

/** L-14: whether DNS capture is assumed, or a file switches it on, wherever it stands: mesh configuration, Helm values, an annotation of Pods. */
export function mayCaptureDns(mesh: Mesh, { source }: LoadedFile): boolean {
  const { assumptions, config } = mesh;
  if (assumptions.dnsCapture !== undefined) return assumptions.dnsCapture;
  if (config.dnsCapture === true) return true;
  return source.text.includes('ISTIO_META_DNS_CAPTURE') && CAPTURE.test(source.text);
}
