import type { Gateway } from '../resources/gateway.ts';
import type { VirtualService } from '../resources/virtual-service.ts';
import { admittedHost, admittingServers, gatewaysMeant, portsOf } from './bound-gateways.ts';
import type { GatewayHop } from './gateway-hops.ts';
import { gatewayLegs, type LegMatch } from './gateway-legs.ts';
import { MESH, resolveGateway } from './gateway-reference.ts';
import type { Mesh } from './mesh.ts';
import type { RouteSection } from './routes.ts';
import { isTemplated } from './template-paths.ts';

/** A rule for gateways that matches none of the ports on which they listen. */
export interface LegOnNoPort {
  readonly section: RouteSection;
  readonly rule: number;
  /** The first of the rule's matches. */
  readonly match: LegMatch;
  /** The first of the Gateways that it means. */
  readonly gateway: Gateway;
  /** Those on which this Gateway listens. */
  readonly ports: readonly number[];
  /** The port that is meant, where there is one only. */
  readonly meant: number | undefined;
}

/** Rules of a VirtualService all of whose matches are for ports that no server of their Gateways has (docs/traffic-model.md, G-6). */
export function legsOnNoPort(mesh: Mesh, vs: VirtualService): readonly LegOnNoPort[] {
  return gatewayLegs(vs).flatMap(({ section, rule, matches }) => {
    const [match] = matches;
    if (!match || isTemplated(vs, ['spec', section, rule]) || !matches.every((each) => isOnNoServer(mesh, each, vs))) return [];
    const [gateway] = gatewaysMeant(match.gateways, vs, mesh) ?? [];
    if (!gateway) return [];
    const ports = [...portsOf(gateway)];
    return [{ section, rule, match, gateway, ports, meant: ports.length === 1 ? ports[0] : undefined }];
  });
}

function isOnNoServer(mesh: Mesh, { gateways, port }: LegMatch, vs: VirtualService): boolean {
  if (port === undefined) return false;
  const meant = gatewaysMeant(gateways, vs, mesh);
  return meant?.every((gateway) => portsOf(gateway).size > 0 && !portsOf(gateway).has(port)) ?? false;
}

/** A VirtualService none of whose hosts its Gateways admit. */
export interface Unadmitted {
  /** The first of the Gateways. */
  readonly gateway: Gateway;
  /** Whether the Gateway is the odd one of the two: it is the only one, and admits no VirtualService at all that is bound to it. */
  readonly isForNobody: boolean;
  /** The hosts of its servers. */
  readonly admitted: readonly string[];
  /** The namespace to which the Gateway's first host is open, where only that keeps the VirtualService out. */
  readonly openTo: string | undefined;
  /** Routes for gateways alone may be left over from a Gateway that was replaced; who steers sidecars there means it. */
  readonly mayBeLeftOver: boolean;
}

/** VirtualServices that their Gateways do not admit (docs/traffic-model.md, G-3, G-4). Keeps the answers about Gateways, which many are bound to. */
export class UnadmittedRoutes {
  private readonly mesh: Mesh;
  private readonly ofNobody = new Map<Gateway, boolean>();

  constructor(mesh: Mesh) {
    this.mesh = mesh;
  }

  /** @returns undefined where any server admits it, and where what is not in view or template text decides */
  find(vs: VirtualService): Unadmitted | undefined {
    if (vs.spec.hosts.length === 0 || isTemplated(vs, ['spec', 'hosts']) || isTemplated(vs, ['spec', 'gateways'])) return undefined;
    const references = vs.spec.gateways.flatMap((entry) => resolveGateway(entry, vs.namespace) ?? []);
    const gateways = gatewaysMeant(references, vs, this.mesh) ?? [];
    const [gateway] = gateways;
    if (!gateway?.spec.servers.length || this.isAdmitted(vs, gateways)) return undefined;
    if (!this.mesh.hasKnownNamespace(vs) && gateway.source.file !== vs.source.file) return undefined;
    const isForNobody = gateways.length === 1 && this.isForNobody(gateway);
    const admitted = gateway.spec.servers.flatMap(({ hosts }) => hosts);
    return { gateway, isForNobody, admitted, openTo: openTo(gateway, vs), mayBeLeftOver: !isForNobody && !vs.spec.gateways.includes(MESH) };
  }

  private isAdmitted(vs: VirtualService, gateways: readonly Gateway[]): boolean {
    return admittingServers(gateways, vs, this.mesh.config.clusterDomain).length > 0;
  }

  private isForNobody(gateway: Gateway): boolean {
    const known = this.ofNobody.get(gateway) ?? this.mesh.gatewayBindings.to(gateway).every((vs) => !this.isAdmitted(vs, [gateway]));
    this.ofNobody.set(gateway, known);
    return known;
  }
}

function openTo(gateway: Gateway, vs: VirtualService): string | undefined {
  const { namespace, dnsName } = admittedHost(gateway.spec.servers[0]?.hosts[0] ?? '', gateway.namespace);
  return namespace !== '*' && namespace !== vs.namespace && vs.spec.hosts.includes(dnsName) ? namespace : undefined;
}

/** A way to a gateway, and a host for which the gateway has no route. */
export interface UnroutedHop {
  readonly hop: GatewayHop;
  readonly host: string;
}

/** The first way to a gateway of each VirtualService that leads to a gateway without a route for one of its hosts; none where a template makes VirtualServices. */
export function unroutedHops(mesh: Mesh): readonly UnroutedHop[] {
  if (mesh.hasTemplates('VirtualService')) return [];
  const found = new Map<VirtualService, UnroutedHop>();
  for (const hop of mesh.gatewayHops) {
    const host = hop.certain && !found.has(hop.virtualService) ? unroutedHost(mesh, hop) : undefined;
    if (host !== undefined) found.set(hop.virtualService, { hop, host });
  }
  return [...found.values()];
}

/** A host that sidecars are sent to the gateway for, and for which no VirtualService in view is bound to the Gateway (docs/traffic-model.md, G-4). */
function unroutedHost(mesh: Mesh, { virtualService: vs, gateway, destination }: GatewayHop): string | undefined {
  const route = destination.section === 'http' ? vs.spec.http[destination.rule] : undefined;
  // The gateway goes by the name that the sidecar writes into the request.
  const isRewritten = route?.rewrite || route?.headers || route?.route.some(({ headers }) => headers);
  if (destination.section === 'tcp' || destination.role !== 'route' || isRewritten) return undefined;
  return vs.spec.hosts.find((host) => mesh.gatewayBindings.forHost(gateway, host).length === 0);
}
