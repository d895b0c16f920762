import type { VirtualService } from '../resources/virtual-service.ts';
import { addTo } from './group-by.ts';
import { expandShortName } from './host-name.ts';
import { scopedMatches } from './match-scope.ts';
import type { Mesh } from './mesh.ts';
import { protocolGroup } from './protocol.ts';
import { appliesToMesh } from './routes.ts';

/** A VirtualService with http rules for sidecars, under one of its hosts. */
interface Claim {
  readonly virtualService: VirtualService;
  /** Index into `spec.hosts`. */
  readonly index: number;
  /** In full. */
  readonly host: string;
  /** The ports that its http rules are for; undefined for all. */
  readonly ports: ReadonlySet<number> | undefined;
}

/** A VirtualService whose http rules sidecars ignore, for another one has the host (docs/traffic-model.md, R-7). */
export interface ShadowedRoutes {
  readonly claim: Claim;
  readonly other: Claim;
  /** Whether one cluster has both. */
  readonly areBothUsed: boolean;
}

/** More than these need not be compared: the host is reported. */
const MAX_CLAIMS = 8;

/** Such VirtualServices, each once; of two the one that stands later in the files. */
export function shadowedRoutes(mesh: Mesh): readonly ShadowedRoutes[] {
  const found = new Map<VirtualService, ShadowedRoutes>();
  for (const group of claimsByHost(mesh).values()) {
    for (const [position, claim] of group.entries()) {
      if (found.has(claim.virtualService)) continue;
      // Those just before it may be of its own file.
      const before = group.slice(Math.max(0, position - MAX_CLAIMS), position).filter((each) => clash(mesh, each, claim));
      const used = before.find((each) => areBothUsed(mesh, group, claim, each));
      const other = used ?? before[0];
      if (other) found.set(claim.virtualService, { claim, other, areBothUsed: used !== undefined });
    }
  }
  return [...found.values()];
}

/** What VirtualServices claim, by host and by who sees them; in the order of the files. */
function claimsByHost(mesh: Mesh): ReadonlyMap<string, readonly Claim[]> {
  const claims = new Map<string, Claim[]>();
  for (const vs of mesh.all('VirtualService')) {
    const ports = httpPorts(vs);
    if (!ports || vs.templates.some((path) => path[1] === 'hosts' || path[1] === 'gateways' || path[1] === 'exportTo')) continue;
    for (const [index, written] of vs.spec.hosts.entries()) {
      if (written === '') continue;
      const host = expandShortName(written, vs.namespace, mesh.config.clusterDomain);
      if (!mayBeHttp(mesh, host)) continue;
      addTo(claims, `${host} ${level(mesh, vs)}`, { virtualService: vs, index, host, ports: ports === 'all' ? undefined : ports });
    }
  }
  return claims;
}

/** Whether one cluster has both. Of three and more files with rules for one host each is an example, or a step that takes the place of the one before. */
function areBothUsed(mesh: Mesh, group: readonly Claim[], claim: Claim, other: Claim): boolean {
  const [one, two] = [claim.virtualService, other.virtualService];
  if (one.source.file === two.source.file) return true;
  const files = new Set(group.slice(0, MAX_CLAIMS).flatMap((each) => (clash(mesh, each, claim) ? [each.virtualService.source.file] : [])));
  return files.size < 2 && mesh.areDeployedTogether(one, two);
}

/** the ports for which a VirtualService surely has http rules in sidecars, whoever the client is. */
function httpPorts(vs: VirtualService): ReadonlySet<number> | 'all' | undefined {
  const forAll = scopedMatches(vs, 'http').filter(
    ({ scope, rule }) => scope.source === '' && appliesToMesh(vs, 'http', rule) && scope.gateways.includes('mesh'),
  );
  if (forAll.length === 0) return undefined;
  const ports = forAll.map(({ scope }) => scope.port);
  return ports.includes(undefined) ? 'all' : new Set(ports.flatMap((port) => port ?? []));
}

/** http rules count for HTTP ports only. What registers the host may lie outside of the files. */
function mayBeHttp(mesh: Mesh, host: string): boolean {
  const registrations = mesh.registry.named(host);
  if (registrations.length === 0 || registrations.some((each) => each.hasUnknownPorts || each.ports.length === 0)) return true;
  return registrations.some((each) => each.ports.some(({ protocol }) => ['http', 'auto'].includes(protocolGroup(protocol))));
}

/** V-5: private VirtualServices come first, then those for some namespaces, then public ones. Only among equals does age decide; the others override each other as written. */
function level(mesh: Mesh, { spec, namespace }: VirtualService): string {
  const exportTo = spec.exportTo.length > 0 ? spec.exportTo : mesh.config.defaultVirtualServiceExportTo;
  return [...new Set(exportTo.map((entry) => (entry === '.' ? namespace : entry)))].sort().join(',');
}

function clash(mesh: Mesh, a: Claim, b: Claim): boolean {
  if (a.virtualService === b.virtualService || !mesh.belongTogether(a.virtualService, b.virtualService)) return false;
  return !a.ports || !b.ports || [...a.ports].some((port) => b.ports?.has(port));
}
