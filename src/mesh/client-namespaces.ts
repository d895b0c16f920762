import type { Namespace } from '../resources/namespace.ts';
import { isTemplateText } from '../yaml/template-text.ts';
import { STOCK } from './gateway-hops.ts';
import type { Mesh } from './mesh.ts';
import { isSelectedBy, type Workload } from './workloads.ts';

const INJECTION = 'istio-injection';
const REVISION = 'istio.io/rev';
const DATAPLANE_MODE = 'istio.io/dataplane-mode';
const WAYPOINT_OF_POD = 'gateway.networking.k8s.io/gateway-name';

/** Whether a Namespace's labels make Istio inject sidecars into its Pods: `istio-injection` has the last word, then a revision. */
export function isInjected({ labels }: Namespace): boolean {
  const injection = labels[INJECTION];
  return injection === undefined ? labels[REVISION] !== undefined : injection === 'enabled';
}

/** A-1: whether a Namespace's Pods are captured by ztunnel. A Pod with a sidecar is left to that, so namespaces with both count as sidecars'. */
export function isAmbient(namespace: Namespace): boolean {
  return namespace.labels[DATAPLANE_MODE] === 'ambient' && !isInjected(namespace);
}

/** Whether a workload is a gateway or waypoint: Sidecars and mesh routes mean nothing to it. */
export function isGatewayWorkload({ labels, annotations }: Pick<Workload, 'labels' | 'annotations'>): boolean {
  if (WAYPOINT_OF_POD in labels || annotations['inject.istio.io/templates']?.includes('gateway')) return true;
  return STOCK.some((stock) => labels['istio'] === stock.labels['istio'] || labels['app'] === stock.labels['app']);
}

/** G-1: the stock gateway that a selector picks, if it names any of its labels and no other. */
export function stockGatewayWith(selector: Readonly<Record<string, string>>): (typeof STOCK)[number] | undefined {
  return Object.keys(selector).length === 0 ? undefined : STOCK.find(({ labels }) => isSelectedBy(labels, selector));
}

/** Where clients with sidecars live, as far as the files show it. Labels can be set by command, so a namespace without any is a sign, and no proof. */
export class ClientNamespaces {
  private readonly mesh: Mesh;

  constructor(mesh: Mesh) {
    this.mesh = mesh;
  }

  /** Namespaces that are declared with sidecar injection. */
  get injected(): readonly string[] {
    const names = this.mesh.all('Namespace').flatMap((namespace) => (isInjected(namespace) ? [namespace.name] : []));
    return [...new Set(names)];
  }

  /** Whether any sidecar client is in view: a Namespace with injection, or a Sidecar. */
  get areInView(): boolean {
    return this.injected.length > 0 || this.mesh.all('Sidecar').length > 0;
  }

  /**
   * Whether a namespace looks as if no client lived there: its Namespace is in view (or it is Istio's own) and has no label for injection or ambient, and
   * nothing in view but gateways runs in it.
   */
  looksEmpty(name: string): boolean {
    const { rootNamespace } = this.mesh.config;
    const declared = this.mesh.named('Namespace', '', name);
    if (declared.length === 0 && name !== rootNamespace) return false;
    if (declared.some((namespace) => isInjected(namespace) || isAmbient(namespace) || hasUnknownLabels(namespace))) return false;
    // The Sidecar without a selector in the root namespace is the mesh's default, and no sign of clients there.
    const sidecars = this.mesh.inNamespace('Sidecar', name).filter((sidecar) => name !== rootNamespace || sidecar.isSet(['spec', 'workloadSelector']));
    return sidecars.length === 0 && this.mesh.podsSelected(name, {}).every(isGatewayWorkload);
  }
}

function hasUnknownLabels({ labels }: Namespace): boolean {
  return Object.entries(labels).some(([key, value]) => isTemplateText(key) || isTemplateText(value));
}
