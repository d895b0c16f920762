import { defineRule, describe, destinationHosts, hostReference, type NamedHost, nameOf, policyHosts, routedHosts, SYMPTOMS } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'short-host-in-other-namespace',
    code: 'EL302',
    family: 'hosts',
    peers: ['KIA0202', 'KIA1101'],
    severity: 'error',
    summary: 'A short host name stands for a Service of the own namespace, but the Service is in another one.',
    fixable: 'suggestion',
  },
  messages: {
    destination: {
      text: "{resource}: destination '{written}' means {host}, which is not there; the Service of that name is {meant}",
      label: 'completed with the namespace of the VirtualService',
      symptom: `what this rule routes fails: ${describe(SYMPTOMS['no-cluster'].http)}; TLS and TCP connections are reset`,
      help: "write '{meant}'",
    },
    host: {
      text: "{resource}: host '{written}' means {host}, which is not there, so no call is ever routed by it; the Service of that name is {meant}",
      label: 'completed with the namespace of the VirtualService',
      symptom: 'no error anywhere: calls to the Service go their default way',
      help: "write '{meant}'",
    },
    policy: {
      text: "{resource}: host '{written}' means {host}, which is not there, so the rule is never used; the Service of that name is {meant}",
      label: 'completed with the namespace of the DestinationRule',
      symptom: 'no error anywhere: the TLS settings, subsets and limits of this rule just do not apply',
      help: "write '{meant}'",
    },
  },

  create: ({ mesh, report }) => {
    /** @returns whether the name means another namespace */
    const check = ({ resource, path, written, role }: NamedHost): boolean => {
      const reference = hostReference(mesh, resource, written);
      if (reference.state !== 'elsewhere') return false;
      const { host, meant, service, isKnown } = reference;
      const at = { resource, path };
      report(role, at, {
        data: { resource: nameOf(resource), written, host, meant },
        ...(!isKnown && { confidence: 'likely' }),
        related: service ? [{ at: { resource: service, path: ['metadata', 'namespace'] }, message: `${nameOf(service)} has the host ${meant}` }] : [],
        fixes: [{ title: `write '${meant}'`, safe: false, changes: [{ do: 'replace', at, value: meant }] }],
      });
      return true;
    };
    return {
      VirtualService(vs) {
        const found = destinationHosts(vs, mesh.config.clusterDomain).filter(check);
        // A VirtualService that was put into the wrong namespace is one slip, however many names it has.
        if (found.length === 0) routedHosts(vs).forEach(check);
      },
      DestinationRule: (rule) => policyHosts(rule).forEach(check),
    };
  },
});
