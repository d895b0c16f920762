import { defineRule, describe, destinationHosts, hostReference, type NamedHost, nameOf, policyHosts, SYMPTOMS } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'half-qualified-host',
    code: 'EL301',
    family: 'hosts',
    severity: 'error',
    summary: "A route or DestinationRule names a Kubernetes Service as 'name.namespace' or 'name.namespace.svc', which Istio never completes.",
    fixable: 'safe',
  },
  messages: {
    destination: {
      text: "{resource}: destination '{written}' is no host that Istio knows, so what is routed there fails: the Service is called {meant}",
      label: 'a name with a dot is never completed',
      symptom: `${describe(SYMPTOMS['no-cluster'].http)}; TLS and TCP connections are reset`,
      help: "write '{meant}'",
    },
    policy: {
      text: "{resource}: host '{written}' is no host that Istio knows, so the rule is never used: the Service is called {meant}",
      label: 'a name with a dot is never completed',
      symptom: 'no error anywhere: the TLS settings, subsets and limits of this rule just do not apply',
      help: "write '{meant}'",
    },
  },

  create: ({ mesh, report }) => {
    const check = ({ resource, path, written, role }: NamedHost): void => {
      const reference = hostReference(mesh, resource, written);
      if (reference.state !== 'half-qualified') return;
      const { meant, service } = reference;
      const isCertain = service !== undefined && mesh.belongTogether(resource, service);
      const at = { resource, path };
      report(role === 'policy' ? 'policy' : 'destination', at, {
        data: { resource: nameOf(resource), written, meant },
        ...(!isCertain && { confidence: 'likely' }),
        related: service ? [{ at: { resource: service, path: ['metadata', 'name'] }, message: `${nameOf(service)} has the host ${meant}` }] : [],
        fixes: [{ title: `write '${meant}'`, safe: isCertain, changes: [{ do: 'replace', at, value: meant }] }],
      });
    };
    return {
      VirtualService: (vs) => destinationHosts(vs, mesh.config.clusterDomain).forEach(check),
      DestinationRule: (rule) => policyHosts(rule).forEach(check),
    };
  },
});
