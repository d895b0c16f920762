import { HostIndex } from '../../mesh/host-index.ts';
import type { RouteConfig } from './route-config.ts';
import type { RouteConfigs } from './route-configs.ts';

/** What is bound to Gateways and visible to one namespace (V-5), by host: no look-up walks over all that is bound. */
export class BoundRoutes {
  private readonly routes: RouteConfigs;
  private readonly namespace: string;
  private readonly indexes = new Map<string, HostIndex<number>>();

  constructor(routes: RouteConfigs, namespace: string) {
    this.routes = routes;
    this.namespace = namespace;
  }

  /**
   * Those that share a host with one of a list, in the order of V-5.
   * @param gateway `namespace/name`
   * @param hosts of a server: `host` or `namespace/host`
   */
  sharing(gateway: string, hosts: readonly string[]): readonly RouteConfig[] {
    const bound = this.routes.boundTo(gateway, this.namespace);
    const index = this.indexes.get(gateway) ?? new HostIndex(bound.flatMap((config, place) => config.hosts.map((host) => [host, place] as const)));
    this.indexes.set(gateway, index);
    const places = new Set(hosts.flatMap((host) => index.overlapping(host.slice(host.indexOf('/') + 1))));
    return [...places].sort((a, b) => a - b).flatMap((place) => bound[place] ?? []);
  }
}
