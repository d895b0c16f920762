import type { VirtualService } from '../../resources/virtual-service.ts';
import type { Age } from '../terms/age.ts';
import type { Placed, Reason } from '../terms/reason.ts';

type Spec = VirtualService['spec'];

/**
 * A VirtualService with its names resolved (N-6, N-9) and its delegates merged, or what a route of the Gateway API becomes.
 * Istio: pilot/pkg/model/virtualservice.go.
 */
export interface RouteConfig {
  readonly name: string;
  readonly namespace: string;
  readonly hosts: readonly string[];
  /** `mesh`, or `namespace/name` of a Gateway. */
  readonly gateways: readonly string[];
  readonly exportTo: readonly string[];
  readonly http: readonly Placed<Spec['http'][number]>[];
  readonly tls: readonly Placed<Spec['tls'][number]>[];
  readonly tcp: readonly Placed<Spec['tcp'][number]>[];
  readonly age: Age;
  readonly isGatewayApi: boolean;
  /** the one namespace whose sidecars take it (a consumer's route), or undefined. */
  readonly onlyForClientsOf?: string;
  /** Rules (by index in `http`, `tls`, `tcp`) whose backends cannot be resolved: HTTP 500. */
  readonly unresolved?: ReadonlySet<unknown>;
  readonly at: Reason;
}
