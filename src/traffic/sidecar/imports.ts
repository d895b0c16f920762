import type { RouteConfig } from '../routes/route-config.ts';
import { MergedServices } from '../services/merged-services.ts';
import type { Services } from '../services/services.ts';
import type { Service } from '../terms/service.ts';
import { type EgressListener, onPort } from './egress-listener.ts';

/** Ports of a host to which routes lead; `all` where one of them names none. */
type Ports = 'all' | Set<number>;

/**
 * What the sidecars of one namespace import by one Sidecar, or without any (S-4 to S-6, V-8, V-9).
 * Istio: pilot/pkg/model/sidecar.go, SidecarScope.
 */
export class Imports {
  readonly listeners: readonly EgressListener[];
  /** '' where clients of several namespaces share it, because no part of it depends on theirs. */
  readonly namespace: string;
  private readonly services: Services;
  private merged: MergedServices | undefined;
  private asked: ReadonlySet<string> | undefined;

  constructor(listeners: readonly EgressListener[], namespace: string, services: Services) {
    this.listeners = listeners;
    this.namespace = namespace;
    this.services = services;
  }

  /** What a host is known as: imported, or the destination of an imported route. */
  known(host: string): Service | undefined {
    this.merged ??= this.merge();
    return this.merged.of(host);
  }

  /** The service that gives a host its clusters; a name of another host has none (N-15). */
  serviceOf(host: string): Service | undefined {
    const service = this.known(host);
    return service?.resolution === 'ALIAS' ? undefined : service;
  }

  /** All copies of a host that are imported for listeners (V-8), in order. */
  copiesOf(host: string): readonly Service[] {
    return this.listeners.flatMap((listener) => listener.copiesOf(host));
  }

  /** The labels by which routes tell clients apart. */
  get labelsAskedFor(): ReadonlySet<string> {
    this.asked ??= new Set(this.listeners.flatMap(({ routes }) => routes.flatMap(labelsIn)));
    return this.asked;
  }

  private merge(): MergedServices {
    const merged = new MergedServices();
    for (const listener of this.listeners) {
      for (const service of listener.services) merged.add(service);
      for (const config of listener.routes) {
        for (const [host, ports] of destinationsOf(config, this.namespace)) {
          const service = this.reachedByRoute(host);
          const trimmed = service && trimmedTo(service, ports, listener);
          if (trimmed) merged.add(trimmed);
        }
      }
    }
    return merged;
  }

  /**
   * S-6, V-9: the namespace's own service, whoever may see it; else a Kubernetes Service that it may see, else the oldest ServiceEntry.
   * Istio: sidecar.go, pickBestVisibleNamespace.
   */
  private reachedByRoute(host: string): Service | undefined {
    const own = this.services.registered(host, this.namespace);
    if (own) return own;
    const visible = [...new Set(this.services.named(host).map((service) => service.namespace))].flatMap((namespace) => {
      const service = this.services.registered(host, namespace);
      return service && this.services.isVisible(service, this.namespace) ? [service] : [];
    });
    return visible.find(({ registry }) => registry === 'kubernetes') ?? this.services.byAge(visible)[0];
  }
}

function labelsIn({ http, tls, tcp }: RouteConfig): readonly string[] {
  return [...http, ...tls, ...tcp].flatMap(({ value }) => value.match.flatMap(({ sourceLabels }) => Object.keys(sourceLabels)));
}

/** S-6. Istio: sidecar.go, collectImportedServices, serviceMatchingVirtualServicePorts. */
function trimmedTo(service: Service, ports: Ports, { port }: EgressListener): Service | undefined {
  if (port?.number && port.protocol !== 'HTTP_PROXY') return onPort(service, port.number);
  if (ports === 'all') return service;
  const named = service.ports.filter(({ number }) => ports.has(number));
  if (named.length === service.ports.length) return service;
  return named.length === 0 ? undefined : { ...service, ports: named };
}

/** Istio: push_context.go, virtualServiceDestinationsFilteredBySourceNamespace: HTTP rules for other namespaces' clients are left out. */
function destinationsOf({ http, tls, tcp }: RouteConfig, namespace: string): ReadonlyMap<string, Ports> {
  const found = new Map<string, Ports>();
  const add = (destination: { readonly host?: string; readonly port?: { readonly number?: number } } | undefined): void => {
    if (!destination?.host) return;
    const { host, port } = destination;
    const known = found.get(host) ?? new Set<number>();
    found.set(host, known === 'all' || !port?.number ? 'all' : known.add(port.number));
  };
  for (const { value } of http) {
    if (!mayBeFrom(value.match, namespace)) continue;
    for (const { destination } of value.route) add(destination);
    add(value.mirror);
    for (const { destination } of value.mirrors) add(destination);
  }
  for (const { value } of [...tcp, ...tls]) for (const { destination } of value.route) add(destination);
  return found;
}

/** The last match that names a namespace decides, unless one names this. */
function mayBeFrom(matches: readonly { readonly sourceNamespace?: string }[], namespace: string): boolean {
  const named = matches.flatMap(({ sourceNamespace }) => sourceNamespace || []);
  return named.length === 0 || named.includes(namespace);
}
