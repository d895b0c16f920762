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
 * against one of the first on its port, and of the first that claimed each of its hosts: one that is surely deployed with it, where there is one.
 * @param mayMeet whether two Gateways may stand in one cluster
 * @param surelyMeet whether the files say so
 */
export function serverConflicts(gateways: readonly Gateway[], mayMeet: Meet, surelyMeet: Meet = mayMeet): readonly ServerConflict[] {
  const conflicts: ServerConflict[] = [];
  const ports = new Map<string, PortClaims>();
  for (const placed of serversOf(gateways)) {
    const key = portKey(placed);
    if (key === undefined) continue;
    const claims = ports.get(key) ?? new PortClaims(mayMeet, surelyMeet);
    ports.set(key, claims);
    const conflict = claims.add(placed);
    if (conflict) conflicts.push(conflict);
  }
  return conflicts;
}

type Meet = (a: Gateway, b: Gateway) => boolean;
type Sort = 'plaintext' | 'tls' | 'tcp';

/** So many claims of one thing are kept; others are held against these. */
const MAX_CLAIMS = 8;

interface Claim {
  readonly placed: PlacedServer;
  readonly sort: Sort;
  readonly namespace: string;
}

class PortClaims {
  private readonly all: Claim[] = [];
  private readonly byHost = new Map<string, Claim[]>();
  private readonly mayMeet: Meet;
  private readonly surelyMeet: Meet;

  constructor(mayMeet: Meet, surelyMeet: Meet) {
    this.mayMeet = mayMeet;
    this.surelyMeet = surelyMeet;
  }

  add(placed: PlacedServer): ServerConflict | undefined {
    const sort = sortOf(placed);
    if (!sort) return undefined;
    const earlier = this.nearest(this.all, placed);
    if (earlier && isSkipped(earlier.sort, sort)) return { later: placed, earlier: earlier.placed, kind: 'sort', host: undefined };
    keep(this.all, { placed, sort, namespace: '' });
    return sort === 'tls' ? this.claim(placed) : undefined;
  }

  private claim(placed: PlacedServer): ServerConflict | undefined {
    let found: ServerConflict | undefined;
    for (const [index, entry] of placed.server.hosts.entries()) {
      const { namespace, dnsName } = admittedHost(entry, placed.gateway.namespace);
      const claims = this.byHost.get(dnsName) ?? [];
      this.byHost.set(dnsName, claims);
      const claimed = this.nearest(claims, placed);
      keep(claims, { placed, sort: 'tls', namespace });
      if (!claimed) continue;
      const kind = claimed.namespace === namespace ? 'host' : 'listener';
      // The chains of servers that pass TLS through come from routes, which Istio keeps apart.
      const isPassedOn = [claimed.placed, placed].some(({ server }) => server.tls?.mode === 'PASSTHROUGH' || server.tls?.mode === 'AUTO_PASSTHROUGH');
      if (kind === 'host' || !isPassedOn) found ??= { later: placed, earlier: claimed.placed, kind, host: index };
    }
    return found;
  }

  private nearest(claims: readonly Claim[], { gateway, server }: PlacedServer): Claim | undefined {
    const others = claims.filter(({ placed }) => placed.server !== server && this.mayMeet(placed.gateway, gateway));
    return others.find(({ placed }) => this.surelyMeet(placed.gateway, gateway)) ?? others[0];
  }
}

function keep(claims: Claim[], claim: Claim): void {
  if (claims.length < MAX_CLAIMS) claims.push(claim);
}

/** Plaintext HTTP fixes a port: only more of it may join. TLS may be joined by TLS and by plaintext HTTP. TCP is joined by nothing. */
function isSkipped(first: Sort, next: Sort): boolean {
  if (first === 'plaintext') return next !== 'plaintext';
  return first === 'tcp';
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
