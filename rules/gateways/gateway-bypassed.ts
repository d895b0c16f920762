import { defineRule, idleServers, isTemplated, nameOf, type ResourceByKind, registeredAt, ruleToItself } from '../../src/rule-api.ts';

type VirtualService = ResourceByKind['VirtualService'];
const MESH = 'mesh';
const NOTHING_FAILS =
  'nothing fails: sidecars send the calls straight to the host, and the policies and logs of the gateway miss them. Where a NetworkPolicy or firewall allows the gateway alone, connections time out: curl: (28)';

export default defineRule({
  meta: {
    name: 'gateway-bypassed',
    code: 'EL602',
    family: 'gateways',
    severity: 'error',
    summary: 'Rules that are to steer sidecars to a gateway never apply to them, so their traffic goes past it.',
    securitySeverity: 5,
  },
  messages: {
    notBound: {
      text: "{vs}: a rule matches 'gateways: [mesh]', but spec.gateways lists {listed} only, so no sidecar uses it and calls to {host} go past the gateway",
      label: "'mesh' is missing",
      symptom: NOTHING_FAILS,
      help: "add 'mesh' to spec.gateways: without the field a VirtualService is for sidecars; with it, only for what it lists",
    },
    toItself: {
      text: '{vs}: a rule leads to {service}, but spec.gateways lists {listed} only, which runs there itself: no sidecar uses the rule, and calls to {host} go past the gateway',
      label: "'mesh' is missing",
      symptom:
        'nothing fails: sidecars send the calls straight to the host, and the policies and logs of the gateway miss them. What does reach the gateway, it sends to itself, again and again',
      help: "add 'mesh' to spec.gateways, and 'gateways: [mesh]' to the matches of this rule: what leads to the gateway is for sidecars",
    },
    noRoutes: {
      text: '{gateway} has a server for {host}, which {entry} registers, but no VirtualService in these files is for the host: calls to it go past the gateway',
      label: 'nothing leads here',
      symptom: NOTHING_FAILS,
      help: "add a VirtualService for {host} with gateways: [mesh, {reference}], one rule that matches 'gateways: [mesh]' and leads to the gateway's Service, and one that matches 'gateways: [{reference}]' and leads to {host}",
    },
  },

  create: ({ mesh, report }) => ({
    Mesh() {
      for (const { gateway, server, index, registered } of idleServers(mesh)) {
        const { resource, host } = registered;
        report(
          'noRoutes',
          { resource: gateway, path: ['spec', 'servers', server, 'hosts', index] },
          {
            data: { gateway: nameOf(gateway), entry: nameOf(resource), host, reference: `${gateway.namespace}/${gateway.name}` },
            // The routes may lie outside of the files, and a server may be left over.
            severity: 'info',
            related: [{ at: registeredAt(registered), message: `${nameOf(resource)} registers ${host}` }],
          },
        );
      }
    },
    VirtualService(vs) {
      const { gateways, hosts } = vs.spec;
      if (gateways.length === 0 || gateways.includes(MESH) || isTemplated(vs, ['spec', 'gateways'])) return;
      const match = firstForMesh(vs);
      const destination = match ? undefined : ruleToItself(mesh, vs);
      if (destination) {
        const data = { vs: nameOf(vs), listed: gateways.join(', '), host: hosts[0] ?? 'its hosts', service: destination.host };
        const at = { resource: vs, path: [...destination.path, 'host'] };
        report('toItself', { resource: vs, path: ['spec', 'gateways'], part: 'key' }, { data, related: [{ at, message: 'leads to the gateway' }] });
      }
      if (!match) return;
      report(
        'notBound',
        { resource: vs, path: ['spec', 'gateways'], part: 'key' },
        {
          data: { vs: nameOf(vs), listed: gateways.join(', '), host: hosts[0] ?? 'its hosts' },
          related: [{ at: { resource: vs, path: match }, message: 'the rule that is meant for sidecars' }],
        },
      );
    },
  }),
});

/** The path to the first `mesh` among the gateways of a match. */
function firstForMesh({ spec }: VirtualService) {
  for (const section of ['http', 'tls', 'tcp'] as const) {
    for (const [rule, { match }] of spec[section].entries()) {
      for (const [index, { gateways }] of match.entries()) {
        const entry = gateways.indexOf(MESH);
        if (entry !== -1) return ['spec', section, rule, 'match', index, 'gateways', entry];
      }
    }
  }
  return undefined;
}
