import {
  defineRule,
  hasWaypoint,
  isGatewayWorkload,
  isTemplated,
  type Mesh,
  nameOf,
  type Path,
  type ResourceByKind,
  stockGatewayWith,
} from '../../src/rule-api.ts';

type Policy = ResourceByKind['AuthorizationPolicy'];

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
      const found = isForClients(mesh, policy) ? outsideHost(mesh, policy) : undefined;
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

/** Whether a policy can mean no gateway and no waypoint: those see hosts outside of the mesh. */
function isForClients(mesh: Mesh, policy: Policy): boolean {
  const { namespace, spec } = policy;
  const labels = spec.selector?.matchLabels ?? {};
  if (spec.targetRef || spec.targetRefs.length > 0 || namespace === mesh.config.rootNamespace || isTemplated(policy, ['spec'])) return false;
  if (stockGatewayWith(labels) || isGatewayWorkload({ labels, annotations: {} }) || mesh.podsSelected(namespace, labels).some(isGatewayWorkload)) return false;
  return (
    mesh.inNamespace('KubernetesGateway', namespace).length === 0 &&
    !mesh.inNamespace('Service', namespace).some((service) => isGatewayWorkload({ labels: service.spec.selector, annotations: {} }))
  );
}

/** The first host of a policy, if all of its rules are about hosts that ServiceEntries register outside of the mesh. */
function outsideHost(mesh: Mesh, policy: Policy) {
  const { rules, action } = policy.spec;
  if (action !== 'DENY' && action !== 'ALLOW') return undefined;
  const lists = rules.flatMap(({ to, when }, rule) => {
    const path: Path = ['spec', 'rules', rule];
    const ofSni = when.flatMap(({ key, values }, index) =>
      key === 'connection.sni' && values.length > 0 ? [{ hosts: values, path: [...path, 'when', index, 'values'] }] : [],
    );
    const ofHosts = to.map(({ operation }, index) => ({ hosts: operation?.hosts ?? [], path: [...path, 'to', index, 'operation', 'hosts'] }));
    return [...ofSni, ...(ofSni.length === 0 || ofHosts.some(({ hosts }) => hosts.length > 0) ? ofHosts : [])];
  });
  const [first] = lists;
  const host = first?.hosts[0];
  if (!first || host === undefined || rules.some(({ to, when }) => to.length === 0 && when.length === 0)) return undefined;
  if (!lists.every(({ hosts }) => hosts.length > 0 && hosts.every((each) => entryOf(mesh, policy, each)))) return undefined;
  const entry = entryOf(mesh, policy, host);
  return entry && { host, path: first.path, entry };
}

/** The ServiceEntry that registers a host of a policy, which may have a port, if none makes it a part of the mesh. */
function entryOf(mesh: Mesh, policy: Policy, text: string) {
  const host = text.replace(/:(?:\d+|\*)$/, '');
  const registered = host.startsWith('*') ? mesh.registry.within(host) : mesh.registry.covering(host);
  const [first] = registered;
  const isOutside = registered.every(({ external, resource }) => external && resource.kind === 'ServiceEntry' && mesh.belongTogether(policy, resource));
  return first && isOutside && first.resource.kind === 'ServiceEntry' ? first.resource : undefined;
}
