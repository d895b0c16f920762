import { defineRule, nameOf, refusal } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'several-round-robin-endpoints',
    code: 'EL312',
    family: 'hosts',
    peers: ['IST0106'],
    severity: 'error',
    summary: 'A ServiceEntry with resolution DNS_ROUND_ROBIN has more than one endpoint.',
    fixable: 'suggestion',
  },
  messages: {
    several: {
      text: '{entry}: {count} endpoints, but DNS_ROUND_ROBIN looks up one name and uses one of its addresses at a time, so the API server refuses the entry',
      label: 'one endpoint too many',
      help: 'use resolution DNS, which balances over all endpoints, or leave one endpoint',
    },
  },

  create: ({ mesh, report }) => ({
    ServiceEntry(entry) {
      const { resolution, endpoints } = entry.spec;
      if (resolution !== 'DNS_ROUND_ROBIN' || endpoints.length < 2) return;
      const at = { resource: entry, path: ['spec', 'resolution'] };
      report(
        'several',
        { resource: entry, path: ['spec', 'endpoints', 1] },
        {
          data: { entry: nameOf(entry), count: endpoints.length },
          related: [{ at, message: 'resolution DNS_ROUND_ROBIN takes none or one' }],
          refusedBy: 'api-server',
          symptom: refusal(entry, { refusedBy: 'api-server' }, 'spec: Invalid value: DNS_ROUND_ROBIN mode cannot have multiple endpoints', mesh),
          fixes: [{ title: "write 'resolution: DNS'", safe: false, changes: [{ do: 'replace', at, value: 'DNS' }] }],
        },
      );
    },
  }),
});
