import type { VirtualService } from '../../resources/virtual-service.ts';
import type { Age } from '../terms/age.ts';
import { type Placed, type Reason, within } from '../terms/reason.ts';

type Spec = VirtualService['spec'];

/** A rule that knows, where it comes from the Gateway API, which of its `matches` it was made of, and which of the `backendRefs` its destinations were. */
type WithOrigin<Rule extends { readonly route: readonly object[] }> = Omit<Rule, 'route'> & {
  readonly matchIndex?: number;
  readonly route: readonly (Rule['route'][number] & { readonly backend?: number })[];
};

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
  readonly http: readonly Placed<WithOrigin<Spec['http'][number]>>[];
  readonly tls: readonly Placed<WithOrigin<Spec['tls'][number]>>[];
  readonly tcp: readonly Placed<WithOrigin<Spec['tcp'][number]>>[];
  readonly age: Age;
  readonly isGatewayApi: boolean;
  /** the one namespace whose sidecars take it (a consumer's route), or undefined. */
  readonly onlyForClientsOf?: string;
  readonly at: Reason;
}

/**
 * Where a match of a rule stands.
 * @param index of the match in the rule; undefined where it has none
 * @param original the rule's `matchIndex`
 */
export function matchAt(rule: Reason, index: number | undefined, original: number | undefined): Reason {
  if (rule.resource.kind !== 'VirtualService') return original === undefined ? rule : within(rule, 'matches', original);
  return index === undefined ? rule : within(rule, 'match', index);
}

/**
 * Where a destination of a rule stands.
 * @param index of the destination in the rule
 * @param backend its index in `backendRefs`, where the rule comes from the Gateway API
 */
export function destinationAt(rule: Reason, index: number, backend: number | undefined): Reason {
  return backend === undefined ? within(rule, 'route', index, 'destination') : within(rule, 'backendRefs', backend);
}
