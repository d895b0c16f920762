import { defineRule, expandShortName, nameOf } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'unrouted-subset-policy',
    code: 'EL326',
    family: 'hosts',
    severity: 'info',
    summary: 'A subset has a traffic policy, but no VirtualService in view routes to the subset.',
  },
  messages: {
    unrouted: {
      text: "{rule}: the policy of subset '{subset}' applies to nothing in these files: no VirtualService routes to the subset",
      label: 'used only by routes to the subset',
      help: "route to subset '{subset}' in a VirtualService, or move the policy to spec.trafficPolicy, where it holds for the whole host",
    },
  },

  create: ({ mesh, report }) => ({
    DestinationRule(rule) {
      const { host = '', subsets } = rule.spec;
      if (host === '' || mesh.hasTemplates('VirtualService')) return;
      const expanded = expandShortName(host, rule.namespace, mesh.config.clusterDomain);
      for (const [i, { name, trafficPolicy }] of subsets.entries()) {
        if (!name || !trafficPolicy || mesh.routedSubsets.to(expanded, name).length > 0) continue;
        report('unrouted', { resource: rule, path: ['spec', 'subsets', i, 'trafficPolicy'] }, { data: { rule: nameOf(rule), subset: name } });
      }
    },
  }),
});
