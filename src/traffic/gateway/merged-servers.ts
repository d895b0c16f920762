import { addTo } from '../../mesh/group-by.ts';
import { type Protocol, parseProtocol, protocolGroup } from '../../mesh/protocol.ts';
import type { Placed, Reason } from '../terms/reason.ts';
import type { GatewayConfig, Server, ServerTlsMode } from './gateway-config.ts';

/** One server of a Gateway on one port of the Pods. */
export interface GatewayServer {
  /** `namespace/name`, as VirtualServices name it. */
  readonly gateway: string;
  /** G-3: each `host` or `namespace/host`; `./` and the star for a namespace are resolved. */
  readonly hosts: readonly string[];
  readonly protocol: Protocol;
  /** The number that is written, which matches of VirtualServices mean (G-6). */
  readonly number: number;
  /** G-2: the port that the Pods listen on. */
  readonly port: number;
  /** '' for all addresses. */
  readonly bind: string;
  /** Undefined without a `tls` block. */
  readonly mode: ServerTlsMode | undefined;
  readonly redirectsToHttps: boolean;
  /** The name of its route table; '' where it reads no HTTP. */
  readonly routeName: string;
  /** Its entry in the Gateway. */
  readonly at: Reason;
}

/** Servers that share a port, an address and the text of their protocol. */
export interface ServerGroup {
  readonly port: number;
  readonly protocol: Protocol;
  readonly bind: string;
  /** The table of a plaintext HTTP group. */
  routeName: string;
  readonly servers: GatewayServer[];
}

/** A server that is left out, and the one that is in its way. */
export interface SkippedServer {
  readonly server: GatewayServer;
  readonly because: GatewayServer | undefined;
}

/** What becomes of all servers of one Pod. */
export interface MergedServers {
  /** By port of the Pod, in the order in which their filter chains are made. */
  readonly byPort: ReadonlyMap<number, readonly Readonly<ServerGroup>[]>;
  readonly byRouteName: ReadonlyMap<string, readonly GatewayServer[]>;
  readonly skipped: readonly SkippedServer[];
}

/** A Gateway that holds for a Pod. */
export interface LoadedGateway {
  readonly gateway: GatewayConfig;
  /** G-2: the Pod's ports behind a server's number. */
  readonly portsOf: (number: number) => readonly number[];
}

/**
 * G-11: the servers of all Gateways that one Pod loads, put together port by port.
 * @param gateways the older first
 */
export function mergeServers(gateways: readonly LoadedGateway[]): MergedServers {
  const merger = new Merger();
  for (const { gateway, portsOf } of gateways) {
    for (const server of gateway.servers) {
      for (const port of portsOf(server.value.port?.number ?? 0)) merger.add(gatewayServer(gateway, server, port), server.value);
    }
  }
  return merger.result();
}

function gatewayServer({ name, namespace }: GatewayConfig, { value, at }: Placed<Server>, port: number): GatewayServer {
  const number = value.port?.number ?? 0;
  const protocol = parseProtocol(value.port?.protocol);
  const mode = value.tls?.mode;
  const bind = value.bind ?? '';
  return {
    gateway: `${namespace}/${name}`,
    hosts: resolvedHosts(value.hosts, namespace),
    protocol,
    number,
    port,
    bind,
    mode,
    redirectsToHttps: value.tls?.httpsRedirect === true,
    routeName: routeNameOf({ protocol, mode, port, number, portName: value.port?.name ?? '', name, namespace, bind }),
    at,
  };
}

/** G-3 (sanitizeServerHostNamespace). */
function resolvedHosts(hosts: readonly string[], own: string): readonly string[] {
  if (hosts.includes('*/*')) return ['*'];
  return hosts.map((entry) => {
    const slash = entry.indexOf('/');
    const [namespace, host] = [entry.slice(0, slash), entry.slice(slash + 1)];
    if (slash === -1 || namespace === '*') return host;
    return `${namespace === '.' ? own : namespace}/${host}`;
  });
}

interface RouteNameParts extends Pick<GatewayServer, 'protocol' | 'mode' | 'port' | 'number' | 'bind'> {
  readonly portName: string;
  readonly name: string;
  readonly namespace: string;
}

/** G-2 (gatewayRDSRouteName): plaintext servers of a port share a table, each server that terminates HTTPS has its own. */
function routeNameOf({ protocol, mode, port, number, portName, name, namespace, bind }: RouteNameParts): string {
  const suffix = bind === '' ? '' : `.${bind}`;
  if (protocolGroup(protocol) === 'http') return `http.${port}${suffix}`;
  return readsHttp({ protocol, mode }) ? `https.${number}.${portName}.${name}.${namespace}${suffix}` : '';
}

