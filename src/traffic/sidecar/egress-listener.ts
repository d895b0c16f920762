import { addTo } from '../../mesh/group-by.ts';
import { HostIndex } from '../../mesh/host-index.ts';
import { type Protocol, parseProtocol } from '../../mesh/protocol.ts';
import type { Sidecar } from '../../resources/sidecar.ts';
import type { RouteConfig } from '../routes/route-config.ts';
import { routesIn } from '../routes/routes-in.ts';
import type { Services } from '../services/services.ts';
import type { Reason } from '../terms/reason.ts';
import type { Service } from '../terms/service.ts';
import { covers, EgressHosts } from './egress-hosts.ts';

type Written = Sidecar['spec']['egress'][number];

/** Where an egress listener stands, and what it says. */
export interface ListenerSource {
  readonly listener: Written;
  readonly at: Reason;
}

/** An egress listener of a Sidecar, or the one that everybody has without a Sidecar (S-2), with what it imports. Istio: sidecar.go, IstioEgressListenerWrapper. */
export class EgressListener {
  /** The port that it is for; undefined for a catch-all. */
  readonly port: { readonly number: number; readonly protocol: Protocol } | undefined;
  /** S-11: the address that it is bound to instead of those of the services; undefined for none. */
  readonly bind: string | undefined;
  readonly at: Reason | undefined;
  /** S-4, S-8: what is imported, in the order of V-4, trimmed to the listener's port. */
  readonly services: readonly Service[];
  /** S-5: in the order of V-5. */
  readonly routes: readonly RouteConfig[];
  private byPort: ReadonlyMap<number, readonly Service[]> | undefined;
  private byHost: HostIndex<number> | undefined;
  private copies: HostIndex<Service> | undefined;
  private readonly overlapping = new Map<string, readonly RouteConfig[]>();

  constructor(source: ListenerSource | undefined, namespace: string, services: Services, routes: readonly RouteConfig[]) {
    const hosts = new EgressHosts(source?.listener.hosts ?? ['*/*'], namespace);
    const { port } = source?.listener ?? {};
    this.port = port && { number: port.number ?? 0, protocol: parseProtocol(port.protocol) };
    this.bind = bindOf(source?.listener);
    this.at = source?.at;
    this.services = oneNamespaceForEachHost(imported(hosts, trimmedTo(this.port), namespace, services), namespace);
    this.routes = hosts.isEverything ? routes : importable(hosts, routes).filter((config) => imports(hosts, config));
  }

  /** What is imported and has a port. */
  servicesOn(port: number): readonly Service[] {
    this.byPort ??= indexed(this.services);
    return this.byPort.get(port) ?? [];
  }

  /** All copies of a host that are imported (V-8), in order. */
  copiesOf(host: string): readonly Service[] {
    this.copies ??= new HostIndex(this.services.map((service) => [service.host, service] as const));
    return this.copies.named(host);
  }

  /** the routes that have any name in common with a host, in order. */
  routesAround(host: string): readonly RouteConfig[] {
    const known = this.overlapping.get(host);
    if (known) return known;
    const positions = [...new Set(this.routesByHost.overlapping(host))].sort((a, b) => a - b);
    const found = positions.flatMap((position) => this.routes[position] ?? []);
    this.overlapping.set(host, found);
    return found;
  }

  /** N-5, R-6: the routes whose host is the most specific one for a service. */
  closestRoutes(host: string): RouteConfig | undefined {
    const [position] = this.routesByHost.mostSpecific(host);
    return position === undefined ? undefined : this.routes[position];
  }

  private get routesByHost(): HostIndex<number> {
    this.byHost ??= new HostIndex(this.routes.flatMap((config, position) => config.hosts.map((host) => [host, position] as const)));
    return this.byHost;
  }
}

/** S-5. Most Sidecars name few namespaces: what stands in others need not be looked at. */
function importable({ namespaces }: EgressHosts, routes: readonly RouteConfig[]): readonly RouteConfig[] {
  return namespaces ? routesIn(routes, namespaces) : routes;
}

function imports(hosts: EgressHosts, { hosts: names, namespace, isGatewayApi }: RouteConfig): boolean {
  return names.some((host) => hosts.importsRoutes(host, namespace, isGatewayApi));
}

/** S-11. A Unix socket takes no connection that is captured. */
function bindOf(listener: Written | undefined): string | undefined {
  if (listener?.bind) return listener.bind;
  return listener?.captureMode === 'NONE' ? '127.0.0.1' : undefined;
}

/** S-8: a listener for a port takes in just that port of a service, but for one that is a proxy for HTTP. */
function trimmedTo(port: EgressListener['port']): (service: Service) => Service | undefined {
  if (!port?.number || port.protocol === 'HTTP_PROXY') return (service) => service;
  return (service) => onPort(service, port.number);
}

/** A service with one of its ports only; undefined where it has none of the number. */
export function onPort(service: Service, number: number): Service | undefined {
  const ports = service.ports.filter((port) => port.number === number);
  const [first] = ports;
  if (!first) return undefined;
  return service.ports.length === 1 ? service : { ...service, ports: [first] };
}

/** S-4; N-15: of the names of a service those count that are imported as well. */
function imported(hosts: EgressHosts, trim: (service: Service) => Service | undefined, namespace: string, services: Services): readonly Service[] {
  return candidates(hosts, namespace, services).flatMap((service) => {
    const names = hosts.importing(service.host, service.namespace);
    const trimmed = names && trim(service);
    if (!trimmed) return [];
    const aliases = trimmed.aliases.filter((alias) => covers(names, alias));
    return [aliases.length === trimmed.aliases.length ? trimmed : { ...trimmed, aliases }];
  });
}

/** Entries that are all exact are looked up one by one, and ordered by age alone. Istio: sidecar.go, servicesForExactHosts. */
function candidates(hosts: EgressHosts, namespace: string, services: Services): readonly Service[] {
  if (!hosts.exact) return services.visibleIn(namespace, hosts.namespaces);
  const found = new Set(hosts.exact.flatMap(([home, host]) => services.registered(host, home) ?? []));
  return services.byAge([...found].filter((service) => services.isVisible(service, namespace)));
}

/**
 * V-9: of a host that several namespaces register, one namespace counts: the client's own, else the first, a Kubernetes Service before a ServiceEntry.
 * Istio: sidecar.go, selectServices.
 */
function oneNamespaceForEachHost(services: readonly Service[], namespace: string): readonly Service[] {
  const winners = new Map<string, Service>();
  for (const service of services) {
    const winner = winners.get(service.host);
    if (!winner || service.namespace === namespace || isPreferred(service, winner, namespace)) winners.set(service.host, service);
  }
  const kept = services.filter((service) => winners.get(service.host)?.namespace === service.namespace);
  return kept.length === services.length ? services : kept;
}

function isPreferred(service: Service, winner: Service, namespace: string): boolean {
  return service.registry === 'kubernetes' && winner.registry !== 'kubernetes' && winner.namespace !== namespace;
}

function indexed(services: readonly Service[]): ReadonlyMap<number, readonly Service[]> {
  const found = new Map<number, Service[]>();
  for (const service of services) {
    for (const number of new Set(service.ports.map((port) => port.number))) addTo(found, number, service);
  }
  return found;
}
