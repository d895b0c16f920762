import { defineRule, type Mesh, nameOf, type ResourceByKind, type SubsetDestination } from '../../src/rule-api.ts';

type DestinationRule = ResourceByKind['DestinationRule'];

/** A client that no namespace of its own gives rules: what all others share. */
const ANY_CLIENT = '';
/** With so many rules for one host others are compared. */
const MAX_RULES = 8;

export default defineRule({
  meta: {
    name: 'shadowed-destination-rule',
    code: 'EL325',
    family: 'hosts',
    peers: ['KIA0201'],
    severity: 'warning',
    summary: 'A DestinationRule puts another one for the same host out of effect, as a whole.',
  },
  messages: {
    subset: {
      text: "{rule} hides {other} from clients in {namespace}: rules of different namespaces are not merged, so subset '{subset}' of {host}, to which {vs} routes, does not exist for them",
      label: 'the only rule that counts in namespace {namespace}',
      symptom: 'what they send to the subset fails: HTTP 503 (flag NC); TLS and TCP connections are reset',
      help: "define subset '{subset}' in this rule as well, or take the rule out of namespace {namespace}",
    },
    policy: {
      text: '{rule}: trafficPolicy is dropped, or that of {other} is: of rules for one host in one namespace only the policy of the older counts',
      label: 'one of two policies for {host}',
      symptom: 'no error anywhere: TLS settings, limits and timeouts of the younger rule just do not apply; its subsets do',
      help: 'write one policy into one rule',
    },
  },

  create: ({ mesh, report }) => {
    const withPolicy = new Map<string, DestinationRule[]>();
    return {
      DestinationRule(rule) {
        const other = policyBefore(mesh, rule, withPolicy);
        if (other) {
          // Of examples, steps and environments with the same hosts nobody has two.
          const severity = mesh.areDeployedTogether(rule, other) ? 'warning' : 'info';
          const confidence = other.source.file === rule.source.file ? 'certain' : 'likely';
          const related = [{ at: { resource: other, path: ['spec', 'trafficPolicy'] }, message: `the policy of ${nameOf(other)}` }];
          report(
            'policy',
            { resource: rule, path: ['spec', 'trafficPolicy'] },
            { data: { rule: nameOf(rule), other: nameOf(other), host: rule.spec.host ?? '' }, severity, confidence, related },
          );
        }
        const hidden = hiddenSubset(mesh, rule);
        if (!hidden) return;
        const { destination, definer } = hidden;
        const { virtualService, path, host, subset } = destination;
        report(
          'subset',
          { resource: rule, path: ['spec', 'host'] },
          {
            data: { rule: nameOf(rule), other: nameOf(definer), namespace: rule.namespace, subset, host, vs: nameOf(virtualService) },
            confidence: 'likely',
            related: [
              { at: { resource: definer, path: ['spec', 'subsets'] }, message: `${nameOf(definer)} defines the subset` },
              { at: { resource: virtualService, path: [...path, 'subset'] }, message: `${nameOf(virtualService)} routes to it` },
            ],
          },
        );
      },
    };
  },
});

/** D-3: the rule before this one whose policy is merged with its own: of two the first counts, whole. */
function policyBefore(mesh: Mesh, rule: DestinationRule, known: Map<string, DestinationRule[]>): DestinationRule | undefined {
  const { host, trafficPolicy, exportTo } = rule.spec;
  if (!trafficPolicy || rule.isSet(['spec', 'workloadSelector'])) return undefined;
  const key = JSON.stringify([rule.namespace, host, [...new Set(exportTo)].sort()]);
  const before = known.get(key) ?? [];
  known.set(key, before);
  const others = before.filter((each) => mesh.belongTogether(rule, each) && JSON.stringify(each.spec.trafficPolicy) !== JSON.stringify(trafficPolicy));
  if (before.length < MAX_RULES) before.push(rule);
  return others.find((each) => mesh.areDeployedTogether(rule, each)) ?? others[0];
}

/** D-2: a subset that clients of a rule's namespace would get from the namespace of the host or the root, were it not for this rule. */
function hiddenSubset(mesh: Mesh, rule: DestinationRule): { readonly destination: SubsetDestination; readonly definer: DestinationRule } | undefined {
  const { namespace, spec } = rule;
  const { host = '' } = spec;
  if (!host.includes('.') || rule.isSet(['spec', 'workloadSelector']) || !mesh.hasKnownNamespace(rule) || mesh.clients.hasNone(namespace)) return undefined;
  for (const destination of destinationsAtStake(mesh, host)) {
    const { virtualService, subset } = destination;
    if (!mesh.virtualServices.isVisible(virtualService, namespace) || !mesh.belongTogether(virtualService, rule)) continue;
    const services = mesh.registry.namespacesOf(destination.host);
    if (services.length === 0 || services.includes(namespace) || namespace === mesh.config.rootNamespace) continue;
    const isTogether = (each: DestinationRule) => mesh.belongTogether(virtualService, each);
    const forClient = (clientNamespace: string) =>
      services.map((serviceNamespace) =>
        mesh.destinationRules.subsetInEffect({ host: destination.host, serviceNamespace, clientNamespace }, subset, isTogether),
      );
    const own = forClient(namespace);
    if (own.some(({ isDefined, rule: inEffect }) => isDefined || inEffect !== rule)) continue;
    const shared = forClient(ANY_CLIENT).find(({ isDefined }) => isDefined)?.rule;
    if (shared) return { destination, definer: shared };
  }
  return undefined;
}

/** The routed subsets that a rule for this host may hide: of one host only those that the namespace of the host, or the root, defines. */
function destinationsAtStake(mesh: Mesh, host: string): readonly SubsetDestination[] {
  if (host.startsWith('*')) return mesh.routedSubsets.firstOfEach(host);
  const shared = mesh.destinationRules.subsetsIn(host, [...mesh.registry.namespacesOf(host), mesh.config.rootNamespace]);
  return [...shared].flatMap((subset) => mesh.routedSubsets.to(host, subset)[0] ?? []);
}
