import type { Gateway } from '../resources/gateway.ts';
import type { VirtualService } from '../resources/virtual-service.ts';
import { resolveGateway } from './gateway-reference.ts';
import type { MeantPods } from './gateway-selection.ts';
import type { Mesh } from './mesh.ts';
import { isSelectedBy } from './workloads.ts';

/** A Gateway that other Pods open than those to which its VirtualService sends sidecars. */
export interface GatewayElsewhere {
  readonly virtualService: VirtualService;
  readonly pods: MeantPods;
}

/**
 * G-1: whether a VirtualService sends sidecars to Pods in view that open none of the Gateways to which it is bound. Nothing is said where a Gateway is not in view,
 * or where another one brings the routes for its hosts to these Pods.
 */
export function openedElsewhere(mesh: Mesh, gateway: Gateway): GatewayElsewhere | undefined {
  for (const virtualService of mesh.gatewayBindings.to(gateway)) {
    if (virtualService.templates.length > 0 || !mesh.belongTogether(virtualService, gateway)) continue;
    const bound = gatewaysOf(mesh, virtualService);
    const pods = mesh.gatewaySelection.steeredTo(gateway, [virtualService], mesh.gatewayServices, mesh.config.clusterDomain);
    if (!bound || !pods?.resource || !mesh.belongTogether(gateway, pods.resource)) continue;
    const isOpen = bound.some(({ spec }) => isSelectedBy(pods.labels, spec.selector)) || isServedAt(mesh, pods, virtualService);
    if (!isOpen) return { virtualService, pods };
  }
  return undefined;
}

/** Every Gateway that a VirtualService names; undefined where one is not in view. */
function gatewaysOf(mesh: Mesh, { spec, namespace }: VirtualService): readonly Gateway[] | undefined {
  const references = spec.gateways.flatMap((entry) => resolveGateway(entry, namespace) ?? []);
  const found = references.map((reference) => mesh.named('Gateway', reference.namespace, reference.name));
  return found.every((each) => each.length === 1) ? found.flat() : undefined;
}

function isServedAt(mesh: Mesh, { host = '' }: MeantPods, { spec }: VirtualService): boolean {
  return [...mesh.gatewayServices.gatewaysAt(host)].some((other) => spec.hosts.some((each) => mesh.gatewayBindings.forHost(other, each).length > 0));
}