type Kind = Pick<GatewayServer, 'protocol' | 'mode'>;

/** G-5: TLS is passed on as it is. */
export function isPassthrough({ mode }: Kind): boolean {
  return mode === 'PASSTHROUGH' || mode === 'AUTO_PASSTHROUGH';
}

/** G-5: HTTP, or HTTPS that is terminated. */
export function readsHttp(server: Kind): boolean {
  return protocolGroup(server.protocol) === 'http' || (server.protocol === 'HTTPS' && !isPassthrough(server));
}

/** A `tls` block on an HTTP server is there for `httpsRedirect` only. */
function isTls({ protocol, mode }: Kind): boolean {
  return mode !== undefined && protocolGroup(protocol) !== 'http';
}

class Merger {
  private readonly groups = new Map<string, ServerGroup>();
  /** The group that made a port plaintext. */
  private readonly plain = new Map<number, ServerGroup>();
  private readonly taken = new Map<number, GatewayServer>();
  private readonly byRouteName = new Map<string, GatewayServer[]>();
  /** Hosts of servers with a `tls` block, by port, address and text. */
  private readonly claims = new Map<string, GatewayServer>();
  private readonly skipped: SkippedServer[] = [];

  add(server: GatewayServer, { port }: Server): void {
    const rival = this.claim(server);
    if (rival) {
      this.skipped.push({ server, because: rival });
      return;
    }
    const key = JSON.stringify([server.port, port?.protocol, server.bind]);
    const first = this.taken.get(server.port);
    if (!first) {
      this.taken.set(server.port, server);
      this.addFirst(server, key);
      return;
    }
    const plain = this.plain.get(server.port);
    const because = plain ? this.addBesidePlain(server, key, plain) : this.addBesideTls(server, key);
    if (because) this.skipped.push({ server, because });
  }

  result(): MergedServers {
    const byPort = new Map<number, ServerGroup[]>();
    for (const group of this.groups.values()) {
      addTo(byPort, group.port, group);
    }
    return { byPort, byRouteName: this.byRouteName, skipped: this.skipped };
  }

  /** Of servers with a `tls` block on one port and address, one that repeats a host of an earlier one is left out. */
  private claim(server: GatewayServer): GatewayServer | undefined {
    if (server.mode === undefined) return undefined;
    const keys = server.hosts.map((host) => JSON.stringify([server.port, server.bind, host]));
    const rival = keys.map((key) => this.claims.get(key)).find((each) => each !== undefined);
    if (!rival) for (const key of keys) this.claims.set(key, server);
    return rival;
  }

  private addFirst(server: GatewayServer, key: string): void {
    if (readsHttp(server)) this.byRouteName.set(server.routeName, [server]);
    const group = this.group(key, server);
    if (!isTls(server)) this.plain.set(server.port, group);
  }

  private addBesidePlain(server: GatewayServer, key: string, plain: ServerGroup): GatewayServer | undefined {
    if (plain.bind === server.bind) {
      if (!canMerge(server.protocol, plain.protocol) || server.routeName === '') return plain.servers[0];
      plain.servers.push(server);
      this.addRoute(server);
      return undefined;
    }
    const known = this.groups.get(key);
    if (!known) {
      this.addFirst(server, key);
      return undefined;
    }
    known.routeName = server.routeName;
    known.servers.push(server);
    this.addRoute(server);
    return undefined;
  }

  private addBesideTls(server: GatewayServer, key: string): GatewayServer | undefined {
    if (!isTls(server)) {
      this.addFirst(server, key);
      return undefined;
    }
    if (readsHttp(server)) {
      const [rival] = this.byRouteName.get(server.routeName) ?? [];
      if (rival) return rival;
      this.byRouteName.set(server.routeName, [server]);
    }
    const known = this.groups.get(key);
    if (known) known.servers.push(server);
    else this.group(key, server);
    return undefined;
  }

  private addRoute(server: GatewayServer): void {
    addTo(this.byRouteName, server.routeName, server);
  }

  private group(key: string, server: GatewayServer): ServerGroup {
    const { port, protocol, bind, routeName } = server;
    const group = { port, protocol, bind, routeName, servers: [server] };
    this.groups.set(key, group);
    return group;
  }
}

/** Plaintext HTTP protocols go together, whichever they are. */
function canMerge(protocol: Protocol, current: Protocol): boolean {
  return protocolGroup(protocol) === 'http' && protocolGroup(current) === 'http';
}
