import type { Gateway } from '../resources/gateway.ts';
import { HostIndex } from './host-index.ts';
import { expandShortName, isWildcard } from './host-name.ts';
import type { Mesh } from './mesh.ts';
import { isOutsideHost } from './outside-hosts.ts';
import type { RegisteredHost } from './registry.ts';
import { isTemplated } from './template-paths.ts';

/** A server of a Gateway that waits for an outside host for which nothing leads there. */
export interface IdleServer {
  readonly gateway: Gateway;
  readonly server: number;
  readonly index: number;
  readonly registered: RegisteredHost;
}

/** Whether any of these route calls as well: then a Gateway may be there for them. */
const OTHER_ROUTES = ['HTTPRoute', 'TLSRoute', 'TCPRoute', 'GRPCRoute'] as const;

/**
 * G-4: the Gateways with a server for an outside host that a ServiceEntry beside them registers, where no VirtualService in view is for that host or bound to
 * the Gateway. One server for each Gateway. A server for an outside host can only be there to send its calls on.
 */
export function idleServers(mesh: Mesh): readonly IdleServer[] {
  const virtualServices = mesh.all('VirtualService');
  if (mesh.hasUnknownNames('VirtualService') || virtualServices.some((each) => isTemplated(each, ['spec']))) return [];
  if (OTHER_ROUTES.some((kind) => mesh.all(kind).length > 0)) return [];
  const idle = mesh.all('Gateway').filter((gateway) => !isTemplated(gateway, ['spec']) && mesh.gatewayBindings.to(gateway).length === 0);
  if (idle.length === 0) return [];
  const { clusterDomain } = mesh.config;
  const routed = new HostIndex(
    virtualServices.flatMap((each) => each.spec.hosts.map((host) => [expandShortName(host, each.namespace, clusterDomain), each] as const)),
  );
  return idle.flatMap((gateway) => idleServerOf(gateway, mesh, (host) => routed.overlapping(host).length > 0) ?? []);
}

function idleServerOf(gateway: Gateway, mesh: Mesh, isRouted: (host: string) => boolean): IdleServer | undefined {
  for (const [server, { hosts }] of gateway.spec.servers.entries()) {
    for (const [index, entry] of hosts.entries()) {
      const host = entry.slice(entry.indexOf('/') + 1);
      if (isWildcard(host) || !isOutsideHost(host) || isRouted(host)) continue;
      const registered = mesh.registry.named(host).find(({ resource }) => resource.kind === 'ServiceEntry' && mesh.belongTogether(gateway, resource));
      if (registered) return { gateway, server, index, registered };
    }
  }
  return undefined;
}
