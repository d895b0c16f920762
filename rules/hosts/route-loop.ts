import { appliesToGateway, callOf, defineRule, loopingHops, nameOf, storyOf } from '../../src/rule-api.ts';

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
      help: "add 'gateways: [mesh]' to the matches of this rule, {more}",
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
      for (const hop of loopingHops(mesh)) {
        const { virtualService: vs, gateway, destination } = hop;
        const reference = gateway.namespace === vs.namespace ? gateway.name : `${gateway.namespace}/${gateway.name}`;
        const hasLeg = vs.spec[destination.section].some((_, rule) => rule !== destination.rule && appliesToGateway(vs, destination.section, rule, gateway));
        report(
          'loop',
          { resource: vs, path: [...destination.path, 'host'] },
          {
            data: {
              vs: nameOf(vs),
              service: destination.host,
              gateway: nameOf(gateway),
              more: hasLeg
                ? `so that the rule behind it is what holds at the gateway`
                : `and a second rule that matches 'gateways: [${reference}]' and leads to ${vs.spec.hosts[0] ?? ''}`,
            },
            ...(!hop.certain && { confidence: 'likely' }),
            related: [{ at: { resource: gateway, path: ['spec', 'servers', hop.server] }, message: 'the server that the rule holds at' }],
          },
        );
      }
    },
  }),
});
