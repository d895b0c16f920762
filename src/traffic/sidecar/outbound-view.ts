import type { Labels, Service } from '../terms/service.ts';
import type { Imports } from './imports.ts';
import { ANY_ADDRESS, type BoundEndpoint, listenerEntries } from './listener-entries.ts';
import { OutboundListener } from './outbound-listener.ts';
import { VirtualHosts } from './virtual-hosts.ts';

export interface ViewSources {
  readonly clusterDomain: string;
  readonly addressOf: (service: Service) => string | undefined;
  readonly endpointsOf: (service: Service, port: number) => readonly BoundEndpoint[];
}

/** The listeners and virtual hosts of all sidecars that import the same and are alike to all routes. Each port is worked out when first asked for. */
export class OutboundView {
  readonly imports: Imports;
  readonly clusterDomain: string;
  private readonly client: { readonly namespace: string; readonly labels: Labels };
  private readonly sources: ViewSources;
  private readonly listeners = new Map<number, ReadonlyMap<string, OutboundListener>>();
  private readonly hosts = new Map<number, VirtualHosts | undefined>();

  constructor(imports: Imports, client: { readonly namespace: string; readonly labels: Labels }, sources: ViewSources) {
    this.imports = imports;
    this.client = client;
    this.clusterDomain = sources.clusterDomain;
    this.sources = sources;
  }

  /** L-1: the listener of an address, else the one of the port; undefined where neither is there. */
  listenerFor(ip: string | undefined, port: number, isOwn: (listener: OutboundListener) => boolean): OutboundListener | undefined {
    const listeners = this.listeners.get(port) ?? this.build(port);
    this.listeners.set(port, listeners);
    const exact = ip === undefined ? undefined : listeners.get(ip);
    return exact && !isOwn(exact) ? exact : listeners.get(ANY_ADDRESS);
  }

  /** The virtual hosts of a port. Istio: sidecar.go, GetEgressListenerForRDS. */
  virtualHosts(port: number): VirtualHosts | undefined {
    if (this.hosts.has(port)) return this.hosts.get(port);
    const listener = this.imports.listeners.find((candidate) => !candidate.port || candidate.port.number === port);
    const hosts = listener && new VirtualHosts(port, listener, this.client, this.sources.addressOf);
    this.hosts.set(port, hosts);
    return hosts;
  }

  private build(port: number): ReadonlyMap<string, OutboundListener> {
    const entries = listenerEntries(port, {
      ...this.sources,
      listeners: this.imports.listeners,
      client: this.client,
      known: (host) => this.imports.known(host),
    });
    return new Map([...entries].map(([bind, entry]) => [bind, new OutboundListener(entry, port)]));
  }
}
