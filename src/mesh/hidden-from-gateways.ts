import type { DestinationRule } from '../resources/destination-rule.ts';
import type { Gateway } from '../resources/gateway.ts';
import type { ServiceEntry } from '../resources/service-entry.ts';
import type { VirtualService } from '../resources/virtual-service.ts';
import { farEndExpects } from './far-end.ts';
import type { GatewayHop } from './gateway-hops.ts';
import { groupBy } from './group-by.ts';
import { expandShortName } from './host-name.ts';
import type { Mesh } from './mesh.ts';
import { appliesToGateway, destinationsOf, type RouteDestination } from './routes.ts';
import { isTemplated } from './template-paths.ts';

/** An object that a gateway needs, but that is not exported to the namespace where the gateway's Pods run. */
export interface HiddenFromGateway {
  readonly object: VirtualService | ServiceEntry | DestinationRule;
  readonly gateway: Gateway;
  /** Where the gateway's Pods run. */
  readonly namespace: string;
  /** The route at the gateway that needs the object; undefined for the VirtualService itself. */
  readonly route: RouteDestination | undefined;
  /** Whether the files show which Pods run the Gateway. */
  readonly certain: boolean;
}

/**
 * V-5, V-10, D-2: what exportTo hides from a gateway: a VirtualService bound to it, the ServiceEntry to which its routes lead, or the DestinationRule that originates
 * TLS there. What counts is the namespace of the gateway's Pods, not the Gateway's own.
 */
export function hiddenFromGateways(mesh: Mesh): readonly HiddenFromGateway[] {
  const finder = new Finder(mesh);
  return [...groupBy(mesh.gatewayHops, ({ gateway }) => gateway).values()].flatMap((hops) => {
    const [{ gateway } = {}] = hops;
    if (!gateway) return [];
    const ofAll = new Set(hops.map(podNamespace));
    return mesh.gatewayBindings.to(gateway).flatMap((virtualService) => {
      if (!mesh.belongTogether(virtualService, gateway)) return [];
      // Where Pods of several namespaces run the Gateway, a VirtualService is for those to which it steers itself.
      const own = hops.filter((hop) => hop.virtualService === virtualService);
      const namespaces = own.length > 0 ? new Set(own.map(podNamespace)) : ofAll;
      const [namespace, another] = namespaces;
      if (namespace === undefined || another !== undefined) return [];
      const certain = hops.some((hop) => hop.certain && podNamespace(hop) === namespace);
      return finder.hiddenFor(virtualService, gateway, namespace).map((hidden) => ({ ...hidden, gateway, namespace, certain }));
    });
  });
}

/** A Service and its Pods are of one namespace. */
function podNamespace({ destination }: GatewayHop): string {
  return destination.host.split('.')[1] ?? '';
}

class Finder {
  private readonly mesh: Mesh;
  private rulesByHost: ReadonlyMap<string, readonly DestinationRule[]> | undefined;

  constructor(mesh: Mesh) {
    this.mesh = mesh;
  }

  hiddenFor(virtualService: VirtualService, gateway: Gateway, namespace: string): readonly Pick<HiddenFromGateway, 'object' | 'route'>[] {
    if (!this.mesh.virtualServices.isVisible(virtualService, namespace)) {
      return this.mesh.hasKnownNamespace(virtualService) ? [{ object: virtualService, route: undefined }] : [];
    }
    return destinationsOf(virtualService, this.mesh.config.clusterDomain).flatMap((route): readonly Pick<HiddenFromGateway, 'object' | 'route'>[] => {
      if (route.role !== 'route' || !appliesToGateway(virtualService, route.section, route.rule, gateway)) return [];
      const entry = this.hiddenEntry(virtualService, route, namespace);
      if (entry) return [{ object: entry, route }];
      const rule = this.hiddenOrigination(virtualService, route, namespace);
      return rule ? [{ object: rule, route }] : [];
    });
  }

  /** V-10: the first entry for a host, where none of those in view is for the gateway. */
  private hiddenEntry(virtualService: VirtualService, { host }: RouteDestination, namespace: string): ServiceEntry | undefined {
    const registered = this.mesh.registry.named(host);
    const isHidden = registered.every(
      (each) =>
        this.mesh.hasKnownNamespace(each.resource) && this.mesh.belongTogether(each.resource, virtualService) && !this.mesh.registry.isVisible(each, namespace),
    );
    const resource = isHidden ? registered[0]?.resource : undefined;
    return resource?.kind === 'ServiceEntry' ? resource : undefined;
  }

  /** D-2: the rule that would turn an `http` route to a TLS port into TLS, if the gateway looked at it. Rules of namespaces that it never looks in are another defect. */
  private hiddenOrigination(virtualService: VirtualService, { host, port, section }: RouteDestination, namespace: string): DestinationRule | undefined {
    if (section !== 'http' || port === undefined || farEndExpects(port) !== 'tls') return undefined;
    const [registered] = this.mesh.registry.named(host);
    if (!registered) return undefined;
    const consulted = [registered.namespace, this.mesh.config.rootNamespace];
    const query = { host, serviceNamespace: registered.namespace, port, subset: undefined };
    const inEffect = this.mesh.destinationRules.tlsInEffect({ ...query, clientNamespace: namespace });
    if (inEffect.decision || !inEffect.isCertain) return undefined;
    return this.rulesFor(host).find((rule) => {
      if (!consulted.includes(rule.namespace) || rule.spec.exportTo.length === 0) return false;
      if (isTemplated(rule, ['spec', 'exportTo']) || !this.mesh.hasKnownNamespace(rule) || !this.mesh.belongTogether(rule, virtualService)) return false;
      const { decision } = this.mesh.destinationRules.tlsInEffect({ ...query, clientNamespace: rule.namespace });
      return decision?.rule === rule && decision.tls.mode !== 'DISABLE';
    });
  }

  private rulesFor(host: string): readonly DestinationRule[] {
    this.rulesByHost ??= groupBy(this.mesh.all('DestinationRule'), ({ spec, namespace }) =>
      expandShortName(spec.host ?? '', namespace, this.mesh.config.clusterDomain),
    );
    return this.rulesByHost.get(host) ?? [];
  }
}
