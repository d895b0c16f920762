import { allowsEverywhere, defineRule, fitsSelector, type Mesh, nameOf, type ResourcePlace, restrictsEgress } from '../../src/rule-api.ts';

type Hop = Mesh['gatewayHops'][number];

/** A selector without conditions. */
const EVERYTHING = { matchLabels: {}, matchExpressions: [] };

export default defineRule({
  meta: {
    name: 'bypassable-egress-gateway',
    code: 'EL709',
    family: 'policy',
    severity: 'warning',
    strict: 'warning',
    isOptIn: true,
    summary: 'Workloads are steered through an egress gateway, and no NetworkPolicy keeps them from going past it.',
    securitySeverity: 5,
  },
  messages: {
    none: {
      text: '{vs} steers calls to {host} through {service}, but no NetworkPolicy here keeps the Pods of namespace {namespace} from calling it directly',
      label: 'only the sidecar steers',
      symptom:
        'nothing fails: a Pod without sidecar, with an annotation that excludes the address, or with NET_ADMIN goes past the gateway, its policies and its log',
      help: 'add a NetworkPolicy for all Pods of {namespace} that lets egress out to the gateway, to DNS and to istiod (15012), and nowhere else',
    },
    open: {
      text: '{policy} lets the Pods of namespace {namespace} call every address, so that they can go past {service}, through which {vs} steers calls to {host}',
      label: 'lets everything out',
      symptom:
        'nothing fails: a Pod without sidecar, with an annotation that excludes the address, or with NET_ADMIN goes past the gateway, its policies and its log',
      help: 'limit this rule to the addresses of the cluster, or to the gateway, DNS and istiod (15012)',
    },
  },

  create: ({ mesh, report }) => ({
    Mesh() {
      if (mesh.hasTemplates('NetworkPolicy')) return;
      const reported = new Set<string>();
      // Each namespace is looked at until the first step that its sidecars see, which is mostly the first of all.
      let remaining = mesh.clients.unrestricted;
      for (const hop of mesh.gatewayHops) {
        const seeing = remaining.filter(({ name }) => mesh.virtualServices.isVisible(hop.virtualService, name) && !isHome(hop, name, mesh));
        if (seeing.length > 0) remaining = remaining.filter((each) => !seeing.includes(each));
        const injected = seeing.map((each): Client => ({ namespace: each.name, at: { resource: each, path: ['metadata', 'name'] } }));
        for (const client of [...injected, ...ownClients(hop, mesh)]) {
          const { namespace } = client;
          if (reported.has(namespace) || isHome(hop, namespace, mesh)) continue;
          reported.add(namespace);
          const { virtualService: vs, destination } = hop;
          const data = { vs: nameOf(vs), host: vs.spec.hosts[0] ?? '', service: destination.host, namespace };
          const steering = { at: { resource: vs, path: [...destination.path, 'host'] }, message: `${nameOf(vs)} steers them` };
          const policies = mesh.inNamespace('NetworkPolicy', namespace).filter(restrictsEgress);
          const open = policies.flatMap((policy) => allowsEverywhere(policy).map((path) => ({ policy, path })))[0];
          const isForAll = policies.some(({ spec }) => fitsSelector(spec.podSelector ?? EVERYTHING, {}));
          if (open)
            report(
              'open',
              { resource: open.policy, path: open.path },
              { data: { ...data, policy: nameOf(open.policy) }, confidence: 'likely', related: [steering] },
            );
          else if (!isForAll) report('none', client.at, { data, confidence: 'likely', related: client.at.resource === vs ? [] : [steering] });
        }
      }
    },
  }),
});

interface Client {
  readonly namespace: string;
  readonly at: ResourcePlace;
}

/** The namespace of the VirtualService, where people mostly keep it, unless it has no clients. */
function ownClients({ virtualService: vs, destination }: Hop, mesh: Mesh): readonly Client[] {
  const isClient = mesh.hasKnownNamespace(vs) && !mesh.clients.hasNone(vs.namespace) && vs.namespace !== mesh.config.rootNamespace;
  return isClient ? [{ namespace: vs.namespace, at: { resource: vs, path: [...destination.path, 'host'] } }] : [];
}

/** Whether the gateway itself runs in a namespace: it has to get out. */
function isHome({ destination, gateway }: Hop, namespace: string, mesh: Mesh): boolean {
  return destination.host.split('.')[1] === namespace || mesh.gatewayServices.namespacesOf(gateway).includes(namespace);
}
