import type { NetworkPolicy } from '../resources/network-policy.ts';
import type { Path } from '../yaml/locate.ts';
import { fitsSelector, type LabelSelector, mayFitByName, namespaceLabels } from './label-selector.ts';
import type { Mesh } from './mesh.ts';

type Labels = Readonly<Record<string, string>>;
type EgressRule = NetworkPolicy['spec']['egress'][number];
type Peer = EgressRule['to'][number];
type Port = EgressRule['ports'][number];

/** A target of connections: Pods of a namespace, by their labels where these are known. */
export interface Target {
  readonly namespace: string;
  readonly labels: Labels | undefined;
  /** Labels of which at least the values are known, where the Pods may have others as well. */
  readonly oneOf?: Readonly<Record<string, readonly string[]>>;
}

/** istiod's Pods, in the root namespace: Istio's charts give them `app` and `istio`, and whoever installs them may add others. No policy for kube-dns means them. */
export function istiodIn(namespace: string): Target {
  return { namespace, labels: undefined, oneOf: { app: ['istiod'], istio: ['pilot', 'istiod'], 'k8s-app': [] } };
}

/** P-6: whether a policy restricts what its Pods may call: it says so, or has rules for it. */
export function restrictsEgress({ spec }: NetworkPolicy): boolean {
  return spec.policyTypes.includes('Egress') || (spec.policyTypes.length === 0 && spec.egress.length > 0);
}

/** P-6: whether any rule may let a connection out. Labels that are not in view may fit; address ranges may hold any Pod's address unless they leave private ones out. */
export function mayReach(mesh: Mesh, policies: readonly NetworkPolicy[], target: Target, port: number, protocol: 'TCP' | 'UDP'): boolean {
  return policies.some((policy) =>
    policy.spec.egress.some(
      (rule) => allowsPort(rule.ports, port, protocol) && (rule.to.length === 0 || rule.to.some((peer) => mayMean(mesh, policy, peer, target))),
    ),
  );
}

/** P-6: whether any rule may let a connection to an address outside of the cluster out. Which address a name has is not known: any public one. */
export function mayLeave(policies: readonly NetworkPolicy[], port: number, holds: (cidr: string) => boolean): boolean {
  return policies.some(({ spec }) =>
    spec.egress.some(({ to, ports }) => {
      const isMeant = to.length === 0 || to.some(({ ipBlock }) => ipBlock && holds(ipBlock.cidr ?? ''));
      return isMeant && allowsPort(ports, port, 'TCP');
    }),
  );
}

/** P-6: whether a policy restricts who may call its Pods: it does unless it says that it is about something else. */
export function restrictsIngress({ spec }: NetworkPolicy): boolean {
  return spec.policyTypes.length === 0 || spec.policyTypes.includes('Ingress');
}

/** P-6: whether any rule may let a connection of a Pod in. */
export function mayBeReached(mesh: Mesh, policies: readonly NetworkPolicy[], client: Target, port: number): boolean {
  return policies.some((policy) =>
    policy.spec.ingress.some(
      ({ from, ports }) => allowsPort(ports, port, 'TCP') && (from.length === 0 || from.some((peer) => mayMean(mesh, policy, peer, client))),
    ),
  );
}

/** Whether any rule lets a port out, wherever to. */
export function allowsAnywhere(policies: readonly NetworkPolicy[], port: number, protocol: 'TCP' | 'UDP'): boolean {
  return policies.some(({ spec }) => spec.egress.some(({ ports }) => allowsPort(ports, port, protocol)));
}

/** Whether any rule lets a port in, whoever calls. */
export function letsPortIn(policies: readonly NetworkPolicy[], port: number): boolean {
  return policies.some(({ spec }) => spec.ingress.some(({ ports }) => allowsPort(ports, port, 'TCP')));
}

const DNS = 53;

/** P-6: the rules of a policy that let its Pods call every address, whatever the port; those for DNS alone are none. */
export function allowsEverywhere({ spec }: NetworkPolicy): readonly Path[] {
  return spec.egress.flatMap((rule, i): readonly Path[] => {
    if (rule.ports.length > 0 && rule.ports.every(({ port }) => port === DNS)) return [];
    if (rule.to.length === 0) return [['spec', 'egress', i]];
    return rule.to.flatMap(({ ipBlock }, j): readonly Path[] =>
      ipBlock && isEverything(ipBlock.cidr ?? '') ? [['spec', 'egress', i, 'to', j, 'ipBlock', 'cidr']] : [],
    );
  });
}

function isEverything(cidr: string): boolean {
  return cidr.endsWith('/0');
}

/** Names of ports are those of containers, which no file has to show: they may be any. */
function allowsPort(ports: readonly Port[], port: number, protocol: string): boolean {
  return ports.length === 0 || ports.some((each) => (each.protocol ?? 'TCP') === protocol && includes(each, port));
}

function includes({ port, endPort }: Port, number: number): boolean {
  if (port === undefined || port === null || typeof port === 'string') return !/^\d+$/.test(String(port ?? '')) || Number(port) === number;
  return port === number || (typeof port === 'number' && endPort !== undefined && port <= number && number <= endPort);
}

/** Whether a peer of a policy may mean a target: what is not in view about Namespaces and Pods may fit. */
export function mayMean(mesh: Mesh, policy: NetworkPolicy, { ipBlock, namespaceSelector, podSelector }: Peer, target: Target): boolean {
  if (ipBlock) return mayHoldPods(ipBlock.cidr ?? '') && !ipBlock.except.some(coversPods);
  if (namespaceSelector ? !mayBe(mesh, namespaceSelector, target.namespace) : policy.namespace !== target.namespace) return false;
  if (!podSelector) return true;
  return target.labels ? fitsSelector(podSelector, target.labels) : !contradicts(podSelector, target);
}

function contradicts({ matchLabels }: LabelSelector, { oneOf = {} }: Target): boolean {
  return Object.entries(matchLabels).some(([key, value]) => oneOf[key]?.includes(value) === false);
}

function mayBe(mesh: Mesh, selector: NonNullable<Peer['namespaceSelector']>, name: string): boolean {
  const declared = mesh.named('Namespace', '', name);
  if (!mayFitByName(selector, name)) return false;
  // Labels that the file leaves out may be set by command, so only what contradicts counts.
  return (
    declared.length === 0 ||
    declared.some((namespace) => fitsSelector(selector, namespaceLabels(namespace))) ||
    declared.every(({ labels }) => Object.keys(labels).length === 0)
  );
}

/** Private addresses, and ranges that hold them all. */
function mayHoldPods(cidr: string): boolean {
  return /^(?:10\.|172\.|192\.168\.|100\.|0\.0\.0\.0\/|f[cd]|::\/0)/i.test(cidr) || Number(cidr.split('/')[1] ?? 32) < 8;
}

function coversPods(cidr: string): boolean {
  return /^(?:10\.0\.0\.0\/8|172\.16\.0\.0\/12|192\.168\.0\.0\/16)$/.test(cidr);
}
