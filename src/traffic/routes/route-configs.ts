import { discovered } from '../../mesh/discovered.ts';
import { isExportedTo } from '../../mesh/export-to.ts';
import { MESH } from '../../mesh/gateway-reference.ts';
import { addTo } from '../../mesh/group-by.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type Ages, byAge } from '../terms/age.ts';
import { mergedRule } from './delegates.ts';
import type { RouteConfig } from './route-config.ts';
import { type PlacedHttpRule, routesOfVirtualService } from './virtual-service-routes.ts';

const NONE: readonly RouteConfig[] = [];

/** The routes that are bound to one gateway name, by who may see them (V-5). */
interface Bound {
  /** Of the own namespace, or exported to single namespaces: by the namespace that sees them. */
  readonly own: Map<string, RouteConfig[]>;
  readonly exported: Map<string, RouteConfig[]>;
  readonly public: RouteConfig[];
}

/** All routes of a mesh, those that come from elsewhere (the Gateway API) included, by the gateway name that they are bound to. */
export class RouteConfigs {
  /** The oldest first, delegates merged into those that refer to them. */
  readonly all: readonly RouteConfig[];
  private readonly byGateway = new Map<string, Bound>();
  private readonly visible = new Map<string, readonly RouteConfig[]>();
  /** Namespaces with routes of the Gateway API for sidecars. */
  private readonly withMeshRoutes = new Set<string>();
  private readonly defaultExportTo: readonly string[];
  private askedFor: ReadonlySet<string> | undefined;

  constructor(mesh: Mesh, ages: Ages, others: readonly RouteConfig[] = NONE) {
    this.defaultExportTo = mesh.config.defaultVirtualServiceExportTo;
    const written = discovered(mesh, 'VirtualService').map((virtualService) =>
      routesOfVirtualService(virtualService, ages.of(virtualService), mesh.config.clusterDomain),
    );
    this.all = [...withDelegates(written, this.defaultExportTo), ...others].sort((a, b) => byAge(a.age, b.age));
    for (const config of this.all) this.add(config);
  }

  /**
   * V-5: the routes that proxies of a namespace see under a gateway name (`mesh`, or `namespace/name`): those of their own namespace alone, then those
   * exported to it by name, then the public ones, the oldest first in each; before others of their sort, for sidecars, the Gateway API's of their own
   * namespace. Namespaces that see no others than the public ones share one list.
   */
  boundTo(gateway: string, namespace: string): readonly RouteConfig[] {
    const bound = this.byGateway.get(gateway);
    if (!bound) return NONE;
    const own = bound.own.get(namespace) ?? NONE;
    const exported = bound.exported.get(namespace) ?? NONE;
    const prefersOwn = gateway === MESH && this.withMeshRoutes.has(namespace);
    if (own.length + exported.length === 0 && !prefersOwn) return bound.public;
    const key = `${gateway} ${namespace}`;
    const lists = [own, exported, bound.public];
    const known = this.visible.get(key) ?? (prefersOwn ? lists.map((list) => ownRoutesFirst(list, namespace)) : lists).flat();
    this.visible.set(key, known);
    return known;
  }

  /** Whether sidecars of a namespace see the same routes as those of most others, and no route asks for the namespace. */
  isOrdinary(namespace: string): boolean {
    this.askedFor ??= new Set(this.all.flatMap(namespacesIn));
    return this.boundTo(MESH, namespace) === (this.byGateway.get(MESH)?.public ?? NONE) && !this.askedFor.has(namespace);
  }

  private add(config: RouteConfig): void {
    const exportTo = new Set((config.exportTo.length > 0 ? config.exportTo : this.defaultExportTo).map((entry) => (entry === '.' ? config.namespace : entry)));
    if (config.isGatewayApi && config.gateways.includes(MESH)) this.withMeshRoutes.add(config.namespace);
    for (const gateway of new Set(config.gateways)) {
      const bound: Bound = this.byGateway.get(gateway) ?? { own: new Map(), exported: new Map(), public: [] };
      this.byGateway.set(gateway, bound);
      if (exportTo.has('*')) bound.public.push(config);
      else if (!exportTo.has('~')) for (const namespace of exportTo) addTo(namespace === config.namespace ? bound.own : bound.exported, namespace, config);
    }
  }
}

/** The namespaces of clients that a route asks for. */
function namespacesIn({ http, tls, tcp, onlyForClientsOf }: RouteConfig): readonly string[] {
  const asked = [...http, ...tls, ...tcp].flatMap(({ value }) => value.match.flatMap(({ sourceNamespace }) => sourceNamespace || []));
  return onlyForClientsOf === undefined ? asked : [...asked, onlyForClientsOf];
}

function ownRoutesFirst(configs: readonly RouteConfig[], namespace: string): readonly RouteConfig[] {
  const isOwn = (config: RouteConfig): boolean => config.isGatewayApi && config.namespace === namespace;
  return [...configs.filter(isOwn), ...configs.filter((config) => !isOwn(config))];
}

/** VirtualServices without hosts are there to be referred to; rules that refer to one that is missing or hidden are dropped. */
function withDelegates(configs: readonly RouteConfig[], defaultExportTo: readonly string[]): RouteConfig[] {
  const delegates = new Map(configs.flatMap((config) => (config.hosts.length === 0 ? [[`${config.namespace}/${config.name}`, config] as const] : [])));
  return configs.flatMap((config) => {
    if (config.hosts.length === 0) return [];
    if (config.http.every(({ value }) => !value.delegate)) return [config];
    return [{ ...config, http: config.http.flatMap((rule) => delegated(rule, config, delegates, defaultExportTo)) }];
  });
}

function delegated(
  rule: PlacedHttpRule,
  root: RouteConfig,
  delegates: ReadonlyMap<string, RouteConfig>,
  defaultExportTo: readonly string[],
): readonly PlacedHttpRule[] {
  const { delegate } = rule.value;
  if (!delegate) return [rule];
  const target = delegates.get(`${delegate.namespace || root.namespace}/${delegate.name ?? ''}`);
  if (!target || !isExportedTo(target.exportTo, target.namespace, root.namespace, defaultExportTo)) return [];
  return target.http.flatMap(({ value, at }) => {
    const merged = mergedRule(rule.value, value);
    return merged ? [{ value: merged, at }] : [];
  });
}
