import type { Namespace } from '../resources/namespace.ts';
import type { Sidecar } from '../resources/sidecar.ts';
import { isGatewayWorkload, isInjected } from './client-namespaces.ts';
import type { Workload } from './workloads.ts';

interface Sources {
  readonly namespaces: readonly Namespace[];
  readonly sidecars: readonly Sidecar[];
  readonly rootNamespace: string;
  /** All Pods in view of a namespace. */
  readonly podsOf: (namespace: string) => readonly Workload[];
}

/** What Namespaces in view tell of where clients live. A namespace that is not in view may hold some or none. */
export class NamespacesWithClients {
  /** Those whose Pods get sidecars that see the whole mesh: a Sidecar may hide any part of it. */
  readonly unrestricted: readonly Namespace[];
  private readonly byName = new Map<string, Namespace[]>();
  private readonly podsOf: Sources['podsOf'];

  constructor({ namespaces, sidecars, rootNamespace, podsOf }: Sources) {
    this.podsOf = podsOf;
    for (const namespace of namespaces) {
      const list = this.byName.get(namespace.name);
      if (list) list.push(namespace);
      else this.byName.set(namespace.name, [namespace]);
    }
    const restricted = new Set(sidecars.map((sidecar) => sidecar.namespace));
    // S-1: a Sidecar of the root namespace holds for all that have none of their own.
    const candidates = restricted.has(rootNamespace) ? [] : namespaces.filter(({ name }) => !restricted.has(name) && name !== rootNamespace);
    this.unrestricted = candidates.filter((namespace) => isInjected(namespace) && !this.holdsGatewaysOnly(namespace.name));
  }

  /** Whether a namespace surely has no clients: it is in view without injection or ambient capture, and no Pod of it is. */
  hasNone(name: string): boolean {
    const namespaces = this.byName.get(name) ?? [];
    return namespaces.length > 0 && namespaces.every((namespace) => !isInjected(namespace) && !mayBeAmbient(namespace)) && this.podsOf(name).length === 0;
  }

  private holdsGatewaysOnly(name: string): boolean {
    const pods = this.podsOf(name);
    return pods.length > 0 && pods.every(isGatewayWorkload);
  }
}

function mayBeAmbient({ labels }: Namespace): boolean {
  return labels['istio.io/dataplane-mode'] !== undefined || labels['istio.io/use-waypoint'] !== undefined;
}
