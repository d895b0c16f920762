import type { NetworkPolicy } from '../resources/network-policy.ts';
import type { Service } from '../resources/service.ts';
import type { Path } from '../yaml/locate.ts';
import { serviceHost } from './host-name.ts';
import { fitsSelector } from './label-selector.ts';
import type { Mesh } from './mesh.ts';
import { letsPortIn, mayMean, mayReach } from './network-policies.ts';

type Rule = NetworkPolicy['spec']['egress'][number];
type Port = Rule['ports'][number];

/** A port of a rule that is a Service's, where the Pods behind it listen on another. */
export interface ServicePortInRule {
  readonly path: Path;
  readonly service: Service;
  readonly port: number;
  readonly targetPort: number;
  /** Whether the rule picks the Service's Pods out by their labels. Otherwise sidecars are sent to the port, and the rule may mean another one. */
  readonly isNamed: boolean;
}

/**
 * P-6: rules for gateways' Pods that name a port of their Service: policies see connections after the Service's address was replaced by a Pod's, and its port by
 * the target port. Only where no other rule in view lets the target port through.
 */
export function servicePortsIn(mesh: Mesh, policy: NetworkPolicy, services: readonly Service[]): readonly ServicePortInRule[] {
  return [...inEgress(mesh, policy, services), ...inIngress(mesh, policy, services)];
}

function inEgress(mesh: Mesh, policy: NetworkPolicy, services: readonly Service[]): readonly ServicePortInRule[] {
  const all = policiesBeside(mesh, policy);
  return policy.spec.egress.flatMap(({ to, ports }, i) =>
    ports.flatMap((each, j): readonly ServicePortInRule[] => {
      const found = services.flatMap((service) => {
        const target = { namespace: service.namespace, labels: service.spec.selector };
        const ofService = portOf(service, each);
        if (!ofService || mayReach(mesh, all, target, ofService.targetPort, 'TCP')) return [];
        const peers = to.filter((peer) => !peer.ipBlock && mayMean(mesh, policy, peer, target));
        const isNamed = peers.some(({ podSelector }) => podSelector !== undefined);
        return isNamed || (peers.length > 0 && isSteeredTo(mesh, service, ofService.port)) ? [{ service, ...ofService, isNamed }] : [];
      });
      const [first, another] = found;
      return first && !another ? [{ path: ['spec', 'egress', i, 'ports', j, 'port'], ...first }] : [];
    }),
  );
}

/** The same at the other end: what the gateway's own policy lets in. Its clients are those of the rule, whoever they are. */
function inIngress(mesh: Mesh, policy: NetworkPolicy, services: readonly Service[]): readonly ServicePortInRule[] {
  const { podSelector, ingress } = policy.spec;
  const own = services.filter(({ namespace, spec }) => namespace === policy.namespace && podSelector && fitsSelector(podSelector, spec.selector));
  const [service, another] = own;
  if (!service || another || !podSelector || Object.keys(podSelector.matchLabels).length === 0) return [];
  const beside = policiesBeside(mesh, policy).filter(({ spec }) => spec.podSelector && fitsSelector(spec.podSelector, service.spec.selector));
  return ingress.flatMap(({ ports }, i) =>
    ports.flatMap((each, j): readonly ServicePortInRule[] => {
      const ofService = portOf(service, each);
      if (!ofService || letsPortIn(beside, ofService.targetPort)) return [];
      return [{ path: ['spec', 'ingress', i, 'ports', j, 'port'], service, ...ofService, isNamed: true }];
    }),
  );
}

function policiesBeside(mesh: Mesh, policy: NetworkPolicy): readonly NetworkPolicy[] {
  return mesh.inNamespace('NetworkPolicy', policy.namespace).filter((each) => each === policy || mesh.belongTogether(each, policy));
}

function isSteeredTo(mesh: Mesh, { name, namespace }: Service, port: number): boolean {
  const host = serviceHost(name, namespace, mesh.config.clusterDomain);
  return mesh.gatewayHops.some(({ destination }) => destination.host === host && destination.port === port);
}

/** The port of a Service that a rule names, with its target port, where that is another number, and no target port is called like the port. */
function portOf({ spec }: Service, { port, endPort, protocol = 'TCP' }: Port): { readonly port: number; readonly targetPort: number } | undefined {
  if (typeof port !== 'number' || endPort !== undefined || protocol !== 'TCP') return undefined;
  if (spec.ports.some(({ targetPort, port: own }) => (targetPort ?? own) === port || typeof targetPort === 'string')) return undefined;
  const targetPort = spec.ports.find((each) => each.port === port)?.targetPort;
  return typeof targetPort === 'number' ? { port, targetPort } : undefined;
}
