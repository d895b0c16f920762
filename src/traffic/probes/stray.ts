import type { GatewayHop } from '../../mesh/gateway-hops.ts';
import { HostIndex } from '../../mesh/host-index.ts';
import { expandShortName, overlaps } from '../../mesh/host-name.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { parseSidecarHost, type SidecarHost } from '../../mesh/sidecar-imports.ts';
import { restrictsImports, SidecarScopes } from '../../mesh/sidecar-scopes.ts';
import type { Resource } from '../../resources/resource.ts';
import type { Sidecar } from '../../resources/sidecar.ts';
import type { ConnectionPath, OutcomeName } from '../outcomes/outcome.ts';
import type { ExpectedConnection } from './expected-connections.ts';
import { isTakenBy } from './taken-by-rule.ts';

/** Why a connection does not go the way that objects in view are there for, though nothing breaks it: the client's Sidecar leaves them out. */
export interface Stray {
  readonly sidecar: Sidecar;
  /** What it leaves out: the VirtualService that leads to a gateway, or the ServiceEntry. */
  readonly hidden: Resource;
  /** The way to a gateway that is not taken; undefined where none is meant. */
  readonly hop: GatewayHop | undefined;
}

/** Ends of a connection that no gateway takes. */
const PAST_GATEWAYS: ReadonlySet<OutcomeName> = new Set(['direct', 'originated', 'passthrough', 'blocked']);
/** Ends of a connection to a host that the client does not know. */
const UNKNOWN_HOST: ReadonlySet<OutcomeName> = new Set(['passthrough', 'blocked']);

/** Finds what connections miss because of the Sidecars of their clients. Nothing is built before a Sidecar that leaves anything out is met. */
export class Strays {
  private readonly mesh: Mesh;
  private readonly scopes: SidecarScopes;
  private lazySteered: HostIndex<GatewayHop> | undefined;

  constructor(mesh: Mesh) {
    this.mesh = mesh;
    this.scopes = new SidecarScopes(mesh);
  }

  /**
   * S-1 to S-5: what a client misses that certainly is for it: what stands in its own namespace, the VirtualService that leads a host to a gateway which
   * it calls directly, and what the one Sidecar of the mesh keeps from everybody. Clients that a selector picks may need less than others.
   */
  of({ probe, at }: ExpectedConnection, { outcome }: ConnectionPath): Stray | undefined {
    const { namespace, labels } = probe.from;
    if (!PAST_GATEWAYS.has(outcome) || Object.keys(labels).length > 0) return undefined;
    const sidecar = this.scopes.defaultOf(namespace);
    if (!sidecar || !restrictsImports(sidecar) || sidecar.templates.length > 0 || !this.mesh.hasKnownNamespace(sidecar)) return undefined;
    // Who imports nothing at all means it.
    if (sidecar.spec.egress.every(({ hosts }) => hosts.every((host) => !parseSidecarHost(host, namespace)))) return undefined;
    // Where Sidecars tell clients of a namespace apart, others than these may be those that call.
    if (this.mesh.inNamespace('Sidecar', sidecar.namespace).length > 1) return undefined;
    const isOwn = sidecar.namespace === namespace;
    const isForAll = !isOwn && this.mesh.all('Sidecar').length === 1;
    const hop = this.steered.covering(probe.to.host).find((each) => {
      const { virtualService } = each;
      const isKnown = !UNKNOWN_HOST.has(outcome);
      // Who lists hosts of a namespace one by one leaves out the others on purpose.
      const isLeftOut = (isForAll || virtualService.namespace === namespace) && !lists(sidecar, namespace, virtualService.namespace);
      const isMeant = (isForAll || isOwn) && (isKnown || isLeftOut);
      return (
        isMeant &&
        isTakenBy(virtualService, each.destination.section, each.destination.rule, probe) &&
        this.mesh.virtualServices.isVisible(virtualService, namespace) &&
        !this.imports(sidecar, namespace, virtualService)
      );
    });
    if (hop) return { sidecar, hidden: hop.virtualService, hop };
    const { resource } = at;
    const isOwnEntry = isOwn && resource.type === 'ServiceEntry' && resource.namespace === namespace;
    const registered = this.mesh.registry.named(probe.to.host).find((each) => each.resource === resource);
    if (!isOwnEntry || !registered || !UNKNOWN_HOST.has(outcome) || !this.mesh.registry.isVisible(registered, namespace)) return undefined;
    return lists(sidecar, namespace, namespace) ? undefined : { sidecar, hidden: resource, hop: undefined };
  }

  private get steered(): HostIndex<GatewayHop> {
    const { clusterDomain } = this.mesh.config;
    this.lazySteered ??= new HostIndex(
      this.mesh.gatewayHops.flatMap((hop) =>
        hop.virtualService.spec.hosts.map((host) => [expandShortName(host, hop.virtualService.namespace, clusterDomain), hop] as const),
      ),
    );
    return this.lazySteered;
  }

  private imports(sidecar: Sidecar, client: string, { namespace, spec }: GatewayHop['virtualService']): boolean {
    const names = spec.hosts.map((host) => expandShortName(host, namespace, this.mesh.config.clusterDomain));
    return importsOf(sidecar, client, namespace).some(({ dnsName }) => names.some((name) => overlaps(dnsName, name)));
  }
}

/** S-3: the egress hosts of a Sidecar that are for a namespace. */
function importsOf({ spec }: Sidecar, client: string, namespace: string): readonly SidecarHost[] {
  const all = spec.egress.flatMap(({ hosts }) => hosts.flatMap((text) => parseSidecarHost(text, client) ?? []));
  return all.filter((entry) => entry.namespace === undefined || entry.namespace === namespace);
}

function lists(sidecar: Sidecar, client: string, namespace: string): boolean {
  return importsOf(sidecar, client, namespace).length > 0;
}
