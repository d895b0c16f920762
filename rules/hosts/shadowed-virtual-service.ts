import { appliesToMesh, defineRule, expandShortName, type Mesh, nameOf, protocolGroup, type ResourceByKind, scopedMatches } from '../../src/rule-api.ts';

type VirtualService = ResourceByKind['VirtualService'];

/** A VirtualService with http rules for sidecars, under one of its hosts. */
interface Claim {
  readonly virtualService: VirtualService;
  /** Index into `spec.hosts`. */
  readonly index: number;
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

  create: ({ mesh, report }) => {
    const claims = new Map<string, Claim[]>();
    return {
      VirtualService(vs) {
        const ports = httpPorts(vs);
        if (!ports || vs.templates.some((path) => path[1] === 'hosts' || path[1] === 'gateways' || path[1] === 'exportTo')) return;
        for (const [index, written] of vs.spec.hosts.entries()) {
          if (written === '') continue;
          const host = expandShortName(written, vs.namespace, mesh.config.clusterDomain);
          if (!mayBeHttp(mesh, host)) continue;
          const claim = { virtualService: vs, index, ports: ports === 'all' ? undefined : ports };
          const key = `${host} ${level(mesh, vs)}`;
          const before = claims.get(key) ?? [];
          claims.set(key, [...before.slice(0, MAX_CLAIMS), claim]);
          const other = before.find((each) => clash(mesh, each, claim));
          if (!other) continue;
          report(
            'shadowed',
            { resource: vs, path: ['spec', 'hosts', index] },
            {
              data: { vs: nameOf(vs), other: nameOf(other.virtualService), host },
              ...(other.virtualService.source.file !== vs.source.file && { confidence: 'likely' }),
              related: [
                {
                  at: { resource: other.virtualService, path: ['spec', 'hosts', other.index] },
                  message: `${nameOf(other.virtualService)}: the older of the two is used`,
                },
              ],
            },
          );
          return;
        }
      },
    };
  },
});

/** More than these need not be compared: the host is reported. */
const MAX_CLAIMS = 8;

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
  const [one, two] = [a.virtualService, b.virtualService];
  if (one === two || !mesh.belongTogether(one, two)) return false;
  // Files of one directory without namespaces are often steps or variants of which one is applied.
  if (one.source.file !== two.source.file && !(mesh.hasKnownNamespace(one) && mesh.hasKnownNamespace(two))) return false;
  return !a.ports || !b.ports || [...a.ports].some((port) => b.ports?.has(port));
}
