import type { Sidecar } from '../resources/sidecar.ts';
import type { VirtualService } from '../resources/virtual-service.ts';
import type { ClientNamespaces } from './client-namespaces.ts';
import type { GatewayHop } from './gateway-hops.ts';
import { MESH } from './gateway-reference.ts';
import { groupBy } from './group-by.ts';
import { HostIndex } from './host-index.ts';
import { expandShortName, overlaps } from './host-name.ts';
import type { Mesh } from './mesh.ts';
import { protocolGroup } from './protocol.ts';
import type { RegisteredHost } from './registry.ts';
import { matchesOf } from './routes.ts';
import { isExcluded, isMeshWide, outboundPolicyOf, parseSidecarHost, type SidecarHost } from './sidecar-imports.ts';
import { restrictsImports, SidecarScopes } from './sidecar-scopes.ts';
import { isTemplated } from './template-paths.ts';

/** An egress host of a Sidecar, with the index of the listener that it stands in. */
interface Import extends SidecarHost {
  readonly listener: number;
}

/** A way to a gateway that a Sidecar's workloads do not take, though they call the host. */
export interface HiddenHop {
  readonly sidecar: Sidecar;
  /** The listener that imports the host. */
  readonly listener: number;
  readonly registered: RegisteredHost;
  readonly hop: GatewayHop;
}

/** Entries of a namespace without clients that no Sidecar in view imports. */
export interface HiddenEntries {
  /** The Sidecar of the first clients that could import them. */
  readonly sidecar: Sidecar;
  readonly entries: readonly RegisteredHost[];
  /** Whether calls to them are blocked, though nobody seems to mean that. */
  readonly isBlocked: boolean;
}

/** Of the hosts that an entry takes in so many are looked at for each namespace: enough to show what it leaves out, and no walk over pairs. */
const MAX_STEERED = 500;

type Steered = readonly { readonly registered: RegisteredHost; readonly hop: GatewayHop }[];

/**
 * S-4, S-5: where a Sidecar imports a host, but not the VirtualService that steers the host's traffic to a gateway: that one's own namespace has to be listed.
 * One for each Sidecar and namespace. The gateway's Service needs no import (S-6).
 */
export function hiddenHops(mesh: Mesh): readonly HiddenHop[] {
  const { clusterDomain } = mesh.config;
  const hops = new Map(mesh.gatewayHops.map((hop) => [hop.virtualService, hop] as const));
  const steered = new HostIndex(
    [...hops].flatMap(([{ spec, namespace }, hop]) => spec.hosts.map((host) => [expandShortName(host, namespace, clusterDomain), hop] as const)),
  );
  const known = new Map<string, ReadonlyMap<string, Steered>>();
  const steeredBy = (entry: SidecarHost): ReadonlyMap<string, Steered> => {
    const key = `${entry.namespace ?? '*'}/${entry.dnsName}`;
    const found =
      known.get(key) ??
      byNamespaceOfHop(registeredIn(mesh, entry).flatMap((registered) => steered.covering(registered.host).map((hop) => ({ registered, hop }))));
    known.set(key, found);
    return found;
  };
  return mesh.all('Sidecar').flatMap((sidecar) => {
    if (hops.size === 0 || !restrictsImports(sidecar) || isMeshWide(sidecar, mesh.config)) return [];
    if (!mesh.hasKnownNamespace(sidecar) || isTemplated(sidecar, ['spec', 'egress'])) return [];
    return hiddenFrom(mesh, sidecar, steeredBy);
  });
}

function hiddenFrom(mesh: Mesh, sidecar: Sidecar, steeredBy: (entry: SidecarHost) => ReadonlyMap<string, Steered>): readonly HiddenHop[] {
  const imports = importsOf(sidecar);
  const whole = new Set(imports.flatMap(({ namespacePart, namespace, dnsName }) => (dnsName === '*' ? [namespace ?? namespacePart] : [])));
  if (whole.has('*')) return [];
  const found = new Map<string, HiddenHop>();
  for (const entry of imports) {
    for (const [namespace, steered] of steeredBy(entry)) {
      if (found.has(namespace) || whole.has(namespace)) continue;
      const first = steered.slice(0, MAX_STEERED).find(({ registered, hop }) => isHidden(mesh, sidecar, entry, imports, registered, hop));
      if (first) found.set(namespace, { sidecar, listener: entry.listener, ...first });
    }
  }
  return [...found.values()];
}

