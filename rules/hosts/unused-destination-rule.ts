import { appliesToMesh, defineRule, isSpeltElsewhere, type Mesh, nameOf, type ResourceByKind, type SubsetDestination, slipOf } from '../../src/rule-api.ts';

type DestinationRule = ResourceByKind['DestinationRule'];

/** Among more names than these a likeness is chance. */
const MAX_CANDIDATES = 500;

export default defineRule({
  meta: {
    name: 'unused-destination-rule',
    code: 'EL324',
    family: 'hosts',
    peers: ['IST0174', 'KIA0202'],
    severity: 'warning',
    summary: 'A DestinationRule stands in a namespace that no client looks at, or names a host that nothing registers.',
    fixable: 'suggestion',
  },
  messages: {
    thirdNamespace: {
      text: "{rule} is never used: namespace {namespace} has no clients of its own, and others look for rules for {host} in their own namespace, in {service} and in {root}; subset '{subset}', to which {vs} routes, does not exist for them",
      label: 'no client looks here',
      symptom: 'what is routed to the subset fails: HTTP 503 (flag NC); TLS and TCP connections are reset',
      help: 'move the rule to namespace {service}, where the host is registered',
    },
    slip: {
      text: "{rule}: host '{host}' is registered by nothing in these files, so the rule is not used; did you mean '{found}'?",
      label: 'no such host here',
      symptom: 'no error anywhere: the TLS settings, subsets and limits of this rule just do not apply',
      help: "write '{found}'",
    },
  },

  create: ({ mesh, report }) => ({
    DestinationRule(rule) {
      const { host = '' } = rule.spec;
      if (host === '') return;
      const found = slip(mesh, rule);
      if (found !== undefined) {
        const at = { resource: rule, path: ['spec', 'host'] };
        const fixes = [{ title: `write '${found}'`, safe: false, changes: [{ do: 'replace' as const, at, value: found }] }];
        report('slip', at, { data: { rule: nameOf(rule), host, found }, confidence: 'likely', fixes });
        return;
      }
      const needed = mesh.hasKnownNamespace(rule) ? neededSubset(mesh, rule) : undefined;
      const [service] = needed ? mesh.registry.namespacesOf(needed.host) : [];
      if (!needed || service === undefined) return;
      const { virtualService, path, subset } = needed;
      report(
        'thirdNamespace',
        { resource: rule, path: ['metadata', 'namespace'] },
        {
          data: {
            rule: nameOf(rule),
            namespace: rule.namespace,
            host: needed.host,
            service,
            root: mesh.config.rootNamespace,
            subset,
            vs: nameOf(virtualService),
          },
          confidence: 'likely',
          related: [{ at: { resource: virtualService, path: [...path, 'subset'] }, message: `${nameOf(virtualService)} routes to the subset` }],
        },
      );
    },
  }),
});

/** D-2: a route of sidecars to a subset that a rule defines where none of them looks, and no other rule does. */
function neededSubset(mesh: Mesh, rule: DestinationRule): SubsetDestination | undefined {
  const { namespace, spec } = rule;
  const { host = '' } = spec;
  if (namespace === mesh.config.rootNamespace || rule.isSet(['spec', 'workloadSelector']) || !mesh.clients.hasNone(namespace)) return undefined;
  if (mesh.hasTemplates('DestinationRule')) return undefined;
  for (const { name } of spec.subsets) {
    const destinations = name === undefined ? [] : mesh.routedSubsets.to(host.includes('.') ? host : '', name);
    const needed = destinations.find(
      ({ virtualService, section, rule: index }) =>
        virtualService.namespace !== namespace && appliesToMesh(virtualService, section, index) && mesh.belongTogether(virtualService, rule),
    );
    if (!needed || mesh.registry.namespacesOf(needed.host).includes(namespace)) continue;
    if (
      mesh.destinationRules
        .defining(needed.host, needed.subset)
        .every(
          (each) =>
            mesh.clients.hasNone(each.namespace) &&
            each.namespace !== mesh.config.rootNamespace &&
            !mesh.registry.namespacesOf(needed.host).includes(each.namespace),
        )
    )
      return needed;
  }
  return undefined;
}

/** The host that a rule's host is a slip of. */
function slip(mesh: Mesh, rule: DestinationRule): string | undefined {
  const { host = '' } = rule.spec;
  if (
    !host.includes('.') ||
    host.startsWith('*') ||
    mesh.registry.covering(host).length > 0 ||
    mesh.hasUnknownNames('ServiceEntry') ||
    isSpeltElsewhere(mesh, host)
  )
    return undefined;
  const { hosts } = mesh.registry;
  if (hosts.length > MAX_CANDIDATES) return undefined;
  const together = hosts.filter(({ resource }) => mesh.belongTogether(rule, resource)).map((registered) => registered.host);
  return slipOf(host, together);
}
