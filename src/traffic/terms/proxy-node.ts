import type { Labels } from './service.ts';

/** Who opens a connection: a workload with a sidecar or captured by ztunnel, or the Pod of a gateway or waypoint. Clients that are alike in all of this are treated alike. */
export interface ProxyNode {
  readonly kind: 'sidecar' | 'gateway' | 'ztunnel' | 'waypoint';
  readonly namespace: string;
  /** The Pod's name where one is known. */
  readonly name: string | undefined;
  readonly labels: Labels;
  readonly serviceAccount: string;
}
