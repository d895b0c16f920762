import type { Service } from '../resources/service.ts';
import type { ServiceEntry } from '../resources/service-entry.ts';
import type { Path } from '../yaml/locate.ts';
import { isTemplateText } from '../yaml/template-text.ts';
import { isExportedTo } from './export-to.ts';
import { groupBy } from './group-by.ts';
import { HostIndex } from './host-index.ts';
import { serviceHost } from './host-name.ts';
import type { MeshConfig } from './mesh-config.ts';
import { type Protocol, parseProtocol, serviceProtocol } from './protocol.ts';
import { isTemplated } from './template-paths.ts';

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
  /** Whether template text may add to the ports, or change them. */
  readonly hasUnknownPorts: boolean;
  /** Outside of the mesh: a ServiceEntry with location MESH_EXTERNAL, or an ExternalName Service. */
  readonly external: boolean;
  /** Empty where the mesh's default holds. */
  readonly exportTo: readonly string[];
}

/** The line that registers a host: an entry of `spec.hosts`, or the name of a Service. */
export function registeredAt({ resource, index }: RegisteredHost): { readonly resource: ServiceEntry | Service; readonly path: Path } {
  return { resource, path: resource.kind === 'ServiceEntry' ? ['spec', 'hosts', index] : ['metadata', 'name'] };
}

const EXPORT_TO_ANNOTATION = 'networking.istio.io/exportTo';
/** Template text may stand for any namespace: nothing may be said to be hidden. */
const ANYWHERE: readonly string[] = ['*'];

/** All registered hosts (docs/traffic-model.md, section 2; Istio: pilot/pkg/model/push_context.go, initServiceRegistry). */
export class Registry {
  readonly hosts: readonly RegisteredHost[];
  private readonly index: HostIndex<RegisteredHost>;
  private readonly config: MeshConfig;
  private byNamespace: ReadonlyMap<string, NamespaceHosts> | undefined;
  private byServiceName: ReadonlyMap<string, readonly RegisteredHost[]> | undefined;
  /** Namespaces in which an entry registers a host that is template text. */
  private readonly withTemplates: ReadonlySet<string>;

  constructor(serviceEntries: readonly ServiceEntry[], services: readonly Service[], config: MeshConfig) {
    this.config = config;
    this.hosts = [...serviceEntries.flatMap(entryHosts), ...services.map((service) => ofService(service, config.clusterDomain))];
    this.index = indexed(this.hosts);
    this.withTemplates = new Set(serviceEntries.flatMap((entry) => (isTemplated(entry, ['spec', 'hosts']) ? [entry.namespace] : [])));
  }

  /** The registrations of exactly this name, wildcard or not. */
  named(host: string): readonly RegisteredHost[] {
    return this.index.named(host);
  }

  /** The registrations that cover a name: the name itself, or a wildcard of which it is a part. */
  covering(host: string): readonly RegisteredHost[] {
    return this.index.covering(host);
  }

  /** S-4: what a pattern takes in: the exact name, or all that lies within a wildcard. */
  within(pattern: string): readonly RegisteredHost[] {
    return this.index.within(pattern);
  }

  /** The namespaces that register a host; that of a Service is known without having it in view (N-10). */
  namespacesOf(host: string): readonly string[] {
    const registered = this.named(host).map(({ namespace }) => namespace);
    if (registered.length > 0) return [...new Set(registered)];
    const [, namespace, svc, ...domain] = host.split('.');
    return namespace !== undefined && svc === 'svc' && domain.join('.') === this.config.clusterDomain ? [namespace] : [];
  }

  /** The registrations of one namespace. */
  ofNamespace(namespace: string): HostIndex<RegisteredHost> {
    return this.namespaces().get(namespace)?.index ?? NO_HOSTS;
  }

  /** Names that ServiceEntries of a namespace register: what a slip in a host name may have meant. */
  externalHostsOf(namespace: string): readonly string[] {
    return this.namespaces().get(namespace)?.external ?? [];
  }

  /** N-6: the registrations of hosts of a Service of this name, in whatever namespace. */
  calledLike(name: string): readonly RegisteredHost[] {
    const ending = `.svc.${this.config.clusterDomain}`;
    this.byServiceName ??= groupBy(
      this.hosts.filter(({ host }) => host.endsWith(ending)),
      ({ host }) => host.slice(0, host.indexOf('.')),
    );
    return this.byServiceName.get(name) ?? [];
  }

  /** Whether template text in a namespace may register any host; without a namespace: in any. */
  hasUnknownHosts(namespace: string | undefined): boolean {
    return namespace === undefined ? this.withTemplates.size > 0 : this.withTemplates.has(namespace);
  }

  /** V-2: whether proxies of a namespace may see the host. */
  isVisible(registered: RegisteredHost, namespace: string): boolean {
    return isExportedTo(registered.exportTo, registered.namespace, namespace, this.config.defaultServiceExportTo);
  }

  private namespaces(): ReadonlyMap<string, NamespaceHosts> {
    this.byNamespace ??= new Map([...groupBy(this.hosts, ({ namespace }) => namespace)].map(([namespace, hosts]) => [namespace, namespaceHosts(hosts)]));
    return this.byNamespace;
  }
}

interface NamespaceHosts {
  readonly index: HostIndex<RegisteredHost>;
  readonly external: readonly string[];
}

const NO_HOSTS = new HostIndex<RegisteredHost>([]);

function namespaceHosts(hosts: readonly RegisteredHost[]): NamespaceHosts {
  return { index: indexed(hosts), external: hosts.flatMap(({ host, resource }) => (resource.kind === 'ServiceEntry' ? [host] : [])) };
}

function indexed(hosts: readonly RegisteredHost[]): HostIndex<RegisteredHost> {
  return new HostIndex(hosts.map((registered) => [registered.host, registered]));
}

function entryHosts(entry: ServiceEntry): RegisteredHost[] {
  const ports = entry.spec.ports.map((port, index) => ({ number: port.number ?? 0, name: port.name ?? '', protocol: parseProtocol(port.protocol), index }));
  const hasUnknownPorts = isTemplated(entry, ['spec', 'ports']);
  const exportTo = isTemplated(entry, ['spec', 'exportTo']) ? ANYWHERE : entry.spec.exportTo;
  const external = entry.spec.location === 'MESH_EXTERNAL';
  const hosts: RegisteredHost[] = [];
  for (const [index, host] of entry.spec.hosts.entries()) {
    if (host !== '') hosts.push({ host, namespace: entry.namespace, resource: entry, index, ports, hasUnknownPorts, external, exportTo });
  }
  return hosts;
}

/** N-10, N-13, N-15. */
function ofService(service: Service, domain: string): RegisteredHost {
  const ports = service.spec.ports.map((port, index) => ({ number: port.port ?? 0, name: port.name ?? '', protocol: serviceProtocol(port), index }));
  const exportTo = service.annotations[EXPORT_TO_ANNOTATION] ?? '';
  return {
    host: serviceHost(service.name, service.namespace, domain),
    namespace: service.namespace,
    resource: service,
    index: 0,
    ports,
    hasUnknownPorts: isTemplated(service, ['spec', 'ports']),
    external: service.spec.type === 'ExternalName' && Boolean(service.spec.externalName),
    exportTo: isTemplateText(exportTo) ? ANYWHERE : exportTo.split(',').flatMap((entry) => entry.trim() || []),
  };
}
