import type { Resource } from '../resources/resource.ts';
import type { Service } from '../resources/service.ts';
import type { ServiceEntry } from '../resources/service-entry.ts';
import { expandShortName, isWildcard, serviceHost } from './host-name.ts';
import type { Mesh } from './mesh.ts';
import type { RegisteredHost } from './registry.ts';
import { STOCK } from './stock-gateways.ts';

/** What the files show of a host that a route or a DestinationRule names (docs/traffic-model.md, N-6, N-7, R-12). `host` is the name once it is completed. */
export type HostReference =
  /** In view under exactly this name. */
  | { readonly state: 'registered'; readonly host: string; readonly registrations: readonly RegisteredHost[] }
  /** N-7: `name.namespace` or `name.namespace.svc`, the host of no Service; `service` is the one that is meant, where it is in view. */
  | { readonly state: 'half-qualified'; readonly host: string; readonly meant: string; readonly service: Service | undefined }
  /** N-6: a short name, while all Services of that name stand in one other namespace. `isKnown` where the files leave no doubt. */
  | {
      readonly state: 'elsewhere';
      readonly host: string;
      readonly meant: string;
      readonly service: Service | ServiceEntry | undefined;
      readonly isKnown: boolean;
    }
  /** only a wildcard takes the name in, which does not make it a destination. */
  | { readonly state: 'within-wildcard'; readonly host: string; readonly registration: RegisteredHost }
  | { readonly state: 'not-in-view'; readonly host: string };

/**
 * What a host means that an object names.
 * @param written as it stands in the file
 */
export function hostReference(mesh: Mesh, from: Resource, written: string): HostReference {
  const { registry, config } = mesh;
  const host = expandShortName(written, from.namespace, config.clusterDomain);
  const registrations = registry.named(host);
  if (registrations.length > 0) return { state: 'registered', host, registrations };
  const registration = isWildcard(host) ? undefined : registry.covering(host)[0];
  if (registration) return { state: 'within-wildcard', host, registration };
  return halfQualified(mesh, from, written) ?? (written === host ? undefined : elsewhere(mesh, from, written, host)) ?? { state: 'not-in-view', host };
}

const HALF_QUALIFIED = /^([a-z\d](?:[-a-z\d]*[a-z\d])?)\.([a-z\d](?:[-a-z\d]*[a-z\d])?)(\.svc(?:\.cluster)?)?$/;

function halfQualified(mesh: Mesh, from: Resource, written: string): HostReference | undefined {
  const [, name, namespace, ending] = HALF_QUALIFIED.exec(written) ?? [];
  if (name === undefined || namespace === undefined) return undefined;
  const services = mesh.named('Service', namespace, name);
  const service = services.find((each) => mesh.belongTogether(from, each)) ?? services[0];
  const isStock = STOCK.some((stock) => stock.name === name && stock.namespace === namespace);
  // `rates.bank` may be a name of the DNS as well; no top-level domain is called `svc`.
  if (!service && !isStock && ending === undefined) return undefined;
  return { state: 'half-qualified', host: written, meant: serviceHost(name, namespace, mesh.config.clusterDomain), service };
}

function elsewhere(mesh: Mesh, from: Resource, name: string, host: string): HostReference | undefined {
  if (!mesh.hasKnownNamespace(from) || mesh.hasUnknownNames('Service')) return undefined;
  const namesakes = mesh.namedAnywhere('Service', name);
  const [first] = namesakes;
  const stock = STOCK.find((each) => each.name === name && each.namespace !== from.namespace);
  if (!first) {
    const meant = stock && serviceHost(name, stock.namespace, mesh.config.clusterDomain);
    return meant === undefined ? ofEntry(mesh, from, name, host) : { state: 'elsewhere', host, meant, service: undefined, isKnown: false };
  }
  if (namesakes.some((service) => service.namespace !== first.namespace || !mesh.hasKnownNamespace(service))) return undefined;
  const service = namesakes.find((each) => mesh.belongTogether(from, each));
  if (!service) return undefined;
  // Where Services of its own namespace are in view, the one that is named would be among them.
  const isKnown = stock !== undefined || mesh.inNamespace('Service', from.namespace).length > 0;
  return { state: 'elsewhere', host, meant: serviceHost(name, service.namespace, mesh.config.clusterDomain), service, isKnown };
}

/** A ServiceEntry may register the host of a Service: the only one of this name that is in view. */
function ofEntry(mesh: Mesh, from: Resource, name: string, host: string): HostReference | undefined {
  const [registered, another] = mesh.registry.calledLike(name);
  if (!registered || another || !mesh.belongTogether(from, registered.resource)) return undefined;
  return { state: 'elsewhere', host, meant: registered.host, service: registered.resource, isKnown: false };
}
