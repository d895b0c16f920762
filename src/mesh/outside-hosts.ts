import type { Resource } from '../resources/resource.ts';
import type { Service } from '../resources/service.ts';
import { slipOf } from '../text/slip.ts';
import { serviceHost } from './host-name.ts';
import type { Mesh } from './mesh.ts';
import type { RegisteredHost } from './registry.ts';
import { STOCK } from './stock-gateways.ts';

/** Among more hosts than these a likeness is chance. */
const MAX_CANDIDATES = 500;

/** Whether only a ServiceEntry can register a host: it has not the form of a Service's, in whatever cluster domain. */
export function isOutsideHost(host: string): boolean {
  return host.includes('.') && !/\.svc\.|\.svc$|\.local$/.test(host) && !/^[\d.]+$/.test(host);
}

/** Whether hosts may be registered that nobody can name yet, for their names are template text. */
export function mayHoldMoreHosts(mesh: Mesh): boolean {
  return mesh.hasUnknownNames('ServiceEntry') || mesh.registry.hasUnknownHosts(undefined);
}

/** Whether a name is registered in another spelling, with capital letters or a dot at its end: the spelling is told of where it stands (odd-host-spelling). */
export function isSpeltElsewhere(mesh: Mesh, name: string): boolean {
  const { hosts } = mesh.registry;
  const plain = (host: string): string => host.toLowerCase().replace(/\.$/, '');
  return hosts.length <= MAX_CANDIDATES && hosts.some(({ host }) => host !== name && plain(host) === plain(name));
}

/** The host that a name is a slip of: a registered one, or that of a gateway that every installation has. */
export function hostMeant(mesh: Mesh, name: string): string | undefined {
  const { hosts } = mesh.registry;
  const stock = STOCK.map((each) => serviceHost(each.name, each.namespace, mesh.config.clusterDomain));
  if (mayHoldMoreHosts(mesh) || hosts.length > MAX_CANDIDATES) return undefined;
  const slip = slipOf(name, [...hosts.map(({ host }) => host), ...stock]);
  return slip ?? gatewayMeant(mesh, name);
}

/** The one Service of a namespace whose name is that of a gateway's Service with a word more or less: `istio-egressgateway` for `egressgateway`. Others come in series. */
function gatewayMeant(mesh: Mesh, host: string): string | undefined {
  const [name = '', namespace = '', ...rest] = host.split('.');
  if (rest.join('.') !== `svc.${mesh.config.clusterDomain}` || mesh.hasUnknownNames('Service') || !name.includes('gateway')) return undefined;
  const isAlike = (other: string): boolean =>
    other.endsWith(`-${name}`) || name.endsWith(`-${other}`) || other.startsWith(`${name}-`) || name.startsWith(`${other}-`);
  const [found, another] = mesh.inNamespace('Service', namespace).filter((each) => isAlike(each.name));
  return found && !another ? `${found.name}.${namespace}.${rest.join('.')}` : undefined;
}

/** Whether what registers hosts stands beside an object: ServiceEntries, or a file that holds more than routing. Then one that is missed should be there. */
export function holdsRegistrationsBeside(mesh: Mesh, resource: Resource): boolean {
  const { file } = resource.source;
  if (mesh.all('ServiceEntry').some((entry) => mesh.belongTogether(resource, entry))) return true;
  return (
    mesh.inNamespace('Service', resource.namespace).some((service) => service.source.file === file) ||
    mesh.inNamespace('Namespace', '').some((each) => each.source.file === file)
  );
}

/** The ExternalName Service that a destination is, if the host that it stands for is registered by nothing (docs/traffic-model.md, N-15). */
export function danglingAlias(mesh: Mesh, from: Resource, registrations: readonly RegisteredHost[]): Service | undefined {
  const [only, another] = registrations.map(({ resource }) => resource);
  if (only?.kind !== 'Service' || another || mayHoldMoreHosts(mesh) || !mesh.belongTogether(from, only)) return undefined;
  const service = only as Service;
  const { type, externalName } = service.spec;
  if (type !== 'ExternalName' || !externalName || !isOutsideHost(externalName)) return undefined;
  return mesh.registry.covering(externalName).length > 0 ? undefined : service;
}
