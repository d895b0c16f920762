import {
  defineRule,
  destinationHosts,
  isForMeshAlone,
  type Mesh,
  nameOf,
  type ResourceByKind,
  type RoutedPort,
  routedPorts,
  type ScopedMatch,
  scopedMatches,
} from '../../src/rule-api.ts';

type VirtualService = ResourceByKind['VirtualService'];
type Section = 'http' | 'tls' | 'tcp';

/** the kinds of ports that each section is for. */
const USED_FOR: Readonly<Record<Section, readonly RoutedPort['group'][]>> = { http: ['http', 'auto'], tls: ['tls'], tcp: ['tcp', 'auto'] };
const NAMES: Readonly<Record<RoutedPort['group'], string>> = { http: 'HTTP', tls: 'TLS', tcp: 'TCP', auto: 'of no declared protocol', udp: 'UDP' };
const HTTP_PORT = 80;

export default defineRule({
  meta: {
    name: 'ignored-route',
    code: 'EL320',
    family: 'hosts',
    severity: 'error',
    summary: "Rules of a VirtualService are in a section that sidecars do not use for the port's protocol.",
  },
  messages: {
    ignored: {
      text: "{vs}: sidecars never use these {section} rules: port {port} of {host} is {protocol}, for which only the section '{right}' counts",
      label: 'not for port {port}, which is {protocol}',
      symptom:
        'no error anywhere: calls go their default way to {host}, without the routes, timeouts and retries of these rules; a detour through an egress gateway is bypassed',
      help: "write the rules in the section '{right}', or change the protocol of the port in {owner} to what clients really speak",
    },
  },

  create: ({ mesh, report }) => ({
    VirtualService(vs) {
      const ports = routedPorts(mesh, vs);
      if (!ports || ports.length === 0) return;
      for (const section of ['http', 'tls', 'tcp'] as const) {
        const matches = scopedMatches(vs, section);
        const rules = [...new Set(matches.map(({ rule }) => rule))];
        const ignored = rules.filter((rule) =>
          isIgnored(
            mesh,
            vs,
            section,
            ports,
            matches.filter((match) => match.rule === rule),
          ),
        );
        const [first] = ignored;
        if (first === undefined) continue;
        const port = portsFor(
          ports,
          matches.find((match) => match.rule === first),
        )[0];
        if (!port) continue;
        const { resource, host } = port.registration;
        report(
          'ignored',
          { resource: vs, path: ignored.length === rules.length ? ['spec', section] : ['spec', section, first] },
          {
            data: { vs: nameOf(vs), section, port: port.number, host, protocol: NAMES[port.group], right: sectionFor(port.group), owner: nameOf(resource) },
            related: [{ at: { resource, path: ['spec', 'ports'] }, message: `${nameOf(resource)}: port ${port.number} is ${NAMES[port.group]}` }],
            ...(!leadsElsewhere(mesh, vs, section) && { severity: 'warning' as const }),
          },
        );
      }
    },
  }),
});

function isIgnored(mesh: Mesh, vs: VirtualService, section: Section, ports: readonly RoutedPort[], matches: readonly ScopedMatch<unknown>[]): boolean {
  return matches.every((match) => {
    if (!isForMeshAlone(match.scope)) return false;
    const inScope = portsFor(ports, match).filter(({ group }) => group !== 'udp');
    if (inScope.length === 0 || inScope.some(({ group }) => USED_FOR[section].includes(group))) return false;
    return section !== 'http' || !mayServePort80(mesh, vs, match, ports);
  });
}

function portsFor(ports: readonly RoutedPort[], match: ScopedMatch<unknown> | undefined): readonly RoutedPort[] {
  const port = match?.scope.port;
  return port === undefined ? ports : ports.filter(({ number }) => number === port);
}

/**
 * on port 80, http rules hold for a host that is not registered there as well. They may be meant for that: to redirect, to steer to a gateway, or to
 * originate TLS. Rules that only lead to the host itself, where nothing originates TLS, are not.
 */
function mayServePort80(mesh: Mesh, vs: VirtualService, { scope, rule }: ScopedMatch<unknown>, ports: readonly RoutedPort[]): boolean {
  if (scope.port !== undefined || ports.some(({ number }) => number === HTTP_PORT)) return false;
  const { redirect, directResponse, delegate } = vs.spec.http[rule] ?? {};
  if (redirect || directResponse || delegate) return true;
  const destinations = destinationHosts(vs, mesh.config.clusterDomain).filter(({ destination }) => destination.section === 'http' && destination.rule === rule);
  return destinations.some(
    ({ destination: { host, port, subset } }) =>
      !ports.some(({ registration }) => registration.host === host) || mesh.destinationRules.mayOriginateTls(host, port, subset),
  );
}

/** Whether the rules steer traffic away from the host: then it strays where they are ignored. */
function leadsElsewhere(mesh: Mesh, vs: VirtualService, section: Section): boolean {
  return destinationHosts(vs, mesh.config.clusterDomain).some(
    ({ destination, written }) => destination.section === section && !vs.spec.hosts.includes(written) && !vs.spec.hosts.includes(destination.host),
  );
}

function sectionFor(group: RoutedPort['group']): Section {
  return group === 'tls' ? 'tls' : group === 'tcp' ? 'tcp' : 'http';
}
