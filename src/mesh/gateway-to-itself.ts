import type { VirtualService } from '../resources/virtual-service.ts';
import { gatewaysMeant } from './bound-gateways.ts';
import { resolveGateway } from './gateway-reference.ts';
import { expandShortName } from './host-name.ts';
import type { Mesh } from './mesh.ts';
import { appliesToGateway, destinationsOf, type RouteDestination } from './routes.ts';

/**
 * G-13: the first rule of a VirtualService for gateways alone that leads them to their own Service: it can only be meant for sidecars. Nothing is said where another
 * VirtualService in view is for these, or where any of the Gateways may run elsewhere.
 */
export function ruleToItself(mesh: Mesh, vs: VirtualService): RouteDestination | undefined {
  const { clusterDomain } = mesh.config;
  const gateways = gatewaysMeant(
    vs.spec.gateways.flatMap((entry) => resolveGateway(entry, vs.namespace) ?? []),
    vs,
    mesh,
  );
  if (!gateways || gateways.length === 0) return undefined;
  if (vs.spec.hosts.some((host) => mesh.gatewayBindings.forSidecars(expandShortName(host, vs.namespace, clusterDomain)).length > 0)) return undefined;
  return destinationsOf(vs, clusterDomain).find(({ host, section, rule, role }) => {
    const running = mesh.gatewayServices.gatewaysAt(host);
    return role === 'route' && gateways.every((gateway) => running.has(gateway) && appliesToGateway(vs, section, rule, gateway));
  });
}
