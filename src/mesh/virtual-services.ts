import type { VirtualService } from '../resources/virtual-service.ts';
import { isExportedTo } from './export-to.ts';
import { isBoundToMesh } from './gateway-reference.ts';
import { HostIndex } from './host-index.ts';
import { expandShortName } from './host-name.ts';
import type { MeshConfig } from './mesh-config.ts';
import { isTemplated } from './template-paths.ts';

/** The VirtualServices that are bound to sidecars, by namespace and host (docs/traffic-model.md, N-6, N-9, V-5). */
export class VirtualServices {
  private readonly byNamespace = new Map<string, HostIndex<VirtualService>>();
  private readonly everywhere: HostIndex<VirtualService>;
  private readonly config: MeshConfig;

  constructor(virtualServices: readonly VirtualService[], config: MeshConfig) {
    this.config = config;
    const groups = new Map<string, [string, VirtualService][]>();
    for (const virtualService of virtualServices) {
      if (!isBoundToMesh(virtualService.spec.gateways)) continue;
      const { namespace } = virtualService;
      const group = groups.get(namespace) ?? [];
      groups.set(namespace, group);
      for (const host of virtualService.spec.hosts) if (host !== '') group.push([expandShortName(host, namespace, config.clusterDomain), virtualService]);
    }
    for (const [namespace, group] of groups) this.byNamespace.set(namespace, new HostIndex(group));
    this.everywhere = new HostIndex([...groups.values()].flat());
  }

  /** S-5: those of a namespace that a host of a Sidecar's egress takes in, if proxies of `client` may see them: any host in common is enough. */
  importedBy(namespace: string, host: string, client: string): readonly VirtualService[] {
    return (this.byNamespace.get(namespace)?.overlapping(host) ?? []).filter((virtualService) => this.isVisible(virtualService, client));
  }

  /** N-2, R-3: those of all namespaces that have any name in common with a host. */
  overlapping(host: string): readonly VirtualService[] {
    return this.everywhere.overlapping(host);
  }

  /** V-5: whether proxies of a namespace may see the VirtualService. */
  isVisible(virtualService: VirtualService, namespace: string): boolean {
    if (isTemplated(virtualService, ['spec', 'exportTo'])) return true;
    return isExportedTo(virtualService.spec.exportTo, virtualService.namespace, namespace, this.config.defaultVirtualServiceExportTo);
  }
}
