import type { VirtualService } from '../resources/virtual-service.ts';
import type { GatewayHop } from './gateway-hops.ts';
import { sectionFor } from './gateway-legs.ts';
import { ruleToItself } from './gateway-to-itself.ts';
import { isCatchAll } from './http-match.ts';
import type { Mesh } from './mesh.ts';
import { appliesToGateway, type RouteSection } from './routes.ts';

/** G-13: the steps from sidecars to a gateway whose rules hold at the gateway as well, and nothing else leads on from there; one for each destination. */
export function loopingHops(mesh: Mesh): readonly GatewayHop[] {
  const found = new Map<string, GatewayHop>();
  for (const hop of mesh.gatewayHops) {
    const { virtualService: vs, destination } = hop;
    const key = `${vs.namespace}/${vs.name} ${destination.path.join('/')}`;
    if (!found.has(key) && leadsBack(hop, mesh)) found.set(key, hop);
  }
  return [...found.values()];
}

/** Rules that are meant for sidecars and hold at the gateway to which they lead: what stands behind them is hidden for no other reason. */
export class RulesToThemselves {
  private readonly mesh: Mesh;
  private looping: ReadonlySet<string> | undefined;

  constructor(mesh: Mesh) {
    this.mesh = mesh;
  }

  has(vs: VirtualService, section: RouteSection, rule: number): boolean {
    this.looping ??= new Set(loopingHops(this.mesh).map(({ virtualService, destination }) => keyOf(virtualService, destination.section, destination.rule)));
    if (this.looping.has(keyOf(vs, section, rule))) return true;
    const own = ruleToItself(this.mesh, vs);
    return own?.section === section && own.rule === rule;
  }
}

function keyOf({ namespace, name }: VirtualService, section: RouteSection, rule: number): string {
  return JSON.stringify([namespace, name, section, rule]);
}

function leadsBack({ virtualService: vs, gateway, server: index, destination }: GatewayHop, mesh: Mesh): boolean {
  const server = gateway.spec.servers[index];
  const { section, rule, port } = destination;
  if (!server || sectionFor(server) !== section || vs.templates.length > 0 || gateway.templates.length > 0) return false;
  if (!appliesToGateway(vs, section, rule, gateway)) return false;
  const matches = vs.spec[section][rule]?.match ?? [];
  if (matches.length > 0 && !matches.some((match) => match.gateways.length === 0 && (!match.port || match.port === port))) return false;
  const others = vs.spec.hosts.flatMap((host) => mesh.gatewayBindings.forHost(gateway, host)).some((each) => each !== vs);
  return !others && vs.spec[section].every((_, other) => other === rule || !appliesToGateway(vs, section, other, gateway) || hides(vs, destination, other));
}

/** whether a rule takes all that a later one would. */
function hides(vs: VirtualService, { section, rule, port }: GatewayHop['destination'], later: number): boolean {
  if (later < rule) return false;
  const isOnPort = (match: { readonly gateways: readonly string[]; readonly port?: number }): boolean =>
    match.gateways.length === 0 && (!match.port || match.port === port);
  switch (section) {
    case 'http': {
      const matches = vs.spec.http[rule]?.match ?? [];
      return matches.length === 0 || matches.some((match) => isOnPort(match) && isCatchAll(match));
    }
    case 'tls': {
      const names = new Set((vs.spec.tls[rule]?.match ?? []).filter(isOnPort).flatMap(({ sniHosts }) => sniHosts));
      return (vs.spec.tls[later]?.match ?? []).every(({ sniHosts }) => sniHosts.every((name) => names.has(name)));
    }
    case 'tcp':
      return true;
    default:
      return section satisfies never;
  }
}
