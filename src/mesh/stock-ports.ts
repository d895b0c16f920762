import type { Gateway } from '../resources/gateway.ts';
import { serviceHost } from './host-name.ts';
import type { Mesh } from './mesh.ts';
import type { RouteDestination } from './routes.ts';
import { STOCK } from './stock-gateways.ts';

/** The ports that the stock Services of gateways expose, unless an installation adds more (docs/traffic-model.md, G-2). */
export const STOCK_PORTS: readonly number[] = [80, 443];

/** A server on a port that a stock Service lacks, to which sidecars are sent by that Service. */
export interface PortBeyondStock {
  readonly gateway: Gateway;
  /** Index into `spec.servers`. */
  readonly server: number;
  readonly port: number;
  /** The Service, as `namespace/name`. */
  readonly service: string;
  readonly route: RouteDestination;
}

/** The servers of Gateways on ports that stock Services do not have, where no file holds the Service: it may have been given more. */
export function portsBeyondStock(mesh: Mesh): readonly PortBeyondStock[] {
  return STOCK.flatMap(({ name, namespace }) => {
    const host = serviceHost(name, namespace, mesh.config.clusterDomain);
    if (mesh.gatewayServices.serviceAt(host)) return [];
    return [...mesh.gatewayServices.gatewaysAt(host)].flatMap((gateway) =>
      gateway.spec.servers.flatMap((each, server) => {
        const port = each.port?.number;
        if (!port || STOCK_PORTS.includes(port)) return [];
        const route = mesh.routes.to(host, port).find((found) => found.port === port && mesh.belongTogether(found.virtualService, gateway));
        return route ? [{ gateway, server, port, service: `${namespace}/${name}`, route }] : [];
      }),
    );
  });
}
