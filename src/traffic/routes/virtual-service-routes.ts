import { MESH, resolveGateway } from '../../mesh/gateway-reference.ts';
import { expandShortName } from '../../mesh/host-name.ts';
import type { VirtualService } from '../../resources/virtual-service.ts';
import type { Path } from '../../yaml/locate.ts';
import type { Age } from '../terms/age.ts';
import type { Placed } from '../terms/reason.ts';
import type { RouteConfig } from './route-config.ts';

type Spec = VirtualService['spec'];
type Section = 'http' | 'tls' | 'tcp';

/** N-6, N-9: a VirtualService with all hosts and gateways in it resolved. Istio: pilot/pkg/model/virtualservice.go, ResolveVirtualServiceShortnames. */
export function routesOfVirtualService(resource: VirtualService, age: Age, clusterDomain: string): RouteConfig {
  const { spec, name, namespace } = resource;
  const resolver = new Resolver(namespace, clusterDomain);
  const placed = <T>(section: Section, values: readonly T[]): readonly Placed<T>[] =>
    values.map((value, index) => ({ value, at: { resource, path: ['spec', section, index] satisfies Path } }));
  return {
    name,
    namespace,
    hosts: spec.hosts.filter((host) => host !== '').map((host) => resolver.host(host)),
    gateways: spec.gateways.length === 0 ? [MESH] : spec.gateways.map((gateway) => resolver.gateway(gateway)),
    exportTo: spec.exportTo,
    http: placed(
      'http',
      spec.http.map((rule) => resolver.rule(rule)),
    ),
    tls: placed(
      'tls',
      spec.tls.map((rule) => resolver.rule(rule)),
    ),
    tcp: placed(
      'tcp',
      spec.tcp.map((rule) => resolver.rule(rule)),
    ),
    age,
    isGatewayApi: false,
    at: { resource, path: ['metadata', 'name'] },
  };
}

interface WithDestination {
  readonly destination?: { readonly host?: string };
}

interface Rule {
  readonly match: readonly { readonly gateways: readonly string[] }[];
  readonly route: readonly WithDestination[];
}

/** Copies only what it changes: most names are complete as they are written. */
class Resolver {
  private readonly namespace: string;
  private readonly clusterDomain: string;

  constructor(namespace: string, clusterDomain: string) {
    this.namespace = namespace;
    this.clusterDomain = clusterDomain;
  }

  host(host: string): string {
    return expandShortName(host, this.namespace, this.clusterDomain);
  }

  gateway(entry: string): string {
    const gateway = resolveGateway(entry, this.namespace);
    return gateway ? `${gateway.namespace}/${gateway.name}` : entry;
  }

  rule<R extends Rule>(rule: R): R {
    const match = changed(rule.match, (item) => {
      const gateways = changed(item.gateways, (gateway) => this.gateway(gateway));
      return gateways === item.gateways ? item : { ...item, gateways };
    });
    const route = changed(rule.route, (item) => {
      const host = item.destination?.host;
      return host === undefined || this.host(host) === host ? item : { ...item, destination: { ...item.destination, host: this.host(host) } };
    });
    return match === rule.match && route === rule.route ? rule : { ...rule, match, route };
  }
}

/** A list with its items replaced; the list itself where all of them stay. */
function changed<T>(items: readonly T[], replace: (item: T) => T): readonly T[] {
  const replaced = items.map(replace);
  return replaced.every((item, index) => item === items[index]) ? items : replaced;
}

/** Rules of a VirtualService's sections, resolved and with their places. */
export type PlacedHttpRule = Placed<Spec['http'][number]>;
