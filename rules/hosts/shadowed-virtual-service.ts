import { appliesToMesh, defineRule, expandShortName, type Mesh, nameOf, protocolGroup, type ResourceByKind, scopedMatches } from '../../src/rule-api.ts';

type VirtualService = ResourceByKind['VirtualService'];

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

export default defineRule({
  meta: {
    name: 'shadowed-virtual-service',
    code: 'EL317',
    family: 'hosts',
    peers: ['IST0109', 'KIA1106'],
    severity: 'error',
    summary: 'Two VirtualServices route HTTP for one host in sidecars: sidecars use only the older one.',
  },
  messages: {
    shadowed: {
      text: "{vs}: {other} routes '{host}' as well, and sidecars never merge two VirtualServices for a host: all http rules of the younger one are ignored",
      label: 'routed by two VirtualServices',
      symptom: 'no error anywhere: calls follow the rules of the older object; routes, timeouts and retries of the younger do nothing',
      help: 'move all rules for the host into one VirtualService',
    },
  },

  create: ({ mesh, report }) => ({
    Mesh() {
      const told = new Set<VirtualService>();
      for (const group of claimsByHost(mesh).values()) {
        for (const [position, claim] of group.entries()) {
          const { virtualService: vs, index, host } = claim;
          if (told.has(vs)) continue;
          // Those just before it may be of its own file.
          const before = group.slice(Math.max(0, position - MAX_CLAIMS), position).filter((each) => clash(mesh, each, claim));
          const other = before.find((each) => areBothUsed(mesh, group, claim, each)) ?? before[0];
          if (!other) continue;
          told.add(vs);
          report(
            'shadowed',
            { resource: vs, path: ['spec', 'hosts', index] },
            {
              data: { vs: nameOf(vs), other: nameOf(other.virtualService), host },
              ...(other.virtualService.source.file !== vs.source.file && { confidence: 'likely' }),
              ...(!areBothUsed(mesh, group, claim, other) && { severity: 'info' }),
              related: [
                {
                  at: { resource: other.virtualService, path: ['spec', 'hosts', other.index] },
                  message: `${nameOf(other.virtualService)}: the older of the two is used`,
                },
              ],
            },
          );
        }
      }
    },
  }),
});

/** More than these need not be compared: the host is reported. */
const MAX_CLAIMS = 8;

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
      const key = `${host} ${level(mesh, vs)}`;
      const claim = { virtualService: vs, index, host, ports: ports === 'all' ? undefined : ports };
      const before = claims.get(key);
      if (before) before.push(claim);
      else claims.set(key, [claim]);
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
