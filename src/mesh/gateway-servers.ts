import type { Gateway } from '../resources/gateway.ts';
import { addTo } from './group-by.ts';
import { HostIndex } from './host-index.ts';
import { isWildcard } from './host-name.ts';
import { isSelectedBy } from './workloads.ts';

type Labels = Readonly<Record<string, string>>;

/** One server of a Gateway. */
export interface GatewayServer {
  readonly gateway: Gateway;
  /** Index into the Gateway's `servers`. */
  readonly server: number;
}

/** Gateways by the labels that they select, and their servers by port and host (docs/traffic-model.md, G-1 to G-4). */
export class GatewayServers {
  /** Each Gateway under one entry of its selector: whatever carries all its labels carries that one. */
  private readonly bySelectorEntry = new Map<string, Gateway[]>();
  private readonly servers = new Map<Gateway, ServerIndex>();

  constructor(gateways: readonly Gateway[]) {
    for (const gateway of gateways) {
      const [entry] = Object.entries(gateway.spec.selector);
      if (!entry) continue;
      const key = entryKey(entry);
      addTo(this.bySelectorEntry, key, gateway);
    }
  }

  /** G-1: the Gateways whose selector is among a workload's labels. An empty selector, which means every gateway of the mesh, says nothing about a workload. */
  selecting(labels: Labels): readonly Gateway[] {
    return Object.entries(labels).flatMap((entry) =>
      (this.bySelectorEntry.get(entryKey(entry)) ?? []).filter((gateway) => isSelectedBy(labels, gateway.spec.selector)),
    );
  }

  /**
   * G-3, G-4: the servers on a port that admit any of a VirtualService's hosts. Of servers with `a.example` and `*` the first is meant for `a.example`:
   * the most specific name takes a connection (G-8).
   */
  admitting(gateway: Gateway, port: number, hosts: readonly string[], namespace: string): readonly GatewayServer[] {
    const known = this.servers.get(gateway) ?? indexServers([gateway]);
    this.servers.set(gateway, known);
    return known.admitting(port, hosts, namespace);
  }
}

/** A host that a server admits, as it is written. */
interface AdmittedHost extends GatewayServer {
  readonly entry: string;
}

class ServerIndex {
  private readonly byPort: ReadonlyMap<number, HostIndex<AdmittedHost>>;

  constructor(byPort: ReadonlyMap<number, HostIndex<AdmittedHost>>) {
    this.byPort = byPort;
  }

  /** @param namespace the VirtualService's; undefined where servers count whatever namespaces they admit */
  admitting(port: number, hosts: readonly string[], namespace: string | undefined): readonly GatewayServer[] {
    const index = this.byPort.get(port);
    if (!index) return [];
    const found = new Map<string, GatewayServer>();
    for (const { gateway, server, entry } of hosts.flatMap((host) => [...index.mostSpecific(host), ...(isWildcard(host) ? index.within(host) : [])])) {
      if (namespace === undefined || admits(entry, gateway.namespace, namespace))
        found.set(`${gateway.namespace}/${gateway.name}/${server}`, { gateway, server });
    }
    return [...found.values()];
  }
}

/** @param limit how many servers to keep for one text of a host; the rest is left out */
export function indexServers(gateways: Iterable<Gateway>, limit = Number.POSITIVE_INFINITY): ServerIndex {
  const byPort = new Map<number, Map<string, AdmittedHost[]>>();
  for (const gateway of gateways) {
    for (const [server, { port, hosts }] of gateway.spec.servers.entries()) {
      if (port?.number === undefined) continue;
      const ofPort = byPort.get(port.number) ?? new Map<string, AdmittedHost[]>();
      byPort.set(port.number, ofPort);
      for (const entry of hosts) {
        const host = entry.slice(entry.indexOf('/') + 1);
        const list = ofPort.get(host) ?? [];
        ofPort.set(host, list);
        if (list.length < limit) list.push({ gateway, server, entry });
      }
    }
  }
  return new ServerIndex(new Map([...byPort].map(([port, ofPort]) => [port, new HostIndex(flattened(ofPort))])));
}

function* flattened(byHost: ReadonlyMap<string, readonly AdmittedHost[]>): Generator<readonly [string, AdmittedHost]> {
  for (const [host, list] of byHost) for (const item of list) yield [host, item];
}

/** G-3: whether a server's host is open to VirtualServices of a namespace. */
function admits(entry: string, own: string, namespace: string): boolean {
  const slash = entry.indexOf('/');
  const part = slash === -1 ? '*' : entry.slice(0, slash);
  return part === '*' || namespace === (part === '.' ? own : part);
}

function entryKey([key, value]: readonly [string, string]): string {
  return JSON.stringify([key, value]);
}
