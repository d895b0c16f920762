import {
  admittingServers,
  callOf,
  defineRule,
  type GatewayLeg,
  gatewayLegs,
  gatewaysMeant,
  type Mesh,
  nameOf,
  type PlacedServer,
  type ResourceByKind,
  sectionFor,
  storyOf,
} from '../../src/rule-api.ts';

type VirtualService = ResourceByKind['VirtualService'];

export default defineRule({
  meta: {
    name: 'route-kind-mismatch',
    code: 'EL605',
    family: 'gateways',
    severity: 'error',
    asksPaths: true,
    summary: 'A VirtualService has rules of a kind that the Gateway server never looks at.',
  },
  messages: {
    mismatch: {
      text: '{vs}: these {section} rules are never used at {gateway}: its server on port {port} takes {needed} rules only, because it {does}',
      label: 'the server takes {needed} rules',
      symptom: '{symptom}',
      help: '{help}',
    },
    onTheWay: {
      text: '{gateway}: this server reads plain HTTP, and calls to {call} from {client} reach it in TLS that the application started, so they fail',
      label: 'takes plain HTTP only',
      help: 'let the server pass TLS on: protocol TLS, tls mode PASSTHROUGH, and tls rules in the VirtualService',
    },
  },

  create: ({ mesh, report }) => ({
    Path(path) {
      const { path: way, last } = path;
      const server = last.decision.reasons.find(({ at }) => at.resource.type === 'Gateway')?.at;
      if (way.outcome !== 'protocol-error' || way.at !== 'gateway' || last.connection.tls[0]?.by !== 'client' || !server) return;
      report(
        'onTheWay',
        { resource: server.resource, path: [...server.path, 'port', 'protocol'] },
        { data: { gateway: nameOf(server.resource), ...callOf(path) }, ...storyOf(path) },
      );
    },
    VirtualService(vs) {
      const legs = gatewayLegs(vs).map((leg) => ({ leg, servers: serversFor(leg, vs, mesh) }));
      for (const section of ['http', 'tls', 'tcp'] as const) {
        const dead = legs.filter(({ leg, servers }) => leg.section === section && servers.length > 0 && servers.every((each) => isOther(each, section)));
        // Where rules of the right kind stand beside, these are only superfluous.
        const [first] = dead.filter(({ servers }) => !servers.every((each) => isServed(each, legs)));
        const server = first?.servers[0];
        const needed = server && sectionFor(server.server);
        if (!first || !needed) continue;
        const isWhole = dead.length === vs.spec[section].length;
        report('mismatch', isWhole ? { resource: vs, path: ['spec', section], part: 'key' } : { resource: vs, path: ['spec', section, first.leg.rule] }, {
          data: {
            vs: nameOf(vs),
            section,
            gateway: nameOf(server.gateway),
            port: server.server.port?.number ?? 0,
            needed,
            does: doing(server),
            symptom: SYMPTOMS[needed],
            help: HELP[needed],
          },
          related: [
            {
              at: { resource: server.gateway, path: ['spec', 'servers', server.index, ...(server.server.tls ? ['tls', 'mode'] : ['port', 'protocol'])] },
              message: `this server ${doing(server)}`,
            },
          ],
        });
      }
    },
  }),
});

/** The servers at which a rule could be used; none where a Gateway is not known or no server has the port. */
function serversFor({ matches }: GatewayLeg, vs: VirtualService, mesh: Mesh): readonly PlacedServer[] {
  const found = matches.map(({ gateways, port }) => {
    const meant = gatewaysMeant(gateways, vs, mesh);
    return meant && admittingServers(meant, vs, mesh.config.clusterDomain).filter(({ server }) => port === undefined || server.port?.number === port);
  });
  return found.some((servers) => servers === undefined) ? [] : found.flatMap((servers) => servers ?? []);
}

function isOther({ server }: PlacedServer, section: GatewayLeg['section']): boolean {
  const needed = sectionFor(server);
  return needed !== undefined && needed !== section;
}

function isServed(server: PlacedServer, legs: readonly { readonly leg: GatewayLeg; readonly servers: readonly PlacedServer[] }[]): boolean {
  const needed = sectionFor(server.server);
  return legs.some(({ leg, servers }) => leg.section === needed && servers.some((each) => each.server === server.server));
}

function doing({ server }: PlacedServer): string {
  if (!server.tls) return `speaks plain ${server.port?.protocol ?? 'TCP'}`;
  if (server.tls.mode === 'PASSTHROUGH') return 'passes TLS through unread (PASSTHROUGH)';
  return `ends the TLS (${server.tls.mode}) and ${sectionFor(server) === 'http' ? 'reads the HTTP in it' : 'hands on the bytes in it (protocol TLS)'}`;
}

const CLOSED =
  'without a route of the right kind the gateway opens no listener for the port: connections are refused or reset, curl: (35), and HTTP calls through it get 503 (flag UF)';
const SYMPTOMS = { http: 'the gateway answers every request with HTTP 404 (flag NR)', tls: CLOSED, tcp: CLOSED } as const;

const HELP = {
  http: "write the rule under 'http'; to route by server name without ending the TLS, set the server's tls mode to PASSTHROUGH instead",
  tls: "write the rule under 'tls', with the server names in 'sniHosts'; to route by what stands in the requests, the gateway has to end the TLS (SIMPLE or ISTIO_MUTUAL)",
  tcp: "write the rule under 'tcp', matched by port; or make the server's protocol HTTPS if what the TLS carries is HTTP and the rule is to be an http one",
} as const;
