import type { Gateway } from '../resources/gateway.ts';
import type { Service } from '../resources/service.ts';
import { GatewayServers } from './gateway-servers.ts';
import { HostIndex } from './host-index.ts';
import { serviceHost } from './host-name.ts';
import { STOCK } from './stock-gateways.ts';
import type { Workload } from './workloads.ts';

type Labels = Readonly<Record<string, string>>;
export type PodsOf = (namespace: string, selector: Labels) => readonly Workload[];

/** The Services in view, and the stock ones, with the Gateways that the Pods behind them run (docs/traffic-model.md, G-1, G-2). */
export class GatewayServices {
  private readonly byHost = new Map<string, { readonly namespace: string; readonly selector: Labels; readonly service: Service | undefined }>();
  private readonly servers: GatewayServers;
  private readonly podsOf: PodsOf;
  private readonly running = new Map<string, ReadonlySet<Gateway>>();
  /** Of each Gateway the namespaces of its Pods, and whether a Service in view shows that. */
  private namespaces: ReadonlyMap<Gateway, ReadonlyMap<string, boolean>> | undefined;
  private readonly admitted = new Map<string, HostIndex<Gateway>>();

  constructor(services: readonly Service[], gateways: readonly Gateway[], podsOf: PodsOf, clusterDomain: string) {
    this.servers = new GatewayServers(gateways);
    this.podsOf = podsOf;
    for (const { name, namespace, labels } of STOCK) {
      this.byHost.set(serviceHost(name, namespace, clusterDomain), { namespace, selector: labels, service: undefined });
    }
    for (const service of services) {
      const { namespace, spec } = service;
      const host = serviceHost(service.name, namespace, clusterDomain);
      // A patch without a selector replaces nothing.
      if (Object.keys(spec.selector).length === 0 && this.byHost.has(host)) continue;
      this.byHost.set(host, { namespace, selector: spec.selector, service });
    }
  }

  /** Whether a host is that of a Service in view or of a stock one. */
  has(host: string): boolean {
    return this.byHost.has(host);
  }

  /** The Service in view that registers a host; undefined for a stock one that no file holds. */
  serviceAt(host: string): Service | undefined {
    return this.byHost.get(host)?.service;
  }

  /** The Pods in view behind a Service; none where it has no selector, for then somebody else keeps its endpoints. */
  podsAt(host: string): readonly Workload[] {
    const known = this.byHost.get(host);
    return known && Object.keys(known.selector).length > 0 ? this.podsOf(known.namespace, known.selector) : [];
  }

  /** The Gateways in view that the Pods behind a Service run: their selectors are among the Service's own, or among the labels of its Pods. */
  gatewaysAt(host: string): ReadonlySet<Gateway> {
    const known = this.running.get(host);
    if (known) return known;
    const selector = this.byHost.get(host)?.selector;
    const all = selector ? [selector, ...this.podsAt(host).map(({ labels }) => labels)] : [];
    const found = new Set(all.flatMap((labels) => this.servers.selecting(labels)));
    this.running.set(host, found);
    return found;
  }

  /** Whether a Gateway in view has a server on a port of the Pods behind a Service: a route that names the port means it, whether the Service exposes it or not. */
  hasServerOn(host: string, port: number): boolean {
    for (const { spec } of this.gatewaysAt(host)) if (spec.servers.some((server) => server.port?.number === port)) return true;
    return false;
  }

  /** The namespaces of the Pods that run a Gateway, as far as Services in view and stock ones show them. */
  namespacesOf(gateway: Gateway): readonly string[] {
    this.namespaces ??= this.namespacesByGateway();
    return [...(this.namespaces.get(gateway)?.keys() ?? [])];
  }

  /** Whether a Service in view, and not only one of the stock installation, leads to Pods of a namespace that run a Gateway. */
  isInView(gateway: Gateway, namespace: string): boolean {
    this.namespaces ??= this.namespacesByGateway();
    return this.namespaces.get(gateway)?.get(namespace) ?? false;
  }

  private namespacesByGateway(): ReadonlyMap<Gateway, ReadonlyMap<string, boolean>> {
    const found = new Map<Gateway, Map<string, boolean>>();
    for (const [host, { namespace, service }] of this.byHost) {
      for (const gateway of this.gatewaysAt(host)) {
        const known = found.get(gateway) ?? new Map<string, boolean>();
        found.set(gateway, known.set(namespace, service !== undefined || known.get(namespace) === true));
      }
    }
    return found;
  }

  /** G-8: whether some TLS server in view behind a Service, on a port of Gateways, answers to a server name. */
  answersTo(host: string, port: number, serverName: string): boolean {
    const key = `${host}:${port}`;
    let index = this.admitted.get(key);
    if (!index) {
      index = new HostIndex([...this.gatewaysAt(host)].flatMap((gateway) => tlsHosts(gateway, port).map((name) => [name, gateway] as const)));
      this.admitted.set(key, index);
    }
    return index.covering(serverName.toLowerCase()).length > 0;
  }
}

/** The hosts of a Gateway's TLS servers on a port, without their namespaces. */
function tlsHosts(gateway: Gateway, port: number): readonly string[] {
  return gateway.spec.servers
    .filter((server) => server.port?.number === port && server.tls !== undefined)
    .flatMap((server) => server.hosts.map((host) => host.slice(host.indexOf('/') + 1).toLowerCase()));
}
