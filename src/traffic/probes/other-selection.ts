import { resolveGateway } from '../../mesh/gateway-reference.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { isTemplated } from '../../mesh/template-paths.ts';
import { isSelectedBy } from '../../mesh/workloads.ts';
import type { Gateway } from '../../resources/gateway.ts';
import type { VirtualService } from '../../resources/virtual-service.ts';
import type { ConnectionPath, Hop } from '../outcomes/outcome.ts';
import type { Reason } from '../terms/reason.ts';

/** A Gateway that picks other Pods than those to which its own VirtualService sends sidecars. */
export interface OtherSelection {
  readonly gateway: Gateway;
  readonly virtualService: VirtualService;
  /** The label that keeps it from picking them. */
  readonly key: string;
  readonly value: string;
  /** What those Pods have instead, in words. */
  readonly has: string;
}

/** Pods that stand for those of a Service end so; of their labels only those of its selector are known. */
const MADE_UP = '-synth';

/**
 * G-1, G-4: why nobody listens at the gateway to which a route sends a call: the Gateways in view that its VirtualService is bound to all select other Pods.
 * Undefined where that is not why, or where the Pods' labels are not known well enough to tell.
 */
export function otherSelection(
  { path, last, firstDestination }: { readonly path: ConnectionPath; readonly last: Hop; readonly firstDestination: Reason | undefined },
  mesh: Mesh,
): OtherSelection | undefined {
  const { kind, labels, name = MADE_UP } = last.proxy;
  if (path.outcome !== 'refused' || kind !== 'gateway' || path.hops.length < 2 || firstDestination?.resource.type !== 'VirtualService') return undefined;
  // Routes of the Gateway API are made into VirtualServices inside of Istio only; this is one of the files.
  const virtualService = firstDestination.resource as VirtualService;
  const gateways = gatewaysNamedBy(virtualService, mesh);
  if (gateways.some((gateway) => isTemplated(gateway, ['spec', 'selector']) || isSelectedBy(labels, gateway.spec.selector))) return undefined;
  for (const gateway of gateways) {
    const other = Object.entries(gateway.spec.selector).find(([key, value]) => labels[key] !== value);
    if (!other || !mesh.belongTogether(gateway, virtualService)) continue;
    const [key, value] = other;
    if (labels[key] === undefined && name.endsWith(MADE_UP)) continue;
    return { gateway, virtualService, key, value, has: labels[key] === undefined ? `no label '${key}'` : `'${key}: ${labels[key]}'` };
  }
  return undefined;
}

/** N-9: the Gateways in view that a VirtualService names. */
export function gatewaysNamedBy({ spec, namespace }: VirtualService, mesh: Mesh): readonly Gateway[] {
  return spec.gateways.flatMap((entry) => {
    const reference = resolveGateway(entry, namespace);
    return reference ? mesh.named('Gateway', reference.namespace, reference.name) : [];
  });
}
