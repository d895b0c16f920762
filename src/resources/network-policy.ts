import { any, type Infer, integer, list, map, object, string } from './field.ts';
import type { KindDefinition, Resource } from './resource.ts';

const requirement = object('LabelSelectorRequirement', { key: string(), operator: string(), values: list(string()) }, { open: true });

/** An empty one selects everything, one that is not written nothing. */
const labelSelector = object('LabelSelector', { matchLabels: map(string()), matchExpressions: list(requirement) }, { open: true });

/** Both selectors in one peer have to fit; peers of a list are alternatives. */
const peer = object(
  'NetworkPolicyPeer',
  {
    podSelector: labelSelector,
    namespaceSelector: labelSelector,
    ipBlock: object('IPBlock', { cidr: string(), except: list(string()) }, { open: true }),
  },
  { open: true },
);

/** `port` is the number of a Pod's port or the name of a container's; without it all ports are meant. */
const port = object('NetworkPolicyPort', { protocol: string(), port: any(), endPort: integer() }, { open: true });

const spec = object(
  'NetworkPolicySpec',
  {
    podSelector: labelSelector,
    policyTypes: list(string()),
    ingress: list(object('NetworkPolicyIngressRule', { from: list(peer), ports: list(port) }, { open: true })),
    egress: list(object('NetworkPolicyEgressRule', { to: list(peer), ports: list(port) }, { open: true })),
  },
  { open: true },
);

/** networking.k8s.io NetworkPolicy: what the selected Pods may connect to, after Services have been resolved (docs/traffic-model.md, P-6). */
export const networkPolicy = {
  kind: 'NetworkPolicy',
  group: 'networking.k8s.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
} as const satisfies KindDefinition;

export type NetworkPolicy = Resource<'NetworkPolicy', Infer<typeof spec>>;
