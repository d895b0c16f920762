import type { Service } from '../resources/service.ts';
import type { ServiceEntry } from '../resources/service-entry.ts';
import { isExportedTo } from './export-to.ts';
import { HostIndex } from './host-index.ts';
import type { MeshConfig } from './mesh-config.ts';
import { type Protocol, parseProtocol, serviceProtocol } from './protocol.ts';

/** A port of a registered host. */
export interface RegisteredPort {
  readonly number: number;
  readonly name: string;
  readonly protocol: Protocol;
  /** Where it stands in its resource. */
  readonly index: number;
}

/** One host as one ServiceEntry or Service registers it: what Istio calls a service. */
export interface RegisteredHost {
  readonly host: string;
  readonly namespace: string;
  readonly resource: ServiceEntry | Service;
  /** Index into `spec.hosts`; 0 for a Service. */
  readonly index: number;
  readonly ports: readonly RegisteredPort[];
  /** Outside of the mesh: a ServiceEntry with location MESH_EXTERNAL, or an ExternalName Service. */
  readonly external: boolean;
  readonly exportTo: readonly string[];
}

const EXPORT_TO_ANNOTATION = 'networking.istio.io/exportTo';

/** All registered hosts (docs/traffic-model.md, section 2). */
export class Registry {
  readonly hosts: readonly RegisteredHost[];
  private readonly index: HostIndex<RegisteredHost>;
  private readonly config: MeshConfig;
  private external: Map<string, string[]> | undefined;

  constructor(serviceEntries: readonly ServiceEntry[], services: readonly Service[], config: MeshConfig) {
    this.config = config;
    this.hosts = [...serviceEntries.flatMap(entryHosts), ...services.map((service) => serviceHost(service, config.clusterDomain))];
    this.index = new HostIndex(this.hosts.map((registered) => [registered.host, registered]));
  }

  /** The registrations of exactly this name, wildcard or not. */
  named(host: string): readonly RegisteredHost[] {
    return this.index.named(host);
  }

  /** The registrations that cover a name: the name itself, or a wildcard of which it is a part. */
  covering(host: string): readonly RegisteredHost[] {
    return this.index.covering(host);
  }

  /** S-4: what a Sidecar's pattern brings in: the exact name, or all that lies within a wildcard. */
  within(pattern: string): readonly RegisteredHost[] {
    return this.index.within(pattern);
  }

  /** Names that ServiceEntries of a namespace register: what a slip in a host name may have meant. */
  externalHostsOf(namespace: string): readonly string[] {
    if (!this.external) {
      this.external = new Map();
      for (const { host, namespace: own, resource } of this.hosts) {
        if (resource.kind !== 'ServiceEntry') continue;
        const list = this.external.get(own);
        if (list) list.push(host);
        else this.external.set(own, [host]);
      }
    }
    return this.external.get(namespace) ?? [];
  }

  /** V-2: whether proxies of a namespace may see the host. */
  isVisible(registered: RegisteredHost, namespace: string): boolean {
    return isExportedTo(registered.exportTo, registered.namespace, namespace, this.config.defaultServiceExportTo);
  }
}

function entryHosts(entry: ServiceEntry): RegisteredHost[] {
  const ports = entry.spec.ports.map((port, index) => ({ number: port.number ?? 0, name: port.name ?? '', protocol: parseProtocol(port.protocol), index }));
  const external = entry.spec.location === 'MESH_EXTERNAL';
  return entry.spec.hosts.flatMap((host, index) =>
    host === '' ? [] : [{ host, namespace: entry.namespace, resource: entry, index, ports, external, exportTo: entry.spec.exportTo }],
  );
}

function serviceHost(service: Service, domain: string): RegisteredHost {
  const ports = service.spec.ports.map((port, index) => ({ number: port.port ?? 0, name: port.name ?? '', protocol: serviceProtocol(port), index }));
  return {
    host: `${service.name}.${service.namespace}.svc.${domain}`,
    namespace: service.namespace,
    resource: service,
    index: 0,
    ports,
    external: service.spec.type === 'ExternalName',
    exportTo: (service.annotations[EXPORT_TO_ANNOTATION] ?? '').split(',').flatMap((entry) => entry.trim() || []),
  };
}
