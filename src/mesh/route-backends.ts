import type { Path } from '../yaml/locate.ts';
import type { GatewayApiRoute } from './gateway-api-routes.ts';
import { hostReference } from './host-reference.ts';
import type { Mesh } from './mesh.ts';
import { hostMeant, isOutsideHost, mayHoldMoreHosts } from './outside-hosts.ts';
import type { RegisteredHost } from './registry.ts';
import { isTemplated } from './template-paths.ts';

const ISTIO_GROUP = 'networking.istio.io';

/** A backend of a route of the Gateway API. */
interface Backend {
  /** To the entry of `backendRefs`. */
  readonly path: Path;
  readonly ref: GatewayApiRoute['spec']['rules'][number]['backendRefs'][number];
}

/** Why Istio does not take a backend as it is written: it is a ServiceEntry, a Service with dots in its name, or a Hostname with the wrong group, with a namespace or without a port. */
export interface InvalidBackend extends Backend {
  readonly why: 'serviceEntry' | 'service' | 'group' | 'namespace' | 'port';
  /** To the field that is why. */
  readonly field: Path;
}

/** the backends of a route that Istio takes for invalid, whatever is registered. */
export function invalidBackends(route: GatewayApiRoute): readonly InvalidBackend[] {
  return backendsOf(route).flatMap((backend) => {
    const why = whyInvalid(backend.ref);
    return why ? [{ ...backend, why, field: [...backend.path, fieldOf(why, backend.ref)] }] : [];
  });
}

function whyInvalid({ group = '', kind = 'Service', name = '', namespace, port }: Backend['ref']): InvalidBackend['why'] | undefined {
  if (kind === 'ServiceEntry') return 'serviceEntry';
  if (kind === 'Service') return group === '' && name.includes('.') ? 'service' : undefined;
  if (kind !== 'Hostname') return undefined;
  if (group !== ISTIO_GROUP) return 'group';
  if (namespace !== undefined) return 'namespace';
  return port === undefined ? 'port' : undefined;
}

function fieldOf(why: InvalidBackend['why'], { group }: Backend['ref']): string {
  switch (why) {
    case 'serviceEntry':
      return 'kind';
    case 'group':
      return group === undefined ? 'kind' : 'group';
    case 'namespace':
      return 'namespace';
    default:
      return 'name';
  }
}

/** A host that a route leads to and that nothing in view registers. */
export interface UnregisteredBackend extends Backend {
  readonly host: string;
  /** The registered host that the name is a slip of. */
  readonly found: string | undefined;
  /** How much the files say of it: `certain` where nothing lies outside, `likely` where ServiceEntries stand beside the route. */
  readonly confidence: 'certain' | 'likely' | 'unknown';
}

/** the backends of kind Hostname, well written, that nothing in view registers. */
export function unregisteredBackends(mesh: Mesh, route: GatewayApiRoute): readonly UnregisteredBackend[] {
  return backendsOf(route).flatMap((backend): readonly UnregisteredBackend[] => {
    const { kind, name: host = '' } = backend.ref;
    if (kind !== 'Hostname' || whyInvalid(backend.ref) || hostReference(mesh, route, host).state === 'registered' || !isOutsideHost(host)) return [];
    const isOpen = mayHoldMoreHosts(mesh);
    const isMissed = !isOpen && mesh.all('ServiceEntry').some((entry) => mesh.belongTogether(route, entry));
    const confidence = mesh.closedWorld && !isOpen ? 'certain' : isMissed ? 'likely' : 'unknown';
    return [{ ...backend, host, found: hostMeant(mesh, host), confidence }];
  });
}

/** A backend that names a port which its host does not have. */
export interface UnregisteredBackendPort extends Backend {
  readonly host: string;
  readonly port: number;
  /** The registrations of the host; at least one. */
  readonly registrations: readonly RegisteredHost[];
}

/** the backends of kind Hostname whose host is in view with all of its ports, and the one that is named is none of them. */
export function unregisteredBackendPorts(mesh: Mesh, route: GatewayApiRoute): readonly UnregisteredBackendPort[] {
  return backendsOf(route).flatMap((backend): readonly UnregisteredBackendPort[] => {
    const { kind, name: host = '', port } = backend.ref;
    if (kind !== 'Hostname' || port === undefined || whyInvalid(backend.ref)) return [];
    const reference = hostReference(mesh, route, host);
    if (reference.state !== 'registered') return [];
    const { registrations } = reference;
    const isOpen = registrations.some((each) => each.hasUnknownPorts || !mesh.belongTogether(route, each.resource));
    return isOpen || registrations.some(({ ports }) => ports.some(({ number }) => number === port)) ? [] : [{ ...backend, host, port, registrations }];
  });
}

function backendsOf(route: GatewayApiRoute): readonly Backend[] {
  return route.spec.rules.flatMap(({ backendRefs }, rule) =>
    backendRefs.flatMap((ref, index) => {
      const path: Path = ['spec', 'rules', rule, 'backendRefs', index];
      return isTemplated(route, path) ? [] : [{ path, ref }];
    }),
  );
}
