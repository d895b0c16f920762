import { HostIndex } from '../../mesh/host-index.ts';
import { isWildcard } from '../../mesh/host-name.ts';
import { protocolGroup } from '../../mesh/protocol.ts';
import { compareText } from '../../text/compare-text.ts';
import { type HttpRoute, type RouteAudience, routesFor } from '../routes/http-routing.ts';
import type { RouteConfig } from '../routes/route-config.ts';
import { fullNames, namesOfPods } from '../services/short-names.ts';
import { isBlock } from '../terms/address.ts';
import type { Service, ServicePort } from '../terms/service.ts';
import type { EgressListener } from './egress-listener.ts';

/** A virtual host on a port: requests for its names take its routes. */
export interface VirtualHost {
  /** `HOST:PORT`. */
  readonly name: string;
  /** Undefined where no VirtualService counts: everything goes to the service. */
  readonly routes: readonly HttpRoute[] | undefined;
  /** Undefined for a host that only a VirtualService knows. */
  readonly service: Service | undefined;
  /** Its place among those of the port: names are given to the first. */
  readonly order: number;
}

/** The port on which VirtualServices count for hosts that nobody registers. */
const HTTP_PORT = 80;

/** A service on the one port that is looked at. */
interface Registered {
  readonly service: Service;
  readonly port: ServicePort;
}

/**
 * The virtual hosts of a sidecar on a port (L-12, R-6, R-7). Istio: pilot/pkg/networking/core/httproute.go, BuildSidecarOutboundVirtualHosts.
 */
export class VirtualHosts {
  private readonly port: number;
  private readonly audience: RouteAudience;
  private readonly addressOf: (service: Service) => string | undefined;
  private readonly listener: EgressListener;
  /** By host in lower case. Of several copies the last counts. */
  private readonly registered = new Map<string, Registered>();
  private readonly hosts: HostIndex<string>;
  private readonly byName = new Map<string, VirtualHost>();
  private readonly byDomain = new Map<string, VirtualHost>();
  /** The first of a service for each name, also where a VirtualService has taken the name itself: its short forms stay the service's. */
  private readonly ofServices = new Map<string, VirtualHost>();
  private readonly wildcards: HostIndex<VirtualHost>;

  /** @param addressOf L-14: the address at which clients know a service */
  constructor(
    port: number,
    listener: EgressListener,
    client: Pick<RouteAudience, 'namespace' | 'labels'>,
    addressOf: (service: Service) => string | undefined,
  ) {
    this.port = port;
    this.addressOf = addressOf;
    this.listener = listener;
    this.audience = { ...client, gateways: MESH_ONLY, port };
    for (const service of listener.servicesOn(port)) {
      const declared = service.ports.find(({ number }) => number === port);
      if (declared) this.registered.set(service.host.toLowerCase(), { service, port: declared });
    }
    this.hosts = new HostIndex([...this.registered.keys()].map((host) => [host, host]));
    this.build();
    this.wildcards = new HostIndex([...this.byDomain].filter(([domain]) => isWildcard(domain)));
  }

  /**
   * L-12: the virtual host for a Host header without its port: the name itself, a longer form of it, then the longest wildcard; undefined for an unknown host.
   * @param namespace the client's
   */
  for(name: string, namespace: string, clusterDomain: string): VirtualHost | undefined {
    const host = name.toLowerCase();
    const longer = fullNames(host, namespace, clusterDomain);
    const exact = this.exactly(host, longer);
    if (exact) return exact;
    const around = this.wildcards.covering(host).find(({ name: taken }) => !taken.startsWith(`*${host}`));
    return around ?? this.headlessAround(namesOfPods(host, namespace, clusterDomain));
  }

  /** N-16: the Pods of a headless Service have names under the Service's, which may be short as well. */
  private headlessAround(names: readonly string[]): VirtualHost | undefined {
    return names.flatMap((name) => this.wildcards.covering(name)).find(({ service }) => service?.isHeadless === true);
  }

  /** The short forms of a service's host belong to it, unless they are another service's host, or an earlier VirtualService's. */
  private exactly(host: string, longer: readonly string[]): VirtualHost | undefined {
    const own = this.byDomain.get(host);
    if (own?.service) return own;
    const [short] = longer.flatMap((name) => this.ofServices.get(name) ?? []);
    return own && short ? (own.order < short.order ? own : short) : (own ?? short);
  }

