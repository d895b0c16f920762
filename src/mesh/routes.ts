import type { VirtualService } from '../resources/virtual-service.ts';
import type { Path } from '../yaml/locate.ts';
import { stepInto } from '../yaml/step-into.ts';
import { isBoundToMesh, MESH, resolveGateway } from './gateway-reference.ts';
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
  /** As it stands in the file. */
  readonly written: string;
  readonly subset: string | undefined;
  readonly port: number | undefined;
  /** `unused` is a route of weight 0 beside others; a mirror gets copies, whose answers nobody sees. */
  readonly role: 'route' | 'unused' | 'mirror';
}

interface Match {
  readonly gateways: readonly string[];
  readonly port?: number;
}

interface Destination {
  readonly host?: string;
  readonly subset?: string;
  readonly port?: { readonly number?: number };
}

/** All destinations of a VirtualService, in order: of each rule its routes, then its mirrors. Delegates are VirtualServices of their own. */
export function destinationsOf(virtualService: VirtualService, clusterDomain: string): readonly RouteDestination[] {
  const { http, tls, tcp } = virtualService.spec;
  const found: RouteDestination[] = [];
  const add = (section: RouteSection, rule: number, path: Path, destination: Destination | undefined, role: RouteDestination['role']): void => {
    if (!destination?.host) return;
    const host = expandShortName(destination.host, virtualService.namespace, clusterDomain);
    const { subset, port } = destination;
    found.push({
      virtualService,
      section,
      rule,
      path: stepInto(['spec', section, rule], ...path),
      host,
      written: destination.host,
      subset: subset || undefined,
      port: port?.number,
      role,
    });
  };
  const addRoutes = (section: RouteSection, rule: number, routes: readonly { readonly destination?: Destination; readonly weight?: number }[]): void => {
    for (const [i, { destination, weight }] of routes.entries()) {
      add(section, rule, ['route', i, 'destination'], destination, routes.length > 1 && !weight ? 'unused' : 'route');
    }
  };
  for (const [rule, { route, mirror, mirrors }] of http.entries()) {
    addRoutes('http', rule, route);
    add('http', rule, ['mirror'], mirror, 'mirror');
    for (const [i, { destination }] of mirrors.entries()) add('http', rule, ['mirrors', i, 'destination'], destination, 'mirror');
  }
  for (const [rule, { route }] of tls.entries()) addRoutes('tls', rule, route);
  for (const [rule, { route }] of tcp.entries()) addRoutes('tcp', rule, route);
  return found;
}

/** The matches of a rule; none means that the rule takes everything. */
export function matchesOf(virtualService: VirtualService, section: RouteSection, rule: number): readonly Match[] {
  return virtualService.spec[section][rule]?.match ?? [];
}

/** whether a rule applies in sidecars. A match without `gateways` holds wherever the VirtualService is bound. */
export function appliesToMesh(virtualService: VirtualService, section: RouteSection, rule: number): boolean {
  if (!isBoundToMesh(virtualService.spec.gateways)) return false;
  const matches = matchesOf(virtualService, section, rule);
  return matches.length === 0 || matches.some((match) => match.gateways.length === 0 || match.gateways.includes(MESH));
}

/** G-6: whether a rule applies at a Gateway. */
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
