import { discovered } from '../../mesh/discovered.ts';
import { isExportedTo } from '../../mesh/export-to.ts';
import { addTo } from '../../mesh/group-by.ts';
import { serviceHost } from '../../mesh/host-name.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { MeshConfig } from '../../mesh/mesh-config.ts';
import { STOCK } from '../../mesh/stock-gateways.ts';
import { compareText } from '../../text/compare-text.ts';
import { clusterAddress } from '../terms/address.ts';
import type { Age, Ages } from '../terms/age.ts';
import type { Service, ServicePort } from '../terms/service.ts';
import { aliasesOf } from './aliases.ts';
import { servicesOfEntry } from './entry-services.ts';
import { servicesOfKubernetes } from './kubernetes-services.ts';
import { narrowedExportTo } from './service-entry-visibility.ts';

export interface ServicesOptions {
  /** Whether the stock gateways' Services count as there where no file holds them (docs/architecture.md, what is assumed). */
  readonly assumesStockGateways: boolean;
  /** Services that come from elsewhere: what the Gateway API's Gateways get. */
  readonly others?: readonly Service[];
}

/**
 * Everything that proxies can be told to reach: Kubernetes Services, hosts of ServiceEntries, and what is assumed. In the order in which Istio
 * walks over them: time, host, namespace (V-4, N-17). Istio: pilot/pkg/model/push_context.go, initServiceRegistry.
 */
export class Services {
  /** The oldest first. ExternalName Services (resolution ALIAS) are among them, though they are but names of others: no listener and no cluster is theirs (N-15). */
  readonly all: readonly Service[];
  private readonly config: MeshConfig;
  private readonly byHost = new Map<string, Service[]>();
  private readonly inNamespace = new Map<string, Service[]>();
  private readonly visible = new Map<string, readonly Service[]>();
  private readonly exportedBy = new Map<string, readonly Service[]>();
  private lazyPublic: readonly Service[] | undefined;

  constructor(mesh: Mesh, ages: Ages, options: ServicesOptions) {
    this.config = mesh.config;
    const entries = discovered(mesh, 'ServiceEntry').flatMap((entry) => narrowed(servicesOfEntry(entry, ages.of(entry)), mesh));
    const kubernetes = discovered(mesh, 'Service').flatMap((service) => servicesOfKubernetes(service, ages.of(service), this.config.clusterDomain));
    const known = [...kubernetes, ...entries, ...(options.others ?? [])];
    // One that istiod does not look at is there nevertheless.
    const written = mesh.all('Service').map(({ name, namespace }) => serviceHost(name, namespace, this.config.clusterDomain));
    const stock = options.assumesStockGateways ? stockGateways(this.config.clusterDomain, new Set([...known.map(({ host }) => host), ...written])) : [];
    this.all = withAliases([...known, ...stock]).sort(byServiceAge);
    for (const service of this.all) {
      addTo(this.byHost, service.host, service);
      addTo(this.inNamespace, service.namespace, service);
    }
  }

  /** All registrations of a host, whoever may see them, the oldest first. */
  named(host: string): readonly Service[] {
    return this.byHost.get(host) ?? [];
  }

  /** V-2: whether proxies of a namespace may see it. */
  isVisible(service: Service, namespace: string): boolean {
    return isExportedTo(service.exportTo, service.namespace, namespace, this.config.defaultServiceExportTo);
  }

  /**
   * V-4: what a namespace may see, what is exported to it by name before what is public. Namespaces to which nothing is exported by name share one list.
   * @param homes only what is registered in these namespaces
   */
  visibleIn(namespace: string, homes?: readonly string[]): readonly Service[] {
    if (homes) return this.visibleFrom(homes, namespace);
    const known = this.visible.get(namespace);
    if (known) return known;
    const own = this.namedFor(namespace);
    const list = own.length === 0 ? this.public : [...own, ...this.public];
    this.visible.set(namespace, list);
    return list;
  }

  /** Whether a namespace sees just what every other one sees. */
  seesOnlyPublic(namespace: string): boolean {
    return this.visibleIn(namespace) === this.public;
  }

  /** V-8: the one of a host and namespace that look-ups find: a Kubernetes Service, else the oldest ServiceEntry, whoever may see it. */
  registered(host: string, namespace: string): Service | undefined {
    const copies = this.named(host).filter((service) => service.namespace === namespace);
    return copies.find(({ registry }) => registry === 'kubernetes') ?? copies[0];
  }

