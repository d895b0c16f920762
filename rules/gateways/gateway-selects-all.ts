import { defineRule, isTemplated, nameOf } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'gateway-selects-all',
    code: 'EL610',
    family: 'gateways',
    severity: 'warning',
    summary: 'A Gateway without a selector opens its servers on every gateway of the mesh.',
  },
  messages: {
    all: {
      text: '{gateway} has no selector, so its servers are opened on every gateway of the mesh, ingress gateways included',
      label: 'selects every gateway',
      symptom:
        'hosts that are meant for one gateway answer on all; servers of other Gateways on the same ports are left out without a word if they are younger',
      help: "write the labels of the gateway's Pods, such as istio: egressgateway",
    },
  },

  create: ({ report }) => ({
    Gateway(gateway) {
      const { selector, servers } = gateway.spec;
      if (servers.length === 0 || Object.keys(selector).length > 0 || isTemplated(gateway, ['spec', 'selector'])) return;
      if (gateway.problems.some(({ path }) => path[1] === 'selector' || path.length < 2)) return;
      report('all', { resource: gateway, path: ['spec', 'selector'], part: 'key' }, { data: { gateway: nameOf(gateway) } });
    },
  }),
});
