import { defineRule, describe, expandShortName, type Mesh, nameOf, type RegisteredHost, type ResourceByKind, SYMPTOMS } from '../../src/rule-api.ts';

type DestinationRule = ResourceByKind['DestinationRule'];
type ServiceEntry = ResourceByKind['ServiceEntry'];
type Labels = Readonly<Record<string, string>>;

export default defineRule({
  meta: {
    name: 'subset-without-endpoints',
    code: 'EL306',
    family: 'hosts',
    peers: ['IST0173', 'KIA0203'],
    severity: 'error',
    summary: 'The labels of a subset are on no endpoint of the host.',
  },
  messages: {
    external: {
      text: "{rule}: no endpoint of {entry} carries the labels of subset '{subset}' ({labels}), so the subset is empty and what is routed there fails",
      label: 'on no endpoint',
      symptom: '{symptom}',
      help: 'put the labels on the endpoints that are meant, or leave the labels out: a subset without labels is the whole host',
    },
    pods: {
      text: "{rule}: no Pod in these files behind {service} carries the labels of subset '{subset}' ({labels})",
      label: 'on no Pod in view',
      symptom: `if no other Pod does: ${describe(SYMPTOMS['no-endpoints'].http)}; TLS and TCP connections are reset`,
      help: 'lint the workloads together with this file, or correct the labels',
    },
  },

  create: ({ mesh, report }) => ({
    DestinationRule(rule) {
      const { host = '', subsets } = rule.spec;
      if (host === '') return;
      const expanded = expandShortName(host, rule.namespace, mesh.config.clusterDomain);
      const registered = mesh.registry.named(expanded);
      for (const [i, { name = '', labels }] of subsets.entries()) {
        if (Object.keys(labels).length === 0) continue;
        const at = { resource: rule, path: ['spec', 'subsets', i, 'labels'] };
        const data = { rule: nameOf(rule), subset: name, labels: textOf(labels) };
        const entry = entryWithout(mesh, rule, registered, labels);
        const service = entry ? undefined : serviceWithout(mesh, registered, labels);
        if (entry) {
          const isRouted = mesh.routedSubsets.to(expanded, name).length > 0;
          const related = [
            { at: { resource: entry, path: entry.spec.endpoints.length > 0 ? ['spec', 'endpoints'] : ['spec', 'resolution'] }, message: endpointsOf(entry) },
          ];
          // D-7: where names are looked up there is no cluster for it, otherwise one without endpoints.
          const { http } = SYMPTOMS[entry.spec.resolution === 'STATIC' ? 'no-endpoints' : 'no-cluster'];
          const symptom = `${describe(http)}; TLS and TCP connections are reset`;
          report('external', at, { data: { ...data, entry: nameOf(entry), symptom }, related, ...(!isRouted && { severity: 'info' as const }) });
        } else if (service) {
          // A label that no Pod has at all is no label of theirs; other values may belong to Pods that are not in view.
          const isForeign = (service.lacksKey || mesh.closedWorld) && mesh.routedSubsets.to(expanded, name).length > 0;
          report('pods', at, {
            data: { ...data, service: nameOf(service.resource) },
            severity: isForeign ? 'warning' : 'info',
            ...(isForeign && !mesh.closedWorld && { confidence: 'likely' as const }),
          });
        }
      }
    },
  }),
});

/** D-7, S-6: the ServiceEntry that alone registers the host, if none of its endpoints has the labels. One that DNS looks up without endpoints has no labels at all. */
function entryWithout(mesh: Mesh, rule: DestinationRule, registered: readonly RegisteredHost[], labels: Labels): ServiceEntry | undefined {
  const [only, another] = registered;
  if (only?.resource.kind !== 'ServiceEntry' || another || !mesh.belongTogether(rule, only.resource)) return undefined;
  const entry = only.resource as ServiceEntry;
  const { resolution, endpoints } = entry.spec;
  const isFound = entry.isSet(['spec', 'workloadSelector']) || entry.templates.some((path) => path[1] === 'endpoints' || path[1] === 'resolution');
  if (isFound || (resolution !== 'DNS' && resolution !== 'STATIC' && resolution !== 'DNS_ROUND_ROBIN')) return undefined;
  // Told by static-without-endpoints.
  if (resolution === 'STATIC' && endpoints.length === 0) return undefined;
  return endpoints.some((endpoint) => carries(endpoint.labels, labels)) ? undefined : entry;
}

function serviceWithout(mesh: Mesh, registered: readonly RegisteredHost[], labels: Labels) {
  const [only, another] = registered;
  if (only?.resource.kind !== 'Service' || another || !('selector' in only.resource.spec)) return undefined;
  const service = only.resource as ResourceByKind['Service'];
  const pods = Object.keys(service.spec.selector).length === 0 ? [] : mesh.podsSelected(service.namespace, service.spec.selector);
  if (pods.length === 0 || pods.some((pod) => carries(pod.labels, labels))) return undefined;
  return { resource: service, lacksKey: Object.keys(labels).some((key) => pods.every((pod) => !(key in pod.labels))) };
}

function carries(own: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => own[key] === value);
}

function endpointsOf(entry: ServiceEntry): string {
  return entry.spec.endpoints.length > 0
    ? `the endpoints of ${nameOf(entry)}`
    : `${nameOf(entry)} has no endpoints: DNS finds the addresses, which carry no labels`;
}

function textOf(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ');
}
