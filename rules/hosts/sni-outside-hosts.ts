import { defineRule, type FixPlan, isSubsetOf, listed, nameOf, nearest, type ResourceByKind, type ResourcePlace, whileRefused } from '../../src/rule-api.ts';

type VirtualService = ResourceByKind['VirtualService'];

export default defineRule({
  meta: {
    name: 'sni-outside-hosts',
    code: 'EL330',
    family: 'hosts',
    peers: ['IST0106'],
    severity: 'error',
    summary: 'A TLS rule of a VirtualService matches a server name that the hosts of the VirtualService do not cover.',
    fixable: 'suggestion',
  },
  messages: {
    outside: {
      text: "{vs}: server name '{sni}' is not covered by the hosts of the VirtualService ({hosts}), so Istio refuses it with all of its rules",
      label: 'not within spec.hosts',
      help: "add '{sni}' to spec.hosts, or match a name that is covered; names are compared letter by letter, short ones are not expanded",
    },
  },

  create: ({ mesh, report }) => ({
    VirtualService(vs) {
      const { hosts, tls } = vs.spec;
      if (hosts.length === 0 || isOpen(vs)) return;
      for (const [i, rule] of tls.entries()) {
        for (const [j, match] of rule.match.entries()) {
          for (const [k, sni] of match.sniHosts.entries()) {
            const path = ['spec', 'tls', i, 'match', j, 'sniHosts', k];
            if (sni === '' || isAddress(sni) || hosts.some((host) => isSubsetOf(sni, host)) || isMalformed(vs, path)) continue;
            const at = { resource: vs, path };
            report('outside', at, {
              data: { vs: nameOf(vs), sni, hosts: listed(hosts) },
              related: [{ at: { resource: vs, path: ['spec', 'hosts'] }, message: 'the hosts that server names have to lie within' }],
              refusedBy: 'webhook',
              symptom: `kubectl apply is denied by Istio's webhook: "SNI host "${sni}" is not a compatible subset of any of the virtual service hosts". ${whileRefused(vs, mesh)}`,
              fixes: fixes(at, sni, hosts),
            });
          }
        }
      }
    },
  }),
});

/** Whether template text stands among the hosts. */
function isOpen(vs: VirtualService): boolean {
  return vs.templates.some((path) => path[1] === 'hosts');
}

/** Istio only warns of addresses, which clients do not send as server names. */
function isAddress(sni: string): boolean {
  return sni.includes(':') || /^\d+(?:\.\d+){3}$/.test(sni);
}

/** Told by the rule malformed-value. */
function isMalformed(vs: VirtualService, path: readonly (string | number)[]): boolean {
  return vs.problems.some((problem) => problem.path.length === path.length && path.every((step, index) => problem.path[index] === step));
}

function fixes(at: ResourcePlace, sni: string, hosts: readonly string[]): readonly FixPlan[] {
  const meant = nearest(sni, hosts);
  return meant === undefined ? [] : [{ title: `write '${meant}'`, safe: false, changes: [{ do: 'replace', at, value: meant }] }];
}
