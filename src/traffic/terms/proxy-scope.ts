import type { Connection } from './connection.ts';
import type { Decision } from './decision.ts';
import type { ProxyNode } from './proxy-node.ts';
import type { Reason } from './reason.ts';
import type { Service } from './service.ts';

/** More scopes of sidecars are not kept at a time: questions mostly come namespace by namespace, and a mesh may have thousands. */
export const MOST_SCOPES = 256;

/** What the configuration makes one proxy do: sidecars (sections S, L, R of docs/traffic-model.md) and gateways (section G) each in their way. */
export interface ProxyScope {
  readonly proxy: ProxyNode;
  /**
   * The Service that gives this proxy its clusters for a host (V-8 to V-10, S-6); its `ports` are those for which clusters exist.
   * Undefined where the proxy has none.
   */
  readonly serviceOf: (host: string) => Service | undefined;
  /** V-8: all registrations of a host of which a sidecar is told, in order; destinations of routes alone (S-6) are not among them. */
  readonly copiesOf?: (host: string) => readonly Service[];
  /** What is done with a connection that reaches the proxy. */
  readonly decide: (connection: Connection) => Decision;
  /** The Sidecar that applies, if any. */
  readonly sidecar?: Reason | undefined;
}
