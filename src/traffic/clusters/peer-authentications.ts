import { addTo } from '../../mesh/group-by.ts';
import type { MeshConfig } from '../../mesh/mesh-config.ts';
import { isSelectedBy } from '../../mesh/workloads.ts';
import type { PeerAuthentication } from '../../resources/peer-authentication.ts';
import { type Ages, byAge } from '../terms/age.ts';
import type { Reason } from '../terms/reason.ts';
import type { PodEndpoint } from './cluster.ts';

export type PeerMode = 'DISABLE' | 'PERMISSIVE' | 'STRICT';

/** What the inbound side of a Pod takes on a port, and the field that says so; none where the default holds. */
export interface InboundMode {
  readonly mode: PeerMode;
  readonly at: Reason | undefined;
}

const DEFAULT: InboundMode = { mode: 'PERMISSIVE', at: undefined };

/** PeerAuthentications, asked from both ends of a connection (D-9, P-5). Istio: pilot/pkg/model/authentication.go, pilot/pkg/security/authn. */
export class PeerAuthentications {
  private readonly rootNamespace: string;
  private readonly byNamespace = new Map<string, PeerAuthentication[]>();

  constructor(policies: readonly PeerAuthentication[], ages: Ages, { rootNamespace }: Pick<MeshConfig, 'rootNamespace'>) {
    this.rootNamespace = rootNamespace;
    for (const policy of [...policies].sort((a, b) => byAge(ages.of(a), ages.of(b)))) {
      addTo(this.byNamespace, policy.namespace, policy);
    }
  }

  /** D-9: what clients take the Pods of a namespace to want. Policies for some of them, or for single ports, are not looked at. */
  ofNamespace(namespace: string): InboundMode {
    const inherited = modeOf(this.forWhole(this.rootNamespace)) ?? DEFAULT;
    return (namespace === this.rootNamespace ? undefined : modeOf(this.forWhole(namespace))) ?? inherited;
  }

  /** P-5: what a Pod takes on one of its ports: the oldest policy that selects it, that of its namespace, that of the mesh. */
  ofPod({ namespace, labels }: Pick<PodEndpoint, 'namespace' | 'labels'>, port: number): InboundMode {
    const outer = this.ofNamespace(namespace);
    // A policy of the root namespace is for the whole mesh or for nobody.
    const own = namespace === this.rootNamespace ? undefined : this.inNamespace(namespace).find((policy) => selects(policy, labels));
    if (!own) return outer;
    const ofWorkload = modeOf(own) ?? outer;
    const ofPort = own.spec.portLevelMtls[String(port)]?.mode;
    if (ofPort === undefined || ofPort === 'UNSET') return ofWorkload;
    return { mode: ofPort, at: { resource: own, path: ['spec', 'portLevelMtls', String(port), 'mode'] } };
  }

  private forWhole(namespace: string): PeerAuthentication | undefined {
    return this.inNamespace(namespace).find((policy) => !hasSelector(policy));
  }

  private inNamespace(namespace: string): readonly PeerAuthentication[] {
    return this.byNamespace.get(namespace) ?? [];
  }
}

function modeOf(policy: PeerAuthentication | undefined): InboundMode | undefined {
  const mode = policy?.spec.mtls?.mode;
  if (!policy || mode === undefined || mode === 'UNSET') return undefined;
  return { mode, at: { resource: policy, path: ['spec', 'mtls', 'mode'] } };
}

function hasSelector({ spec }: PeerAuthentication): boolean {
  return Object.keys(spec.selector?.matchLabels ?? {}).length > 0;
}

function selects(policy: PeerAuthentication, labels: PodEndpoint['labels']): boolean {
  return hasSelector(policy) && isSelectedBy(labels, policy.spec.selector?.matchLabels ?? {});
}
