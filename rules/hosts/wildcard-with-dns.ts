import { defineRule, type FixPlan, nameOf, type ResourceByKind, whileRefused } from '../../src/rule-api.ts';

type ServiceEntry = ResourceByKind['ServiceEntry'];

export default defineRule({
  meta: {
    name: 'wildcard-with-dns',
    code: 'EL310',
    family: 'hosts',
    peers: ['IST0106'],
    severity: 'error',
    summary: 'A ServiceEntry registers a wildcard that its proxies would have to look up in DNS.',
    fixable: 'suggestion',
  },
  messages: {
    wildcard: {
      text: "{entry}: '{host}' stands for many names and DNS looks up one, so Istio refuses the entry with resolution {resolution} and without endpoints",
      label: 'cannot be looked up',
      help:
        'use resolution NONE, which sends a connection to the address that the client looked up; behind an egress gateway, where NONE has no address to go to, ' +
        'list the hosts one by one',
    },
  },

  create: ({ mesh, report }) => ({
    ServiceEntry(entry) {
      const { resolution, hosts, endpoints } = entry.spec;
      if ((resolution !== 'DNS' && resolution !== 'DNS_ROUND_ROBIN') || endpoints.length > 0 || isOpen(entry)) return;
      const index = hosts.findIndex((host, i) => host.startsWith('*') && !isMalformed(entry, i));
      const host = hosts[index];
      if (host === undefined) return;
      const said = 'hosts must be FQDN … if no endpoints are provided for resolution mode';
      report(
        'wildcard',
        { resource: entry, path: ['spec', 'hosts', index] },
        {
          data: { entry: nameOf(entry), host, resolution },
          related: [{ at: { resource: entry, path: ['spec', 'resolution'] }, message: `resolution ${resolution} looks the hosts up` }],
          refusedBy: 'webhook',
          symptom: `kubectl apply is denied by Istio's webhook: "${said} ${resolution}". ${whileRefused(entry, mesh)}`,
          fixes: fixes(entry),
        },
      );
    },
  }),
});

/** Whether template text stands where the endpoints would be. */
function isOpen(entry: ServiceEntry): boolean {
  return entry.templates.some((path) => path[1] === 'endpoints');
}

/** Told by the rule malformed-value. */
function isMalformed(entry: ServiceEntry, index: number): boolean {
  return entry.problems.some(({ path }) => path[1] === 'hosts' && path[2] === index);
}

function fixes(entry: ServiceEntry): readonly FixPlan[] {
  const at = { resource: entry, path: ['spec', 'resolution'] };
  const write = (value: string): FixPlan => ({ title: `write 'resolution: ${value}'`, safe: false, changes: [{ do: 'replace', at, value }] });
  const { hosts, ports, addresses } = entry.spec;
  const isDynamic = hosts.every((host) => host.startsWith('*')) && ports.every((port) => /^(?:http|http2|grpc|tls)$/i.test(port.protocol ?? ''));
  return isDynamic && addresses.length === 0 ? [write('NONE'), write('DYNAMIC_DNS')] : [write('NONE')];
}
