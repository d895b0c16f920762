import type { Service } from '../resources/service.ts';
import type { VirtualService } from '../resources/virtual-service.ts';
import { type HostReference, hostReference } from './host-reference.ts';
import type { Mesh } from './mesh.ts';
import { destinationHosts, type NamedHost } from './named-hosts.ts';
import { danglingAlias, holdsRegistrationsBeside, hostMeant, isOutsideHost, isSpeltElsewhere, mayHoldMoreHosts } from './outside-hosts.ts';
import type { RegisteredHost } from './registry.ts';
import { isStockHost } from './stock-gateways.ts';

/** What the files show of a host that a route leads to and that nothing registers (docs/traffic-model.md, N-15, R-12, R-20). */
export type Unregistered =
  /** An alias of a host that nothing registers. */
  | { readonly why: 'alias'; readonly alias: Service }
  /** Only a wildcard takes it in. */
  | { readonly why: 'within-wildcard'; readonly registration: RegisteredHost }
  | { readonly why: 'near-miss'; readonly found: string }
  /** Nothing lies outside of the files. */
  | { readonly why: 'absent' }
  /** Only a ServiceEntry can register it; `isMissed` where the files hold what it should be among. */
  | { readonly why: 'external'; readonly isMissed: boolean }
  | { readonly why: 'not-in-view' };

/** The destinations of a VirtualService that nothing registers, one for each host. */
export function unregisteredDestinations(
  mesh: Mesh,
  vs: VirtualService,
): readonly (NamedHost & { readonly host: string; readonly unregistered: Unregistered })[] {
  const seen = new Set<string>();
  return destinationHosts(vs, mesh.config.clusterDomain).flatMap((named) => {
    const reference = hostReference(mesh, vs, named.written);
    const { host } = reference;
    if (seen.has(host)) return [];
    seen.add(host);
    const unregistered = unregisteredBy(mesh, vs, reference);
    return unregistered ? [{ ...named, host, unregistered }] : [];
  });
}

function unregisteredBy(mesh: Mesh, vs: VirtualService, reference: HostReference): Unregistered | undefined {
  const { host } = reference;
  switch (reference.state) {
    case 'registered': {
      const alias = danglingAlias(mesh, vs, reference.registrations);
      return alias && { why: 'alias', alias };
    }
    case 'within-wildcard': {
      const { registration } = reference;
      return isOutsideHost(host) && !mayHoldMoreHosts(mesh) ? { why: 'within-wildcard', registration } : undefined;
    }
    case 'not-in-view': {
      if (isSpeltElsewhere(mesh, host)) return undefined;
      const found = hostMeant(mesh, host);
      if (found !== undefined) return { why: 'near-miss', found };
      const isStock = isStockHost(host, mesh.config.clusterDomain);
      if (mesh.closedWorld && !mayHoldMoreHosts(mesh) && !isStock) return { why: 'absent' };
      if (isOutsideHost(host)) return { why: 'external', isMissed: holdsRegistrationsBeside(mesh, vs) && !mayHoldMoreHosts(mesh) };
      return isStock ? undefined : { why: 'not-in-view' };
    }
    // What short names mean is told of by half-qualified-host and short-name-elsewhere.
    default:
      return undefined;
  }
}