  /** L-4: the one of a service that has a listener of its own. */
  ofService({ host }: Service): VirtualHost | undefined {
    return this.byDomain.get(host);
  }

  /** what a host is known as to routes on this port, with this port alone. */
  registeredAs(host: string): Service | undefined {
    const registered = this.registered.get(host.toLowerCase());
    return registered && { ...registered.service, ports: [registered.port] };
  }

  private build(): void {
    const served = new Set<string>();
    for (const config of this.listener.routes) {
      if (this.port !== HTTP_PORT && !this.concerns(config)) continue;
      const routes = routesFor(config, this.audience);
      if (routes.length === 0) continue;
      const { others, known } = this.split(config);
      //
      const own = config.isGatewayApi ? known.filter(({ service }) => [service.namespace, this.audience.namespace].includes(config.namespace)) : known;
      if (config.isGatewayApi && own.length === 0) continue;
      const readable = known.filter(({ port }) => isReadable(port));
      if (readable.length === 0 && this.port !== HTTP_PORT) continue;
      for (const host of others) this.add(host, { routes, service: undefined }, [host]);
      for (const { service } of readable) {
        served.add(service.host);
        this.add(service.host, { routes, service }, domainsOf(service, this.addressOf(service)));
      }
    }
    for (const [, { service, port }] of [...this.registered].sort(byHost)) {
      if (served.has(service.host) || service.resolution === 'ALIAS' || !isReadable(port)) continue;
      this.add(service.host, { routes: undefined, service }, domainsOf(service, this.addressOf(service)));
    }
  }

  private concerns({ hosts }: RouteConfig): boolean {
    return hosts.some((host) => this.hosts.overlapping(host.toLowerCase()).length > 0);
  }

  /** Istio: route.go, separateVSHostsAndServices. */
  private split(config: RouteConfig): { readonly others: readonly string[]; readonly known: readonly Registered[] } {
    const others: string[] = [];
    const known: Registered[] = [];
    for (const host of config.hosts.filter((text) => !isWildcard(text))) {
      const registered = this.registered.get(host.toLowerCase());
      if (registered) known.push(registered);
      else others.push(host);
    }
    for (const host of config.hosts.filter(isWildcard)) {
      const around = config.isGatewayApi ? [] : this.hosts.overlapping(host.toLowerCase());
      if (around.length === 0) others.push(host);
      const closest = around.flatMap((name) => this.registered.get(name) ?? []).filter(({ service }) => this.listener.closestRoutes(service.host) === config);
      known.push(...closest);
    }
    return { others, known };
  }

  /** a name that is taken is left out; without any name there is no virtual host. */
  private add(host: string, parts: Omit<VirtualHost, 'name' | 'order'>, domains: readonly string[]): void {
    const name = `${host.toLowerCase()}:${this.port}`;
    if (this.byName.has(name)) return;
    const virtualHost: VirtualHost = { name, ...parts, order: this.byName.size };
    this.byName.set(name, virtualHost);
    for (const domain of domains.map((text) => text.toLowerCase())) {
      if (!this.byDomain.has(domain)) this.byDomain.set(domain, virtualHost);
      if (parts.service && !this.ofServices.has(domain)) this.ofServices.set(domain, virtualHost);
    }
  }
}

const MESH_ONLY: ReadonlySet<string> = new Set(['mesh']);

/** N-14: whether requests on a port can be read. */
function isReadable({ protocol }: ServicePort): boolean {
  const group = protocolGroup(protocol);
  return group === 'http' || group === 'auto';
}

/** L-12: the names of a service; the shorter forms are found by {@link fullNames}. */
function domainsOf({ host, aliases, isHeadless }: Service, address: string | undefined): readonly string[] {
  const names = [host, ...aliases];
  const wildcards = isHeadless ? names.map((name) => `*.${name}`) : [];
  return [...names, ...wildcards, ...(address !== undefined && !isBlock(address) ? [address] : [])];
}

function byHost([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return compareText(a, b);
}
