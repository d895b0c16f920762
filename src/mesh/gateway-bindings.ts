import type { Gateway } from '../resources/gateway.ts';
import type { VirtualService } from '../resources/virtual-service.ts';
import { isBoundToMesh, MESH, resolveGateway } from './gateway-reference.ts';
import { groupBy } from './group-by.ts';
import { HostIndex } from './host-index.ts';
import { expandShortName } from './host-name.ts';

/** The VirtualServices that are bound to each Gateway and to sidecars, by host (docs/traffic-model.md, N-9, G-4). */
export class GatewayBindings {
  private readonly bound: ReadonlyMap<string, readonly Binding[]>;
  private readonly indexes = new Map<string, HostIndex<VirtualService>>();
  private readonly clusterDomain: string;

  constructor(virtualServices: readonly VirtualService[], clusterDomain: string) {
    this.clusterDomain = clusterDomain;
    this.bound = groupBy(virtualServices.flatMap(bindingsOf), ({ key }) => key);
  }

  /** All VirtualServices in view that are bound to a Gateway. */
  to(gateway: Gateway): readonly VirtualService[] {
    return (this.bound.get(keyOf(gateway) ?? '') ?? []).map(({ virtualService }) => virtualService);
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
    const known = this.indexes.get(key) ?? this.indexed(this.bound.get(key) ?? []);
    this.indexes.set(key, known);
    return known.overlapping(host);
  }

  private indexed(bindings: readonly Binding[]): HostIndex<VirtualService> {
    return new HostIndex(
      bindings.flatMap(({ virtualService }) =>
        virtualService.spec.hosts.map((host) => [expandShortName(host, virtualService.namespace, this.clusterDomain), virtualService] as const),
      ),
    );
  }
}

/** A VirtualService with hosts, and what it is bound to. */
interface Binding {
  readonly key: string;
  readonly virtualService: VirtualService;
}

function bindingsOf(virtualService: VirtualService): readonly Binding[] {
  const { namespace, spec } = virtualService;
  if (spec.hosts.length === 0) return [];
  const keys = new Set(spec.gateways.flatMap((entry) => keyOf(resolveGateway(entry, namespace)) ?? []));
  if (isBoundToMesh(spec.gateways)) keys.add(MESH);
  return [...keys].map((key) => ({ key, virtualService }));
}

function keyOf(gateway: { readonly namespace: string; readonly name: string } | undefined): string | undefined {
  return gateway && `${gateway.namespace}/${gateway.name}`;
}
