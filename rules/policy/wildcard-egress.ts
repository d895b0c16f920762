import { defineRule, isTemplated, isWildcard, nameOf } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'wildcard-egress',
    code: 'EL711',
    family: 'policy',
    severity: 'warning',
    strict: 'warning',
    isOptIn: true,
    summary: 'A ServiceEntry opens every name of a domain outside of the mesh.',
    securitySeverity: 4,
  },
  messages: {
    domain: {
      text: "{entry} registers '{host}', so workloads can call every name of that domain, also those that do not exist yet",
      label: 'a whole domain',
      help: 'register the hosts that are called, one by one; where a domain hands out names to everybody (storage, content delivery), anybody can have one',
    },
  },

  create: ({ report }) => ({
    ServiceEntry(entry) {
      const { hosts, location } = entry.spec;
      if (location !== 'MESH_EXTERNAL') return;
      for (const [index, host] of hosts.entries()) {
        const path = ['spec', 'hosts', index];
        if (isWildcard(host) && !isTemplated(entry, path)) report('domain', { resource: entry, path }, { data: { entry: nameOf(entry), host } });
      }
    },
  }),
});
