import type { Gateway } from '../resources/gateway.ts';
import type { VirtualService } from '../resources/virtual-service.ts';
import { isBoundToMesh, MESH, resolveGateway } from './gateway-reference.ts';
import { HostIndex } from './host-index.ts';
import { expandShortName } from './host-name.ts';

/** The VirtualServices that are bound to each Gateway and to sidecars, by host (docs/traffic-model.md, N-9, G-4). */
export class GatewayBindings {
  private readonly bound = new Map<string, [string, VirtualService][]>();
  private readonly indexes = new Map<string, HostIndex<VirtualService>>();

  constructor(virtualServices: readonly VirtualService[], clusterDomain: string) {
    for (const virtualService of virtualServices) {
      const { namespace, spec } = virtualService;
      const keys = new Set(spec.gateways.flatMap((entry) => keyOf(resolveGateway(entry, namespace)) ?? []));
      if (isBoundToMesh(spec.gateways)) keys.add(MESH);
      for (const key of keys) {
        const list = this.bound.get(key) ?? [];
        this.bound.set(key, list);
        for (const host of spec.hosts) list.push([expandShortName(host, namespace, clusterDomain), virtualService]);
      }
    }
  }

  /** All VirtualServices in view that are bound to a Gateway. */
  to(gateway: Gateway): readonly VirtualService[] {
    return [...new Set((this.bound.get(keyOf(gateway) ?? '') ?? []).map(([, virtualService]) => virtualService))];
  }

  /** Those of them that have a name in common with a host. */
  forHost(gateway: Gateway, host: string): readonly VirtualService[] {
    return this.overlapping(keyOf(gateway) ?? '', host);
  }

  /** Those for sidecars that have a name in common with a host. */
  forSidecars(host: string): readonly VirtualService[] {
    return this.overlapping(MESH, host);
  }

  private overlapping(key: string, host: string): readonly VirtualService[] {
    const known = this.indexes.get(key) ?? new HostIndex(this.bound.get(key) ?? []);
    this.indexes.set(key, known);
    return known.overlapping(host);
  }
}

function keyOf(gateway: { readonly namespace: string; readonly name: string } | undefined): string | undefined {
  return gateway && `${gateway.namespace}/${gateway.name}`;
}
