import { canonicalGateway, defineRule, MESH, nameOf, type ResourceByKind } from '../../src/rule-api.ts';

type VirtualService = ResourceByKind['VirtualService'];

const SECTIONS = ['http', 'tls', 'tcp'] as const;

export default defineRule({
  meta: {
    name: 'unlisted-match-gateway',
    code: 'EL322',
    family: 'hosts',
    peers: ['KIA1102'],
    severity: 'error',
    summary: 'A match names a gateway to which the VirtualService is not bound.',
  },
  messages: {
    unlisted: {
      text: "{vs}: the match is for gateway '{entry}', but spec.gateways does not list it ({listed}), so it never holds there",
      label: 'not in spec.gateways',
      symptom: 'the rule is not on that gateway: it answers HTTP 404 (flag NR), or resets TLS connections because it opens no listener for them',
      help: "add '{entry}' to spec.gateways, or name a gateway that is listed",
    },
  },

  create: ({ report }) => ({
    VirtualService(vs) {
      const { namespace, spec } = vs;
      if (vs.templates.some((path) => path[1] === 'gateways')) return;
      const own = spec.gateways.length > 0 ? spec.gateways : [MESH];
      const bound = new Set(own.map((entry) => canonicalGateway(entry, namespace)));
      const listed = spec.gateways.length > 0 ? own.join(', ') : 'it is not there, which means mesh alone';
      for (const { entry, path } of namedGateways(vs)) {
        // `mesh` that is missing is told of by gateway-bypassed.
        if (entry === '' || entry === MESH || bound.has(canonicalGateway(entry, namespace))) continue;
        report(
          'unlisted',
          { resource: vs, path },
          {
            data: { vs: nameOf(vs), listed, entry },
            related: [{ at: { resource: vs, path: ['spec', 'gateways'] }, message: 'the gateways of the VirtualService' }],
          },
        );
      }
    },
  }),
});

function namedGateways({ spec }: VirtualService) {
  return SECTIONS.flatMap((section) =>
    spec[section].flatMap(({ match }, i) =>
      match.flatMap(({ gateways }, j) => gateways.map((entry, k) => ({ entry, path: ['spec', section, i, 'match', j, 'gateways', k] }))),
    ),
  );
}
