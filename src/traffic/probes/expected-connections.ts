import { type ClientNamespaces, isAmbient } from '../../mesh/client-namespaces.ts';
import { farEndExpects } from '../../mesh/far-end.ts';
import { isBoundToMesh } from '../../mesh/gateway-reference.ts';
import { isGatewayWorkload } from '../../mesh/gateway-workloads.ts';
import { expandShortName, isWildcard } from '../../mesh/host-name.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type Protocol, parseProtocol, protocolGroup } from '../../mesh/protocol.ts';
import { appliesToMesh, type RouteSection } from '../../mesh/routes.ts';
import { isSoundEntry } from '../../mesh/shared-listeners.ts';
import { waypointReference } from '../../mesh/waypoints.ts';
import type { DestinationRule } from '../../resources/destination-rule.ts';
import type { ServiceEntry } from '../../resources/service-entry.ts';
import type { VirtualService } from '../../resources/virtual-service.ts';
import type { Placed, Reason } from '../terms/reason.ts';
import type { Labels } from '../terms/service.ts';
import type { Probe } from './probe.ts';

/** A connection that objects in view are there for: somebody who wrote them wants it to work. */
export interface ExpectedConnection {
  readonly probe: Probe;
  /** The host for which it is expected. */
  readonly at: Reason;
}

/** More clients than these, of those that are treated differently, are not looked at for one host. */
const MAX_CLIENTS = 4;

/** Whose connections are meant, and what they speak. */
interface ExpectedOptions {
  /** Namespaces of clients, instead of those whose objects are about a host; none means these. */
  readonly clients?: readonly string[];
  /** Whether clients speak what a port declares, also where its servers would not understand it: TLS may be started for them. */
  readonly asDeclared?: boolean;
}

/**
 * The connections to the outside that the objects in view are there for: each port of each ServiceEntry, spoken to in the protocol that it declares,
 * and each host that a VirtualService routes in sidecars without an entry of its own; from the namespaces whose objects are about the host, and one other.
 * Nothing is expected where the declared protocol is not what servers of such a port speak: routes feed these ports, or another rule reports them.
 */
export function* expectedConnections(mesh: Mesh, options: ExpectedOptions = {}): Generator<ExpectedConnection> {
  const clients = new Clients(mesh, options.clients ?? []);
  for (const entry of mesh.all('ServiceEntry')) {
    if (!isSoundEntry(entry) || entry.templates.length > 0 || isForZtunnel(mesh, entry)) continue;
    for (const [index, written] of entry.spec.hosts.entries()) {
      // Names of Services are reached in ways of their own.
      if (written.endsWith(`.${mesh.config.clusterDomain}`)) continue;
      const at = { resource: entry, path: ['spec', 'hosts', index] };
      const from = clients.of(written, entry.namespace);
      for (const probe of probesTo(sampleOf(written), entry, options.asDeclared ?? false)) yield* from.map((each) => ({ probe: { ...probe, from: each }, at }));
    }
  }
  for (const virtualService of mesh.all('VirtualService')) {
    if (!isBoundToMesh(virtualService.spec.gateways) || virtualService.templates.length > 0) continue;
    for (const { value: host, at } of unregisteredHosts(virtualService, mesh)) {
      const from = clients.of(host, virtualService.namespace);
      for (const probe of probesOfRoutes(sampleOf(host), virtualService)) yield* from.map((each) => ({ probe: { ...probe, from: each }, at }));
    }
  }
}

/** whether an entry is bound to a waypoint, which serves ztunnel's clients alone, and nothing in view has a sidecar. */
function isForZtunnel(mesh: Mesh, entry: ServiceEntry): boolean {
  const reference = waypointReference(entry);
  return reference !== undefined && reference !== 'none' && !mesh.clients.areInView;
}

type Target = Pick<Probe, 'to' | 'proto'>;

function probesTo(host: string, { spec }: ServiceEntry, asDeclared: boolean): readonly Target[] {
  return spec.ports.flatMap((port) => {
    const number = port.number ?? 0;
    const proto = protoOf(parseProtocol(port.protocol), asDeclared ? undefined : farEndExpects(number));
    return proto && number > 0 ? [{ to: { host, port: number }, proto }] : [];
  });
}

/** What clients of a port are expected to speak. Undefined where they speak something else than is declared, or where nobody can know. */
function protoOf(protocol: Protocol, expected: ReturnType<typeof farEndExpects>): Probe['proto'] | undefined {
  switch (protocolGroup(protocol)) {
    case 'http':
      return expected === 'tls' ? undefined : 'http';
    case 'tls':
      if (expected === 'plaintext') return undefined;
      return protocol === 'HTTPS' ? 'https' : 'tls';
    case 'tcp':
      return expected === undefined ? 'tcp' : undefined;
    default:
      return undefined;
  }
}

/** on port 80 routes of a VirtualService hold for hosts that nobody registers; so do server names within a registered wildcard. */
function unregisteredHosts(virtualService: VirtualService, mesh: Mesh): readonly Placed<string>[] {
  const { clusterDomain } = mesh.config;
  return virtualService.spec.hosts.flatMap((written, index) => {
    const host = expandShortName(written, virtualService.namespace, clusterDomain);
    const isOutside = host.includes('.') && !host.endsWith(`.${clusterDomain}`) && !/^[\d.]+$|:/.test(host);
    if (!isOutside || mesh.registry.named(host).length > 0) return [];
    return [{ value: host, at: { resource: virtualService, path: ['spec', 'hosts', index] } }];
  });
}

const USUAL: Readonly<Record<RouteSection, { readonly port: number; readonly proto: Probe['proto'] } | undefined>> = {
  http: { port: 80, proto: 'http' },
  tls: { port: 443, proto: 'https' },
  tcp: undefined,
};

