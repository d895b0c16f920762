import { appliesToGateway, callOf, defineRule, type Mesh, nameOf, sectionFor, storyOf } from '../../src/rule-api.ts';

type Hop = Mesh['gatewayHops'][number];

export default defineRule({
  meta: {
    name: 'route-loop',
    code: 'EL327',
    family: 'hosts',
    severity: 'error',
    asksPaths: true,
    summary: 'A route that leads sidecars to a gateway holds at the gateway as well, and leads back to it.',
  },
  messages: {
    loop: {
      text: '{vs}: the rule that leads sidecars to {service} is for {gateway} as well, so the gateway sends what it gets to itself, over and over',
      label: 'the gateway leads here, too',
      symptom:
        'the gateway calls itself until its connections are used up: HTTP 503 (flag UF), or no answer until the client gives up; the same call again and again in its log, and its processor busy',
      help: "add 'gateways: [mesh]' to the matches of this rule, and a second rule that matches 'gateways: [{reference}]' and leads to {host}",
    },
    onTheWay: {
      text: '{vs} sends calls to {call} from {client} to the gateway, where this rule holds as well: the gateway sends them to itself, again and again',
      label: 'leads the gateway to itself',
      help: "add 'gateways: [mesh]' to the match of this rule, so that it holds in sidecars only, and add a rule that matches the Gateway and leads to the host itself",
    },
  },

  create: ({ mesh, report }) => ({
    Path(path) {
      const { path: way, destination: at } = path;
      if (way.outcome !== 'loop' || !at) return;
      report('onTheWay', { resource: at.resource, path: [...at.path, 'host'] }, { data: { vs: nameOf(at.resource), ...callOf(path) }, ...storyOf(path) });
    },
    Mesh() {
      const reported = new Set<string>();
      for (const hop of mesh.gatewayHops) {
        const { virtualService: vs, gateway, destination } = hop;
        const key = `${nameOf(vs)} ${destination.path.join('/')}`;
        if (reported.has(key) || !leadsBack(hop, mesh)) continue;
        reported.add(key);
        report(
          'loop',
          { resource: vs, path: [...destination.path, 'host'] },
          {
            data: {
              vs: nameOf(vs),
              service: destination.host,
              gateway: nameOf(gateway),
              host: vs.spec.hosts[0] ?? '',
              reference: gateway.namespace === vs.namespace ? gateway.name : `${gateway.namespace}/${gateway.name}`,
            },
            ...(!hop.certain && { confidence: 'likely' }),
            related: [{ at: { resource: gateway, path: ['spec', 'servers', hop.server] }, message: 'the server that the rule holds at' }],
          },
        );
      }
    },
  }),
});

/** G-13: whether a step's rule holds at the server that it leads to, and nothing else leads on from there. */
function leadsBack({ virtualService: vs, gateway, server: index, destination }: Hop, mesh: Mesh): boolean {
  const server = gateway.spec.servers[index];
  const { section, rule, port } = destination;
  if (!server || sectionFor(server) !== section || vs.templates.length > 0 || gateway.templates.length > 0) return false;
  if (!appliesToGateway(vs, section, rule, gateway)) return false;
  const matches = vs.spec[section][rule]?.match ?? [];
  if (matches.length > 0 && !matches.some((match) => match.gateways.length === 0 && (!match.port || match.port === port))) return false;
  const others = vs.spec.hosts.flatMap((host) => mesh.gatewayBindings.forHost(gateway, host)).some((each) => each !== vs);
  return !others && vs.spec[section].every((_, other) => other === rule || !appliesToGateway(vs, section, other, gateway));
}
