import { fitsSelector } from '../../mesh/label-selector.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { mayBeReached, mayLeave, mayReach, restrictsEgress, restrictsIngress } from '../../mesh/network-policies.ts';
import type { NetworkPolicy } from '../../resources/network-policy.ts';
import { isWithin } from '../terms/address.ts';
import type { Labels } from '../terms/service.ts';
import { type LayerVerdict, likely } from './layer-verdict.ts';

/** A Pod, as network policies see it. */
export interface PolicyPeer {
  readonly namespace: string;
  readonly labels: Labels;
}

/** Where a connection goes once Services have been resolved: to a Pod, or to an address outside (undefined where it is not known). */
export type NetworkTarget = { readonly pod: PolicyPeer } | { readonly ip: string | undefined };

/**
 * P-6: whether network policies drop a connection, on its way out of the client's Pod or into the one that it goes to. Only what no rule can let through is
 * dropped: labels, addresses and ports by name that are not in view may fit.
 * @param port of the Pod or of the server outside, not of a Service
 * @returns undefined where it may pass
 */
export function networkPolicyVerdict(mesh: Mesh, client: PolicyPeer, target: NetworkTarget, port: number): LayerVerdict | undefined {
  return egressVerdict(mesh, client, target, port) ?? ('pod' in target ? ingressVerdict(mesh, client, target.pod, port) : undefined);
}

function egressVerdict(mesh: Mesh, client: PolicyPeer, target: NetworkTarget, port: number): LayerVerdict | undefined {
  const policies = policiesFor(mesh, client).filter(restrictsEgress);
  if (policies.length === 0) return undefined;
  const isLetOut = 'pod' in target ? mayReach(mesh, policies, target.pod, port, 'TCP') : mayLeave(policies, port, (cidr) => mayHold(cidr, target.ip));
  return isLetOut ? undefined : likely('no rule of a network policy lets it out', placesOf(policies, 'egress'));
}

function ingressVerdict(mesh: Mesh, client: PolicyPeer, pod: PolicyPeer, port: number): LayerVerdict | undefined {
  const policies = policiesFor(mesh, pod).filter(restrictsIngress);
  if (policies.length === 0 || mayBeReached(mesh, policies, client, port)) return undefined;
  return likely('no rule of a network policy lets it in', placesOf(policies, 'ingress'));
}

function policiesFor(mesh: Mesh, { namespace, labels }: PolicyPeer): readonly NetworkPolicy[] {
  return mesh.inNamespace('NetworkPolicy', namespace).filter(({ spec }) => !spec.podSelector || fitsSelector(spec.podSelector, labels));
}

function placesOf(policies: readonly NetworkPolicy[], rules: 'egress' | 'ingress') {
  return policies.map((resource) => ({ resource, path: resource.isSet(['spec', rules]) ? ['spec', rules] : ['spec'] }));
}

const PRIVATE = /^(?:10\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.168\.|f[cd][\da-f]{2}:)/i;

/** A name leads to a public address, as far as is known. */
function mayHold(cidr: string, ip: string | undefined): boolean {
  return ip === undefined ? !PRIVATE.test(cidr) : isWithin(ip, cidr);
}
