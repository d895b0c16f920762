import type { Protocol } from '../../mesh/protocol.ts';
import type { Resource } from '../../resources/resource.ts';
import type { Age } from './age.ts';
import type { Reason } from './reason.ts';

export type Labels = Readonly<Record<string, string>>;

export interface ServicePort {
  readonly number: number;
  readonly name: string;
  readonly protocol: Protocol;
  /** The port of the Pods, or of the endpoints that name none; a name where a Kubernetes Service gives one. */
  readonly targetPort: number | string | undefined;
  readonly at: Reason | undefined;
}

/** What clusters do with a Service's endpoints (E-2, N-15, N-16): NONE is ORIGINAL_DST, EDS a Kubernetes Service or STATIC, ALIAS an ExternalName. */
export type Resolution = 'EDS' | 'DNS' | 'DNS_ROUND_ROBIN' | 'NONE' | 'ALIAS' | 'DYNAMIC_DNS';

/**
 * One host at one address, as Istio's control plane knows it: a Kubernetes Service, or one host (and one address) of a ServiceEntry (L-15).
 * Istio: pilot/pkg/model/service.go, Service.
 */
export interface Service {
  readonly host: string;
  readonly namespace: string;
  readonly ports: readonly ServicePort[];
  /** An IP, a CIDR, or undefined: listeners then bind 0.0.0.0 (L-14). Already decided for automatic addresses: `hasAutoAddress`. */
  readonly address: string | undefined;
  /** L-14: qualifies for an automatic address, which counts only for clients with DNS capture. */
  readonly hasAutoAddress: boolean;
  /** The automatic address, where the file has the object's status. */
  readonly allocatedAddress?: string;
  readonly resolution: Resolution;
  readonly isHeadless: boolean;
  readonly isMeshExternal: boolean;
  readonly registry: 'kubernetes' | 'external';
  readonly exportTo: readonly string[];
  readonly labels: Labels;
  /** Pods behind it: a Service's selector, a ServiceEntry's workloadSelector. */
  readonly selector: Labels | undefined;
  readonly subjectAltNames: readonly string[];
  readonly age: Age;
  /** The object that registers it; undefined for one that is assumed (the stock gateways). */
  readonly resource: Resource | undefined;
  /** The host in the object. */
  readonly at: Reason | undefined;
  /** N-15: what an ExternalName Service stands for. */
  readonly externalName?: string;
  /** N-15: hosts of ExternalName Services whose target it is. */
  readonly aliases: readonly string[];
}

/** Whether two sets of labels have the same keys with the same values. */
export function sameLabels(a: Labels, b: Labels): boolean {
  const entries = Object.entries(a);
  return entries.length === Object.keys(b).length && entries.every(([key, value]) => b[key] === value);
}
