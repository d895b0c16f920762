import type { ClusterKey } from '../terms/decision.ts';
import type { Reason } from '../terms/reason.ts';
import type { Labels, Service, ServicePort } from '../terms/service.ts';

/** Where a cluster sends connections. */
export interface Endpoint {
  /** An address (address.ts: `madeUpPodAddress` where a Pod's is not known) or a name that the proxy resolves; a path for a Unix socket. */
  readonly address: string;
  readonly port: number;
  readonly labels: Labels;
  /** D-9: whether it is known to take mesh mTLS (label `security.istio.io/tlsMode: istio`, or a service account). */
  readonly takesMeshTls: boolean;
  /** The service account that it is known to run under. */
  readonly identity: string | undefined;
  /** The Pod, where it is one: an inbound listener or a gateway follows. */
  readonly pod: PodEndpoint | undefined;
}

/** A Pod in view, or one that is made up for a selector that fits none. */
export interface PodEndpoint {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly kind: 'sidecar' | 'gateway' | 'none';
  readonly serviceAccount: string;
}

/** What a proxy puts around a connection to a cluster (D-8). */
export interface UpstreamTls {
  readonly mode: 'NONE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL';
  /** '' where none is sent. `auto`: taken from the Host that goes upstream. */
  readonly sni: string | 'auto';
  readonly alpn: readonly string[];
  /** Identities of which the server has to have one; any will do where the list is empty. */
  readonly subjectAltNames: readonly string[];
  /** Against what the server's certificate is checked. */
  readonly verifies: 'mesh' | 'other' | 'nothing';
  /** D-9: mTLS that applies only to endpoints that take it; the others get plaintext. */
  readonly isAutomatic: boolean;
}

/** A cluster of one proxy. Istio: pilot/pkg/networking/core/cluster.go. */
export interface Cluster {
  readonly key: ClusterKey;
  readonly service: Service;
  readonly port: ServicePort;
  readonly type: 'EDS' | 'STATIC' | 'STRICT_DNS' | 'LOGICAL_DNS' | 'ORIGINAL_DST' | 'DYNAMIC_FORWARD_PROXY';
  readonly tls: UpstreamTls;
  /** None where connections go to where the client dialled (ORIGINAL_DST), or to what the request names (DYNAMIC_FORWARD_PROXY). */
  readonly endpoints: readonly Endpoint[];
  /** E-13: the port to which an ORIGINAL_DST cluster sends instead of the one that was dialled. */
  readonly portOverride: number | undefined;
  /** The DestinationRule that counts, the subset in it, and the field that sets TLS. */
  readonly destinationRule: Reason | undefined;
  readonly subset: Reason | undefined;
  readonly tlsAt: Reason | undefined;
}

/** Why a proxy has no such cluster. */
export interface MissingCluster {
  readonly key: ClusterKey;
  readonly missing: 'host' | 'hidden-host' | 'port' | 'subset' | 'subset-endpoints' | 'endpoints';
  /** What comes closest: the entry that lacks the port, the rule that lacks the subset, the export that hides the host. */
  readonly at: Reason | undefined;
}
