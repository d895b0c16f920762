import { defineRule, hiddenSubset, hiddenTls, type Mesh, nameOf, type ResourceByKind } from '../../src/rule-api.ts';

type DestinationRule = ResourceByKind['DestinationRule'];

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
    tls: {
      text: '{rule} hides {other} from clients in {namespace}: rules of different namespaces are not merged, so the {mode} TLS to {host} is not started for them, and port {port} goes out in plaintext',
      label: 'the only rule that counts in namespace {namespace}',
      symptom: 'the server answers HTTP 400 (a plain HTTP request was sent to an HTTPS port), or closes the connection: HTTP 503 (flag UC)',
      help: "repeat 'tls' in this rule, take the rule out of namespace {namespace}, or let its host be one that does not take in {host}",
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
      Mesh() {
        for (const { rule, origination } of hiddenTls(mesh)) {
          const { rule: other, host, port, tls, path } = origination;
          const data = { rule: nameOf(rule), other: nameOf(other), namespace: rule.namespace, mode: tls.mode ?? '', host: host.host, port: port.number };
          const related = [{ at: { resource: other, path: [...path, 'mode'] }, message: `${nameOf(other)} starts TLS` }];
          report('tls', { resource: rule, path: ['spec', 'host'] }, { data, confidence: 'likely', related });
        }
      },
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
