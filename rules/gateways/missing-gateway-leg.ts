import {
  admittedHost,
  admittingServers,
  defineRule,
  type GatewayLeg,
  gatewayLegs,
  gatewaysMeant,
  isTemplated,
  type Mesh,
  nameOf,
  type ResourceByKind,
  resolveGateway,
  serversOf,
} from '../../src/rule-api.ts';

type VirtualService = ResourceByKind['VirtualService'];
type Gateway = ResourceByKind['Gateway'];
type Hop = Mesh['gatewayHops'][number];

const UNROUTED =
  'the gateway answers HTTP 404 (flag NR in its access log); for TLS that it passes through it opens no listener, and the connection is refused or reset';

export default defineRule({
  meta: {
    name: 'missing-gateway-leg',
    code: 'EL603',
    family: 'gateways',
    severity: 'error',
    summary: 'Traffic is sent to a gateway that has no route for it.',
    fixable: 'suggestion',
  },
  messages: {
    matchPort: {
      text: '{vs}: this rule is for {gateway} and matches port {port}, but its servers listen on {ports}, so the rule never matches',
      label: 'no server has this port',
      symptom: UNROUTED,
      help: "write the number of the server's port: at a gateway, match.port is the port in the Gateway, neither the client's nor the target port of the gateway's Service",
    },
    notAdmitted: {
      text: '{gateway} admits {admitted} only, so the routes of {vs} for {hosts} are not used there',
      label: '{label}',
      symptom: UNROUTED,
      help: "let spec.hosts of the VirtualService and the hosts of the Gateway's server have a name in common; what stands before a slash in the Gateway is the namespace whose VirtualServices are let in",
    },
    noRule: {
      text: '{vs} sends sidecars to the gateway behind {service} for {host}, but no VirtualService here has a rule for {host} at {gateway}',
      label: 'the gateway has no route from here on',
      symptom: UNROUTED,
      help: "bind the VirtualService to the gateway as well (gateways: [mesh, {reference}]), with one rule that matches 'gateways: [mesh]' and leads to the gateway, and a second that matches 'gateways: [{reference}]' and leads to {host}",
    },
  },

  create: ({ mesh, report }) => {
    const reportPorts = (vs: VirtualService): void => {
      for (const { section, rule, matches } of gatewayLegs(vs)) {
        const found = matches.map((match) => ({ match, ports: portsOf(match, vs, mesh) }));
        if (!found.every(({ match, ports }) => match.port !== undefined && ports !== undefined && !ports.includes(match.port))) continue;
        const [first] = found;
        const gateway = first && gatewaysMeant(first.match.gateways, vs, mesh)?.[0];
        const ports = [...new Set(first?.ports)];
        if (!first || !gateway || ports.length === 0 || isTemplated(vs, ['spec', section, rule])) continue;
        const at = { resource: vs, path: [...first.match.path, 'port'] };
        report('matchPort', at, {
          data: { vs: nameOf(vs), gateway: nameOf(gateway), port: first.match.port ?? 0, ports: `port ${ports.join(', ')}` },
          related: [{ at: { resource: gateway, path: ['spec', 'servers', 0, 'port', 'number'] }, message: "the server's port" }],
          fixes: ports.length === 1 ? [{ title: `write ${ports[0]}`, safe: false, changes: [{ do: 'replace', at, value: String(ports[0]) }] }] : [],
        });
      }
    };

    const reportHosts = (vs: VirtualService): void => {
      const references = vs.spec.gateways.flatMap((entry) => resolveGateway(entry, vs.namespace) ?? []);
      const gateways = isTemplated(vs, ['spec', 'hosts']) || isTemplated(vs, ['spec', 'gateways']) ? undefined : gatewaysMeant(references, vs, mesh);
      const [gateway] = gateways ?? [];
      if (!gateways || !gateway || vs.spec.hosts.length === 0 || serversOf(gateways).length === 0) return;
      if (!mesh.hasKnownNamespace(vs) && gateway.source.file !== vs.source.file) return;
      if (admittingServers(gateways, vs, mesh.config.clusterDomain).length > 0) return;
      const admitted = [...new Set(serversOf(gateways).flatMap(({ server }) => server.hosts))];
      // The odd one of the two is to blame: a Gateway that lets nobody in, or else the VirtualService.
      const isGateway =
        gateways.length === 1 && mesh.gatewayBindings.to(gateway).every((each) => admittingServers([gateway], each, mesh.config.clusterDomain).length === 0);
      const there = { resource: gateway, path: ['spec', 'servers', 0, 'hosts', 0] };
      const here = { resource: vs, path: ['spec', 'hosts', 0] };
      // Routes for gateways alone may be left over from a Gateway that was replaced; who steers sidecars there means it.
      if (!isGateway && !vs.spec.gateways.includes('mesh')) return;
      report('notAdmitted', isGateway ? there : here, {
        data: {
          gateway: nameOf(gateway),
          vs: nameOf(vs),
          admitted: admitted.slice(0, 3).join(', '),
          hosts: vs.spec.hosts.slice(0, 3).join(', '),
          label: isGateway ? hintOf(gateway, vs) : 'not among the hosts of the Gateway',
        },
        related: [{ at: isGateway ? here : there, message: isGateway ? `${nameOf(vs)} is bound to this Gateway` : `the hosts of ${nameOf(gateway)}` }],
      });
    };

    const reportHop = (hop: Hop): boolean => {
      const { virtualService: vs, gateway, destination } = hop;
      const host = vs.spec.hosts.find((each) => isUnrouted(each, hop, mesh));
      if (host === undefined) return false;
      report(
        'noRule',
        { resource: vs, path: [...destination.path, 'host'] },
        {
          data: {
            vs: nameOf(vs),
            service: destination.host,
            host,
            gateway: nameOf(gateway),
            reference: gateway.namespace === vs.namespace ? gateway.name : `${gateway.namespace}/${gateway.name}`,
          },
          // A VirtualService that lies outside of the files could hold the rule.
          confidence: 'likely',
          related: [{ at: { resource: gateway, path: ['spec', 'servers', hop.server, 'hosts'], part: 'key' }, message: 'the server that admits the host' }],
        },
      );
      return true;
    };

    return {
      VirtualService(vs) {
        reportPorts(vs);
        reportHosts(vs);
      },
      Mesh() {
        const reported = new Set<VirtualService>();
        if (mesh.hasTemplates('VirtualService')) return;
        for (const hop of mesh.gatewayHops) if (hop.certain && !reported.has(hop.virtualService) && reportHop(hop)) reported.add(hop.virtualService);
      },
    };
  },
});

