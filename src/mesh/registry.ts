import type { Service } from '../resources/service.ts';
import type { ServiceEntry } from '../resources/service-entry.ts';
import { isExportedTo } from './export-to.ts';
import { isSubsetOf, isWildcard, overlaps } from './host-name.ts';
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

/** All registered hosts, looked up by name in constant time for exact names (docs/traffic-model.md, section 2). */
export class Registry {
  readonly hosts: readonly RegisteredHost[];
  private readonly exact = new Map<string, RegisteredHost[]>();
  private readonly wildcards: RegisteredHost[] = [];
  /** Exact hosts by each of their suffixes that starts after a dot: what a wildcard `*.suffix` covers. Built on first need. */
  private bySuffix: Map<string, RegisteredHost[]> | undefined;
  private readonly config: MeshConfig;

  constructor(serviceEntries: readonly ServiceEntry[], services: readonly Service[], config: MeshConfig) {
    this.config = config;
    this.hosts = [...serviceEntries.flatMap(entryHosts), ...services.map((service) => serviceHost(service, config.clusterDomain))];
    for (const registered of this.hosts) {
      if (isWildcard(registered.host)) this.wildcards.push(registered);
      else append(this.exact, registered.host, registered);
    }
  }

  /** The hosts registered under exactly this name, wildcard or not. */
  named(host: string): readonly RegisteredHost[] {
    return isWildcard(host) ? this.wildcards.filter((registered) => registered.host === host) : (this.exact.get(host) ?? []);
  }

  /** The hosts that cover a name: the name itself, or a wildcard of which it is a part. */
  covering(host: string): readonly RegisteredHost[] {
    return [...this.named(host), ...this.wildcards.filter((registered) => registered.host !== host && isSubsetOf(host, registered.host))];
  }

  /** S-4: the hosts that a pattern brings in: the exact name, or all that lie within a wildcard. */
  within(pattern: string): readonly RegisteredHost[] {
    if (!isWildcard(pattern)) return this.exact.get(pattern) ?? [];
    if (pattern === '*') return this.hosts;
    const wild = this.wildcards.filter((registered) => isSubsetOf(registered.host, pattern));
    const exact = pattern.startsWith('*.')
      ? (this.suffixes().get(pattern.slice(2)) ?? [])
      : this.hosts.filter((each) => !isWildcard(each.host) && isSubsetOf(each.host, pattern));
    return [...exact, ...wild];
  }

  /** The hosts that have a name in common with a pattern. */
  overlapping(pattern: string): readonly RegisteredHost[] {
    return [...new Set([...this.within(pattern), ...this.wildcards.filter((registered) => overlaps(registered.host, pattern))])];
  }

  /** V-2: whether proxies of a namespace may see the host. */
  isVisible(registered: RegisteredHost, namespace: string): boolean {
    return isExportedTo(registered.exportTo, registered.namespace, namespace, this.config.defaultServiceExportTo);
  }

  private suffixes(): Map<string, RegisteredHost[]> {
    if (this.bySuffix) return this.bySuffix;
    this.bySuffix = new Map();
    for (const registered of this.hosts) {
      if (isWildcard(registered.host)) continue;
      for (let dot = registered.host.indexOf('.'); dot !== -1; dot = registered.host.indexOf('.', dot + 1)) {
        append(this.bySuffix, registered.host.slice(dot + 1), registered);
      }
    }
    return this.bySuffix;
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

function append<K, V>(index: Map<K, V[]>, key: K, value: V): void {
  const list = index.get(key);
  if (list) list.push(value);
  else index.set(key, [value]);
}