function probesOfRoutes(host: string, virtualService: VirtualService): readonly Target[] {
  return (['http', 'tls'] as const).flatMap((section) => {
    const usual = USUAL[section];
    if (!usual || !virtualService.spec[section].some((_, rule) => appliesToMesh(virtualService, section, rule))) return [];
    return [{ to: { host, port: usual.port }, proto: usual.proto }];
  });
}

/** A name within a wildcard, for the wildcard itself cannot be called. */
function sampleOf(host: string): string {
  return isWildcard(host) ? `any${host.slice(1)}` : host;
}

/** Who may open connections to a host: clients that differ in what they see of it. */
class Clients {
  private readonly mesh: Mesh;
  private readonly namespaces: ClientNamespaces;
  /** Namespaces that are known to have clients with sidecars. */
  private readonly known: ReadonlySet<string>;
  private readonly injected: ReadonlySet<string>;
  private readonly labelSets = new Map<string, readonly Labels[]>();
  /** The only ones that are meant; none where all are. */
  private readonly meant: readonly string[];

  constructor(mesh: Mesh, meant: readonly string[]) {
    this.mesh = mesh;
    this.meant = meant;
    this.namespaces = mesh.clients;
    const named = new Set([...this.namespaces.injected, ...mesh.workloadNamespaces]);
    this.known = new Set([...named].filter((name) => name !== mesh.config.rootNamespace && this.hasClients(name)));
    this.injected = new Set(this.namespaces.injected);
  }

  /** @param owner the namespace of the object that is there for the host */
  of(host: string, owner: string): readonly Probe['from'][] {
    if (this.meant.length > 0) {
      const meant = this.meant.filter((namespace) => this.hasClients(namespace));
      return meant.flatMap((namespace) => this.labelsIn(namespace).map((labels) => ({ namespace, labels })));
    }
    const { destinationRules } = this.mesh;
    const rules = [...new Set([...destinationRules.of(host).slice(0, MAX_CLIENTS), ...destinationRules.coveringIn(host, [owner]).slice(0, MAX_CLIENTS)])];
    const routes = this.mesh.virtualServices.overlapping(host).slice(0, MAX_CLIENTS);
    const users = [...routes, ...rules].map(({ namespace }) => namespace);
    // Who registers a host for others need not call it.
    const isForOthers = !this.known.has(owner) && !users.includes(owner) && users.some((namespace) => this.known.has(namespace));
    const concerned = [...new Set([...(isForOthers ? [] : [owner]), ...users])];
    const own = concerned.filter((namespace) => this.hasClients(namespace)).slice(0, MAX_CLIENTS - 1);
    const [anyone] = this.known;
    const other =
      own.length > 0
        ? this.stranger(
            own,
            [...routes, ...rules].flatMap(({ spec }) => spec.exportTo),
          )
        : (anyone ?? (this.isAmbient(owner) ? undefined : 'default'));
    const all = other === undefined ? own : [...own, other];
    const selected = rules.flatMap((rule) => this.selectedBy(rule) ?? []);
    // Who wrote a rule for some clients told who the host's clients are.
    if (selected.length > 0 && selected.length === rules.length) return selected.slice(0, 2 * MAX_CLIENTS);
    return all
      .flatMap((namespace) => {
        const own = selected.filter((each) => each.namespace === namespace);
        return own.length > 0 ? own : this.labelsIn(namespace).map((labels) => ({ namespace, labels }));
      })
      .slice(0, 2 * MAX_CLIENTS);
  }

  /**
   * A namespace with sidecars whose objects are not about the host: what is exported to all is for it, too. That Pods run somewhere does not say that they have
   * any, unless what is about the host is exported to them by name.
   */
  private stranger(own: readonly string[], exportedTo: readonly string[]): string | undefined {
    for (const namespace of this.known) {
      if (!own.includes(namespace) && (this.injected.has(namespace) || exportedTo.includes(namespace))) return namespace;
    }
    return undefined;
  }

  /** D-4: the clients that a rule picks; undefined where it picks none of those in view. */
  private selectedBy({ namespace, spec }: DestinationRule): Probe['from'] | undefined {
    const labels = spec.workloadSelector?.matchLabels;
    if (!labels) return undefined;
    const isOfNobody = this.mesh.podsSelected(namespace, labels).length === 0 && this.mesh.podsSelected(namespace, {}).length > 0;
    return isOfNobody ? undefined : { namespace, labels };
  }

  private hasClients(namespace: string): boolean {
    const { rootNamespace } = this.mesh.config;
    // In ambient mode other rules tell what is missing.
    if (this.namespaces.looksEmpty(namespace) || this.isAmbient(namespace)) return false;
    const pods = this.mesh.podsSelected(namespace, {});
    return namespace === rootNamespace ? pods.some((pod) => !isGatewayWorkload(pod)) : pods.length === 0 || !pods.every(isGatewayWorkload);
  }

  private isAmbient(namespace: string): boolean {
    return this.mesh.named('Namespace', '', namespace).some(isAmbient);
  }

  /** S-1: clients without labels, and those that Sidecars in their namespace pick. */
  private labelsIn(namespace: string): readonly Labels[] {
    const known = this.labelSets.get(namespace);
    if (known) return known;
    const selectors = this.mesh.inNamespace('Sidecar', namespace).map(({ spec }) => spec.workloadSelector?.labels ?? {});
    const sets = new Map<string, Labels>([['[]', {}]]);
    for (const labels of selectors) if (sets.size < MAX_CLIENTS) sets.set(JSON.stringify(Object.entries(labels).sort()), labels);
    this.labelSets.set(namespace, [...sets.values()]);
    return [...sets.values()];
  }
}