/** The ports of the servers that a match could be about; undefined where they are not known. */
function portsOf({ gateways }: GatewayLeg['matches'][number], vs: VirtualService, mesh: Mesh): readonly number[] | undefined {
  const meant = gatewaysMeant(gateways, vs, mesh);
  return meant && serversOf(meant).flatMap(({ server }) => server.port?.number ?? []);
}

/** Why a Gateway's own host may be to blame. */
function hintOf(gateway: Gateway, vs: VirtualService): string {
  const entry = gateway.spec.servers[0]?.hosts[0] ?? '';
  const { namespace, dnsName } = admittedHost(entry, gateway.namespace);
  return namespace !== '*' && namespace !== vs.namespace && vs.spec.hosts.includes(dnsName)
    ? `open to namespace ${namespace} only`
    : 'no VirtualService of the Gateway is for this host';
}

/** Whether no VirtualService in view is bound to the Gateway for a host that sidecars are sent there for. */
function isUnrouted(host: string, { virtualService: vs, gateway, destination }: Hop, mesh: Mesh): boolean {
  const route = destination.section === 'http' ? vs.spec.http[destination.rule] : undefined;
  // The gateway goes by the name that the sidecar writes into the request.
  if (destination.section === 'tcp' || destination.role !== 'route' || route?.rewrite || route?.headers || route?.route.some(({ headers }) => headers))
    return false;
  return mesh.gatewayBindings.forHost(gateway, host).length === 0;
}