  /** The oldest first. */
  byAge(services: readonly Service[]): readonly Service[] {
    return [...services].sort(byServiceAge);
  }

  /**
   * Whether clients of a namespace see the same as those of most others, in the same way: nothing is exported to it by name, and what it registers
   * is public, registered nowhere else and no name of another host (V-4, V-9, N-15).
   */
  isOrdinary(namespace: string): boolean {
    return this.namedFor(namespace).length === 0 && (this.inNamespace.get(namespace) ?? []).every((service) => this.isOrdinaryService(service));
  }

  private isOrdinaryService(service: Service): boolean {
    return (
      service.resolution !== 'ALIAS' && this.exportTo(service).includes('*') && this.named(service.host).every((other) => other.namespace === service.namespace)
    );
  }

  private visibleFrom(homes: readonly string[], namespace: string): readonly Service[] {
    const found = this.byAge(homes.flatMap((home) => this.inNamespace.get(home) ?? []).filter((service) => this.isVisible(service, namespace)));
    const isPublic = (service: Service): boolean => this.exportTo(service).includes('*');
    return [...found.filter((service) => !isPublic(service)), ...found.filter(isPublic)];
  }

  private get public(): readonly Service[] {
    this.lazyPublic ??= this.all.filter((service) => this.exportTo(service).includes('*'));
    return this.lazyPublic;
  }

  private namedFor(namespace: string): readonly Service[] {
    if (this.exportedBy.size === 0) this.indexExports();
    return this.exportedBy.get(namespace) ?? [];
  }

  private indexExports(): void {
    const found = new Map<string, Service[]>([['', []]]);
    for (const service of this.all) {
      const exportTo = this.exportTo(service);
      if (exportTo.includes('*') || exportTo.includes('~')) continue;
      for (const namespace of new Set(exportTo.map((entry) => (entry === '.' ? service.namespace : entry)))) addTo(found, namespace, service);
    }
    for (const [namespace, services] of found) this.exportedBy.set(namespace, services);
  }

  private exportTo({ exportTo }: Service): readonly string[] {
    return exportTo.length > 0 ? exportTo : this.config.defaultServiceExportTo;
  }
}

/** V-4, N-17: by time, then name (a ServiceEntry's services are named after their hosts), then namespace. Copies that are equal in all of it stay as they stand. */
function byServiceAge(a: Service, b: Service): number {
  return a.age.created - b.age.created || compareText(nameOf(a), nameOf(b)) || compareText(a.namespace, b.namespace);
}

function nameOf({ registry, age, host }: Service): string {
  return registry === 'kubernetes' ? age.name : host;
}

function narrowed(services: readonly Service[], mesh: Mesh): readonly Service[] {
  return services.map((service) => {
    const exportTo = narrowedExportTo(service, mesh);
    return exportTo ? { ...service, exportTo } : service;
  });
}

/** N-15: Services that are names only give their names to what they stand for. */
function withAliases(services: readonly Service[]): Service[] {
  const aliases = aliasesOf(services);
  return services.map((service) => {
    const names = aliases.get(service.host);
    return names ? { ...service, aliases: names } : service;
  });
}

const STOCK_PORTS: readonly ServicePort[] = [
  { number: 80, name: 'http2', protocol: 'HTTP2', targetPort: 8080, at: undefined },
  { number: 443, name: 'https', protocol: 'HTTPS', targetPort: 8443, at: undefined },
];

/** Installed with Istio, before everything else. */
const INSTALLED = 0;

function stockGateways(clusterDomain: string, known: ReadonlySet<string>): readonly Service[] {
  return STOCK.flatMap(({ name, namespace, labels }) => {
    const host = serviceHost(name, namespace, clusterDomain);
    const age: Age = { created: INSTALLED, name, namespace };
    // Pods in view may carry one of the two labels only: it tells what they are.
    const selector = { istio: labels['istio'] ?? '' };
    return known.has(host) ? [] : [{ ...STOCK_SERVICE, host, namespace, labels, selector, age, address: clusterAddress(namespace, name) }];
  });
}

const STOCK_SERVICE = {
  ports: STOCK_PORTS,
  hasAutoAddress: false,
  resolution: 'EDS',
  isHeadless: false,
  isMeshExternal: false,
  registry: 'kubernetes',
  exportTo: [],
  subjectAltNames: [],
  resource: undefined,
  at: undefined,
  aliases: [],
} as const;
