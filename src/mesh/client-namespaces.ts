import type { Namespace } from '../resources/namespace.ts';
import { isTemplateText } from '../yaml/template-text.ts';
import { isGatewayWorkload } from './gateway-workloads.ts';
import type { Mesh } from './mesh.ts';

const INJECTION = 'istio-injection';
const REVISION = 'istio.io/rev';
const DATAPLANE_MODE = 'istio.io/dataplane-mode';
const USE_WAYPOINT = 'istio.io/use-waypoint';

/** Whether a Namespace's labels make Istio inject sidecars into its Pods: `istio-injection` has the last word, then a revision. */
export function isInjected({ labels }: Namespace): boolean {
  const injection = labels[INJECTION];
  return injection === undefined ? labels[REVISION] !== undefined : injection === 'enabled';
}

/** A-1: whether a Namespace's Pods are captured by ztunnel. A Pod with a sidecar is left to that, so namespaces with both count as sidecars'. */
export function isAmbient(namespace: Namespace): boolean {
  return namespace.labels[DATAPLANE_MODE] === 'ambient' && !isInjected(namespace);
}

/**
 * Where clients live, as far as the files show it. Labels can be set by command, so a Namespace without any is a sign, and no proof; one that is not in
 * view may hold some or none.
 */
export class ClientNamespaces {
  private readonly mesh: Mesh;
  private lazyInjected: readonly string[] | undefined;
  private lazyUnrestricted: readonly Namespace[] | undefined;

  constructor(mesh: Mesh) {
    this.mesh = mesh;
  }

  /** Namespaces that are declared with sidecar injection. */
  get injected(): readonly string[] {
    this.lazyInjected ??= [...new Set(this.mesh.all('Namespace').flatMap((namespace) => (isInjected(namespace) ? [namespace.name] : [])))];
    return this.lazyInjected;
  }

  /** Namespaces in view whose Pods get sidecars that see the whole mesh: a Sidecar may hide any part of it. */
  get unrestricted(): readonly Namespace[] {
    this.lazyUnrestricted ??= this.withoutSidecars().filter((namespace) => isInjected(namespace) && !this.holdsGatewaysOnly(namespace.name));
    return this.lazyUnrestricted;
  }

  /** Whether any sidecar client is in view: a Namespace with injection, or a Sidecar. */
  get areInView(): boolean {
    return this.injected.length > 0 || this.mesh.all('Sidecar').length > 0;
  }

  /** Whether a namespace surely has no clients: it is in view without injection or ambient capture, and no Pod of it is. */
  hasNone(name: string): boolean {
    const declared = this.mesh.named('Namespace', '', name);
    if (declared.length === 0 || declared.some((namespace) => isInjected(namespace) || mayBeAmbient(namespace))) return false;
    return this.mesh.podsSelected(name, {}).length === 0;
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

  /** S-1: a Sidecar of the root namespace holds for all that have none of their own. */
  private withoutSidecars(): readonly Namespace[] {
    const { rootNamespace } = this.mesh.config;
    const restricted = new Set(this.mesh.all('Sidecar').map((sidecar) => sidecar.namespace));
    if (restricted.has(rootNamespace)) return [];
    return this.mesh.all('Namespace').filter(({ name }) => !restricted.has(name) && name !== rootNamespace);
  }

  private holdsGatewaysOnly(name: string): boolean {
    const pods = this.mesh.podsSelected(name, {});
    return pods.length > 0 && pods.every(isGatewayWorkload);
  }
}

function mayBeAmbient({ labels }: Namespace): boolean {
  return labels[DATAPLANE_MODE] !== undefined || labels[USE_WAYPOINT] !== undefined;
}

function hasUnknownLabels({ labels }: Namespace): boolean {
  return Object.entries(labels).some(([key, value]) => isTemplateText(key) || isTemplateText(value));
}
