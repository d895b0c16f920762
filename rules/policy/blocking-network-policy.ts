import {
  allowsAnywhere,
  defineRule,
  fitsSelector,
  isGatewayWorkload,
  isTemplated,
  istiodIn,
  type Mesh,
  mayReach,
  nameOf,
  type ResourceByKind,
  restrictsEgress,
  restrictsIngress,
  servicePortsIn,
} from '../../src/rule-api.ts';

type NetworkPolicy = ResourceByKind['NetworkPolicy'];

/** istiod's port for configuration and certificates. */
const ISTIOD = 15_012;

export default defineRule({
  meta: {
    name: 'blocking-network-policy',
    code: 'EL707',
    family: 'policy',
    severity: 'error',
    summary: 'A NetworkPolicy leaves out what clients with sidecars need: DNS, istiod, or the port that the gateway really listens on.',
    securitySeverity: 2,
  },
  messages: {
    servicePort: {
      text: '{policy} allows port {port} of the Pods behind {service}, but these listen on {target}: connections to the Service are dropped',
      label: "the Service's port; its Pods listen on {target}",
      symptom: 'calls hang and end in a timeout: curl: (28), HTTP 503 with the Envoy flag UF after 10 seconds',
      help: 'write {target}: NetworkPolicies see the port of the Pod, not that of the Service',
    },
    istiod: {
      text: '{policy} restricts what {who} may call, and no policy in view lets them reach istiod in {root} on port 15012',
      label: 'no rule for istiod',
      symptom:
        "new Pods do not become ready: the proxy gets neither configuration nor certificate, and its log repeats 'connection error ... istiod.{root}.svc:15012: i/o timeout'. Pods that run keep what they have until their certificate expires",
      help: 'allow egress to namespace {root} (label kubernetes.io/metadata.name: {root}) on port 15012',
    },
    dns: {
      text: '{policy} restricts what {who} may call, and no policy in view lets them ask DNS (port 53, UDP)',
      label: 'no rule for DNS',
      symptom: 'no name can be looked up: curl: (6) Could not resolve host, after some seconds',
      help: 'allow egress to the Pods of kube-dns in kube-system on port 53, UDP and TCP',
    },
  },

  create: ({ mesh, report }) => ({
    Mesh() {
      const steeredTo = new Set(mesh.gatewayHops.map(({ destination }) => mesh.gatewayServices.serviceAt(destination.host)));
      const gateways = mesh.all('Service').filter((service) => steeredTo.has(service) || isGatewayService(mesh, service));
      const isOpen = mesh.hasTemplates('NetworkPolicy');
      const judged = new Set<string>();
      for (const policy of mesh.all('NetworkPolicy')) {
        if (isTemplated(policy, ['spec']) || !mesh.hasKnownNamespace(policy) || !(restrictsEgress(policy) || restrictsIngress(policy))) continue;
        const own = gateways.filter((service) => mesh.belongTogether(policy, service));
        for (const { path, service, port, targetPort, isNamed } of servicePortsIn(mesh, policy, own)) {
          report(
            'servicePort',
            { resource: policy, path },
            {
              data: { policy: nameOf(policy), port, target: targetPort, service: nameOf(service) },
              ...((isOpen || !isNamed) && { confidence: 'likely' }),
              related: [{ at: { resource: service, path: ['spec', 'ports'] }, message: `${nameOf(service)} leads from port ${port} to ${targetPort}` }],
            },
          );
        }
        const restricted = isOpen ? undefined : proxiesUnder(mesh, policy);
        if (!restricted || judged.has(restricted.key)) continue;
        judged.add(restricted.key);
        const { rootNamespace: root } = mesh.config;
        const at = { resource: policy, path: ['spec', 'egress'] };
        const data = { policy: nameOf(policy), who: restricted.who, root };
        // Policies that are not in view may add what is missing.
        if (!mayReach(mesh, restricted.policies, istiodIn(root), ISTIOD, 'TCP')) report('istiod', at, { data, confidence: 'likely' });
        if (!allowsAnywhere(restricted.policies, 53, 'UDP')) report('dns', at, { data, confidence: 'likely' });
      }
    },
  }),
});

/** Proxies that a policy restricts, with all that is in view for them. */
interface Restricted {
  readonly key: string;
  readonly who: string;
  readonly policies: readonly NetworkPolicy[];
}

/** All Pods of a namespace with injection, or the Pods of a gateway; undefined where nobody needs istiod, or the policy only closes what others open. */
function proxiesUnder(mesh: Mesh, policy: NetworkPolicy): Restricted | undefined {
  const { namespace, spec } = policy;
  if (!restrictsEgress(policy) || spec.egress.length === 0) return undefined;
  const beside = mesh.inNamespace('NetworkPolicy', namespace).filter((each) => restrictsEgress(each) && (each === policy || mesh.belongTogether(each, policy)));
  if (selectsAll(policy))
    return mesh.clients.injected.includes(namespace) ? { key: namespace, who: `Pods with sidecars in ${namespace}`, policies: beside } : undefined;
  const selects = ({ spec: { podSelector } }: NetworkPolicy, labels: Readonly<Record<string, string>>) => podSelector && fitsSelector(podSelector, labels);
  const pods = mesh.podsSelected(namespace, {}).find((each) => isGatewayWorkload(each) && selects(policy, each.labels));
  if (!pods) return undefined;
  const { resource, labels } = pods;
  return { key: nameOf(resource), who: `the gateway ${nameOf(resource)}`, policies: beside.filter((each) => selects(each, labels)) };
}

function selectsAll({ spec }: NetworkPolicy): boolean {
  const { matchLabels = {}, matchExpressions = [] } = spec.podSelector ?? {};
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

function isGatewayService(mesh: Mesh, { namespace, spec }: ResourceByKind['Service']): boolean {
  const { selector } = spec;
  if (Object.keys(selector).length === 0) return false;
  return isGatewayWorkload({ labels: selector, annotations: {} }) || mesh.podsSelected(namespace, selector).some(isGatewayWorkload);
}