function isHidden(mesh: Mesh, sidecar: Sidecar, entry: Import, imports: readonly Import[], registered: RegisteredHost, hop: GatewayHop): boolean {
  const { virtualService } = hop;
  const own = sidecar.namespace;
  const listener = sidecar.spec.egress[entry.listener];
  if (!listener || isExcluded(registered, listener, own) || !mesh.registry.isVisible(registered, own)) return false;
  if (!mesh.virtualServices.isVisible(virtualService, own) || !mesh.hasKnownNamespace(virtualService)) return false;
  if (!mesh.belongTogether(sidecar, virtualService) || !mesh.belongTogether(sidecar, registered.resource)) return false;
  if (isTemplated(virtualService, ['spec', 'hosts']) || !steers(hop, registered)) return false;
  return !imports.some((each) => importsRouteFor(mesh, each, registered.host, virtualService, own));
}

/** whether the route to the gateway is for any port of the host. */
function steers({ virtualService, destination }: GatewayHop, { ports }: RegisteredHost): boolean {
  const { section, rule } = destination;
  const matches = matchesOf(virtualService, section, rule).filter(({ gateways }) => gateways.length === 0 || gateways.includes(MESH));
  const isMatched = (number: number): boolean => matches.length === 0 || matches.some(({ port }) => !port || port === number);
  return ports.some(({ number, protocol }) => isMatched(number) && (section === 'tcp' || protocolGroup(protocol) === (section === 'tls' ? 'tls' : 'http')));
}

/** S-5: whether an egress host imports the VirtualService by any of its hosts, or another one for the host. */
function importsRouteFor(mesh: Mesh, { namespace, dnsName }: Import, host: string, virtualService: VirtualService, own: string): boolean {
  const isListed = namespace === undefined || namespace === virtualService.namespace;
  if (isListed && virtualService.spec.hosts.some((each) => overlaps(expandShortName(each, virtualService.namespace, mesh.config.clusterDomain), dnsName)))
    return true;
  if (namespace === undefined || !overlaps(host, dnsName)) return false;
  return mesh.virtualServices.importedBy(namespace, host, own).length > 0;
}

function importsOf(sidecar: Sidecar): readonly Import[] {
  return sidecar.spec.egress.flatMap(({ hosts }, listener) =>
    hosts.flatMap((text) => {
      const host = parseSidecarHost(text, sidecar.namespace);
      return host ? [{ ...host, listener }] : [];
    }),
  );
}

function registeredIn(mesh: Mesh, { namespace, dnsName }: SidecarHost): readonly RegisteredHost[] {
  return namespace === undefined ? mesh.registry.within(dnsName) : mesh.registry.ofNamespace(namespace).within(dnsName);
}

function byNamespaceOfHop(steered: Steered): ReadonlyMap<string, Steered> {
  return groupBy(steered, ({ hop }) => hop.virtualService.namespace);
}

/**
 * S-4: ServiceEntries in namespaces where no client lives that none of the Sidecars in view imports, though clients see nothing but what Sidecars import. What
 * VirtualServices route to is left out: its cluster is imported with them (S-6), or only a gateway needs it.
 */
export function hiddenEntries(mesh: Mesh): readonly HiddenEntries[] {
  const clients = mesh.clients;
  const scopes = new SidecarScopes(mesh);
  const scoped = clientsWithSidecar(mesh, clients, scopes);
  const [first] = scoped;
  if (!first) return [];
  const imported = new ImportedHosts(mesh.all('Sidecar'));
  if (imported.isEverything) return [];
  const byNamespace = groupBy(
    mesh.registry.hosts.filter((each) => isUnused(mesh, each) && !imported.has(each) && !imported.names(each)),
    ({ namespace }) => namespace,
  );
  return [...byNamespace].flatMap(([namespace, entries]) => {
    if (!clients.looksEmpty(namespace)) return [];
    for (const { name, sidecar } of scoped) {
      const seen = entries.filter((each) => mesh.registry.isVisible(each, name) && mesh.belongTogether(sidecar, each.resource));
      if (seen.length > 0) return [{ sidecar, entries: seen, isBlocked: isBlocked(mesh, sidecar) }];
    }
    return [];
  });
}

