import type { VirtualService } from '../resources/virtual-service.ts';
import type { Path } from '../yaml/locate.ts';
import { MESH, resolveGateway } from './gateway-reference.ts';
import { expandShortName } from './host-name.ts';

export type RouteSection = 'http' | 'tls' | 'tcp';

/** One place to which one rule of a VirtualService sends traffic. */
export interface RouteDestination {
  readonly virtualService: VirtualService;
  readonly section: RouteSection;
  /** Index of the rule in its section. */
  readonly rule: number;
  /** To the `destination` mapping. */
  readonly path: Path;
  /** Expanded (N-6). */
  readonly host: string;
  readonly subset: string | undefined;
  readonly port: number | undefined;
}

interface Match {
  readonly gateways: readonly string[];
  readonly port?: number;
}

/** All destinations of a VirtualService, in order: routes, then mirrors. Delegates are VirtualServices of their own. */
export function destinationsOf(virtualService: VirtualService, clusterDomain: string): readonly RouteDestination[] {
  const { http, tls, tcp } = virtualService.spec;
  const found: RouteDestination[] = [];
  const add = (
    section: RouteSection,
    rule: number,
    path: Path,
    destination: { host?: string; subset?: string; port?: { number?: number } } | undefined,
  ): void => {
    if (!destination?.host) return;
    const host = expandShortName(destination.host, virtualService.namespace, clusterDomain);
    found.push({
      virtualService,
      section,
      rule,
      path: ['spec', section, rule, ...path],
      host,
      subset: destination.subset || undefined,
      port: destination.port?.number,
    });
  };
  for (const [rule, route] of http.entries()) {
    for (const [i, weighted] of route.route.entries()) add('http', rule, ['route', i, 'destination'], weighted.destination);
    add('http', rule, ['mirror'], route.mirror);
    for (const [i, mirror] of route.mirrors.entries()) add('http', rule, ['mirrors', i, 'destination'], mirror.destination);
  }
  for (const [rule, route] of tls.entries())
    for (const [i, weighted] of route.route.entries()) add('tls', rule, ['route', i, 'destination'], weighted.destination);
  for (const [rule, route] of tcp.entries())
    for (const [i, weighted] of route.route.entries()) add('tcp', rule, ['route', i, 'destination'], weighted.destination);
  return found;
}

/** The matches of a rule; none means that the rule takes everything. */
export function matchesOf(virtualService: VirtualService, section: RouteSection, rule: number): readonly Match[] {
  return virtualService.spec[section][rule]?.match ?? [];
}

/** Whether a rule applies in sidecars: a match without `gateways` holds wherever the VirtualService is bound. */
export function appliesToMesh(virtualService: VirtualService, section: RouteSection, rule: number): boolean {
  const { gateways } = virtualService.spec;
  if (gateways.length > 0 && !gateways.includes(MESH)) return false;
  const matches = matchesOf(virtualService, section, rule);
  return matches.length === 0 || matches.some((match) => match.gateways.length === 0 || match.gateways.includes(MESH));
}

/** Whether a rule applies at a Gateway. */
export function appliesToGateway(
  virtualService: VirtualService,
  section: RouteSection,
  rule: number,
  gateway: { readonly namespace: string; readonly name: string },
): boolean {
  const isIt = (entry: string): boolean => {
    const reference = resolveGateway(entry, virtualService.namespace);
    return reference?.namespace === gateway.namespace && reference.name === gateway.name;
  };
  if (!virtualService.spec.gateways.some(isIt)) return false;
  const matches = matchesOf(virtualService, section, rule);
  return matches.length === 0 || matches.some((match) => match.gateways.length === 0 || match.gateways.some(isIt));
}
