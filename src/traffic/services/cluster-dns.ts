import type { Mesh } from '../../mesh/mesh.ts';
import type { Service } from '../terms/service.ts';
import type { Services } from './services.ts';

/** What a name of the cluster's own leads to. */
export type ResolvedName =
  | { readonly leadsTo: 'service'; readonly service: Service }
  /** An ExternalName Service: another name, outside. */
  | { readonly leadsTo: 'name'; readonly name: string };

/** Kubernetes Services as the cluster's DNS knows them. */
export class ClusterDns {
  private readonly byName = new Map<string, ResolvedName>();
  private readonly byAddress = new Map<string, Service>();
  private readonly suffix: string;

  constructor(mesh: Mesh, services: Services) {
    this.suffix = `.svc.${mesh.config.clusterDomain}`;
    for (const service of services.all) if (service.registry === 'kubernetes') this.add(service);
    for (const { name, namespace, spec } of mesh.all('Service')) {
      if (spec.type === 'ExternalName' && spec.externalName) this.byName.set(`${name}.${namespace}`, { leadsTo: 'name', name: spec.externalName });
    }
  }

  /**
   * Looks a name up as a Pod of a namespace would: `name`, `name.namespace`, `name.namespace.svc` and the full name of a Service.
   * @param namespace undefined where nobody completes short names: a proxy's own look-up
   */
  resolve(name: string, namespace: string | undefined): ResolvedName | undefined {
    const bare = name.toLowerCase().replace(/\.$/, '');
    const short = bare.endsWith(this.suffix) ? bare.slice(0, -this.suffix.length) : bare.replace(/\.svc$/, '');
    return this.byName.get(short.includes('.') || namespace === undefined ? short : `${short}.${namespace}`);
  }

  /** The Service with an address of its own. */
  at(address: string): Service | undefined {
    return this.byAddress.get(address);
  }

  private add(service: Service): void {
    const { host, namespace, address } = service;
    this.byName.set(`${host.slice(0, host.indexOf('.'))}.${namespace}`, { leadsTo: 'service', service });
    if (address !== undefined && !this.byAddress.has(address)) this.byAddress.set(address, service);
  }
}