/** S-12. Who writes REGISTRY_ONLY into a Sidecar means to keep its workloads from hosts. */
function isBlocked(mesh: Mesh, sidecar: Sidecar): boolean {
  const beside = isMeshWide(sidecar, mesh.config) ? mesh.all('Sidecar') : mesh.inNamespace('Sidecar', sidecar.namespace);
  const isMeant = beside.some(({ spec }) => spec.outboundTrafficPolicy?.mode === 'REGISTRY_ONLY');
  return !isMeant && outboundPolicyOf(sidecar, mesh.config) === 'REGISTRY_ONLY';
}

/** The namespaces declared with injection, with their Sidecars; none if workloads of any namespace with clients may see everything. */
function clientsWithSidecar(mesh: Mesh, clients: ClientNamespaces, scopes: SidecarScopes): readonly { readonly name: string; readonly sidecar: Sidecar }[] {
  const { injected } = clients;
  const sidecars = mesh.all('Sidecar');
  // One that is refused is told of as such, and what it meant to import is not known.
  const isOpen = (sidecar: Sidecar): boolean =>
    !mesh.hasKnownNamespace(sidecar) ||
    isTemplated(sidecar, ['spec', 'egress']) ||
    sidecar.problems.some(({ path }) => path[1] === 'egress') ||
    hasOddHosts(sidecar);
  if (injected.length === 0 || sidecars.some(isOpen)) return [];
  const open = (namespace: string): boolean => {
    const sidecar = scopes.defaultOf(namespace);
    return !sidecar || !restrictsImports(sidecar);
  };
  if (injected.some(open) || sidecars.some((sidecar) => !restrictsImports(sidecar) || open(sidecar.namespace))) return [];
  return injected.flatMap((name) => {
    const sidecar = scopes.defaultOf(name);
    return sidecar ? [{ name, sidecar }] : [];
  });
}

/** S-3: whether an egress host says no namespace. */
function hasOddHosts({ spec }: Sidecar): boolean {
  return spec.egress.some(({ hosts }) => hosts.some((host) => !host.includes('/')));
}

function isUnused(mesh: Mesh, { resource, host, ports, hasUnknownPorts }: RegisteredHost): boolean {
  if (resource.kind !== 'ServiceEntry' || hasUnknownPorts || !mesh.hasKnownNamespace(resource)) return false;
  return ports.length > 0 && ports.every(({ number }) => mesh.routes.to(host, number).length === 0);
}

/** What all Sidecars together import, by namespace. */
class ImportedHosts {
  readonly isEverything: boolean;
  private readonly byNamespace: ReadonlyMap<string, HostIndex<true>>;
  private readonly exact: ReadonlySet<string>;

  constructor(sidecars: readonly Sidecar[]) {
    const imports = sidecars.flatMap(importsOf);
    this.isEverything = imports.some(({ namespace, dnsName }) => namespace === undefined && dnsName === '*');
    this.exact = new Set(imports.map(({ dnsName }) => dnsName));
    const groups = groupBy(imports, ({ namespace = '*' }) => namespace);
    this.byNamespace = new Map([...groups].map(([namespace, group]) => [namespace, new HostIndex(group.map(({ dnsName }) => [dnsName, true] as const))]));
  }

  has({ namespace, host }: RegisteredHost): boolean {
    return [namespace, '*'].some((part) => (this.byNamespace.get(part)?.covering(host).length ?? 0) > 0);
  }

  /** Whether the host is listed under the wrong namespace: what is told of that entry is enough. */
  names({ host }: RegisteredHost): boolean {
    return this.exact.has(host);
  }
}
