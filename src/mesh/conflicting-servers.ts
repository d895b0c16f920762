import type { Gateway } from '../resources/gateway.ts';
import { admittedHost, type PlacedServer, serversOf } from './bound-gateways.ts';
import { parseProtocol, protocolGroup } from './protocol.ts';

/** Two servers on one port of the same workloads that cannot both be served. */
export interface ServerConflict {
  /** The one that is skipped if the other is older (within one Gateway: that stands first). */
  readonly later: PlacedServer;
  readonly earlier: PlacedServer;
  /** `sort`: one is plaintext or TCP, and the other may not join it. `host`: both claim a TLS host. `listener`: Envoy refuses both, for the hosts differ in their namespaces only. */
  readonly kind: 'sort' | 'host' | 'listener';
  /** Index of the later server's host that both have; undefined where hosts do not matter. */
  readonly host: number | undefined;
}

/**
 * G-11: conflicts among the servers that Gateways put on one port of the workloads with one selector, the older Gateway first. Each server is held
 * against the first on its port, and against the first that claimed each of its hosts.
 * @param mayMeet whether two Gateways may stand in one cluster
 */
export function serverConflicts(gateways: readonly Gateway[], mayMeet: (a: Gateway, b: Gateway) => boolean): readonly ServerConflict[] {
  const conflicts: ServerConflict[] = [];
  const ports = new Map<string, PortClaims>();
  for (const placed of serversOf(gateways)) {
    const key = portKey(placed);
    if (key === undefined) continue;
    const claims = ports.get(key) ?? new PortClaims();
    ports.set(key, claims);
    const conflict = claims.add(placed, mayMeet);
    if (conflict) conflicts.push(conflict);
  }
  return conflicts;
}

type Sort = 'plaintext' | 'tls' | 'tcp';

class PortClaims {
  private first: { readonly placed: PlacedServer; readonly sort: Sort } | undefined;
  private readonly byHost = new Map<string, { readonly placed: PlacedServer; readonly namespace: string }>();

  add(placed: PlacedServer, mayMeet: (a: Gateway, b: Gateway) => boolean): ServerConflict | undefined {
    const sort = sortOf(placed);
    if (!sort) return undefined;
    if (!this.first || !mayMeet(this.first.placed.gateway, placed.gateway)) {
      this.first ??= { placed, sort };
    } else if (isSkipped(this.first.sort, sort)) {
      return { later: placed, earlier: this.first.placed, kind: 'sort', host: undefined };
    }
    return sort === 'tls' ? this.claim(placed, mayMeet) : undefined;
  }

  private claim(placed: PlacedServer, mayMeet: (a: Gateway, b: Gateway) => boolean): ServerConflict | undefined {
    let found: ServerConflict | undefined;
    for (const [index, entry] of placed.server.hosts.entries()) {
      const { namespace, dnsName } = admittedHost(entry, placed.gateway.namespace);
      const claimed = this.byHost.get(dnsName);
      if (!claimed) this.byHost.set(dnsName, { placed, namespace });
      else if (claimed.placed.server !== placed.server && mayMeet(claimed.placed.gateway, placed.gateway)) {
        const kind = claimed.namespace === namespace ? 'host' : 'listener';
        // The chains of servers that pass TLS through come from routes, which Istio keeps apart.
        const isPassedOn = [claimed.placed, placed].some(({ server }) => server.tls?.mode === 'PASSTHROUGH' || server.tls?.mode === 'AUTO_PASSTHROUGH');
        if (kind === 'host' || !isPassedOn) found ??= { later: placed, earlier: claimed.placed, kind, host: index };
      }
    }
    return found;
  }
}

/** Plaintext HTTP fixes a port: only more of it may join. TLS may be joined by TLS and by plaintext HTTP. TCP is joined by nothing. */
function isSkipped(first: Sort, next: Sort): boolean {
  if (first === 'plaintext') return next !== 'plaintext';
  return first === 'tcp' && next === 'plaintext';
}

function sortOf({ server }: PlacedServer): Sort | undefined {
  const group = protocolGroup(parseProtocol(server.port?.protocol));
  if (group === 'http') return 'plaintext';
  if (group === 'tls') return server.tls ? 'tls' : undefined;
  return group === 'tcp' ? 'tcp' : undefined;
}

function portKey({ gateway, server }: PlacedServer): string | undefined {
  const selector = Object.entries(gateway.spec.selector).sort();
  if (!server.port?.number || selector.length === 0) return undefined;
  return JSON.stringify([selector, server.port.number, server.bind ?? '']);
}
