import { defineRule, hasWaypoint, nameOf, outsideHostOf } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'outbound-policy-on-client',
    code: 'EL705',
    family: 'policy',
    severity: 'warning',
    securitySeverity: 6.5,
    summary: 'An AuthorizationPolicy is meant for outbound calls, but is attached to clients, which apply it to inbound requests only.',
  },
  messages: {
    inbound: {
      text: '{policy} is about {host}, a host outside of the mesh, but applies to requests that come in to {selected}: outbound calls are not looked at',
      label: 'nobody calls these workloads by this name',
      symptom: '{symptom}',
      help: 'send the host through an egress gateway and put the policy there, in the namespace of the gateway; or take the host out of the mesh: REGISTRY_ONLY without its ServiceEntry, or a Sidecar that does not import it',
    },
    noWaypoint: {
      text: '{policy} is attached to {entry}, which no waypoint serves: nothing applies the policy',
      label: 'bound to no waypoint',
      symptom: 'calls to the host are neither denied nor restricted',
      help: 'label {entry} or its Namespace with istio.io/use-waypoint: NAME; clients with sidecars need an egress gateway instead',
    },
  },

  create: ({ mesh, report }) => ({
    AuthorizationPolicy(policy) {
      if (!mesh.hasKnownNamespace(policy)) return;
      for (const [index, { kind, name }] of policy.spec.targetRefs.entries()) {
        const [entry, another] = kind === 'ServiceEntry' ? mesh.named('ServiceEntry', policy.namespace, name ?? '') : [];
        if (!entry || another || !mesh.belongTogether(policy, entry) || hasWaypoint(mesh, entry) !== 'no') continue;
        report(
          'noWaypoint',
          { resource: policy, path: ['spec', 'targetRefs', index, 'kind'] },
          {
            data: { policy: nameOf(policy), entry: nameOf(entry) },
            // Labels can be set by command.
            confidence: 'likely',
            related: [
              { at: { resource: entry, path: ['metadata', 'name'] }, message: `${nameOf(entry)} has no label istio.io/use-waypoint, nor has its Namespace` },
            ],
          },
        );
      }
      const found = outsideHostOf(mesh, policy);
      if (!found) return;
      const { action, selector } = policy.spec;
      report(
        'inbound',
        { resource: policy, path: found.path },
        {
          data: {
            policy: nameOf(policy),
            host: found.host,
            selected: Object.keys(selector?.matchLabels ?? {}).length > 0 ? 'the workloads that it selects' : `the workloads of ${policy.namespace}`,
            symptom:
              action === 'ALLOW'
                ? 'outbound calls are not restricted; requests that come in are denied with HTTP 403, because none is for this host'
                : 'calls to the host get through',
          },
          confidence: 'likely',
          related: [{ at: { resource: found.entry, path: ['spec', 'hosts'] }, message: `${nameOf(found.entry)} registers ${found.host}` }],
        },
      );
    },
  }),
});
