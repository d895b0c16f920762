import type { DestinationRule } from '../resources/destination-rule.ts';
import type { ServiceEntry } from '../resources/service-entry.ts';
import type { VirtualService } from '../resources/virtual-service.ts';
import type { Path } from '../yaml/locate.ts';
import { admittingServers, gatewaysMeant } from './bound-gateways.ts';
import { clientTls } from './client-tls.ts';
import { farEndExpects, serverPorts } from './far-end.ts';
import { gatewayLegs, type LegMatch, sectionFor } from './gateway-legs.ts';
import { expandShortName } from './host-name.ts';
import { keepsPort } from './kept-ports.ts';
import type { Mesh } from './mesh.ts';
import type { RegisteredHost, RegisteredPort } from './registry.ts';
import { isTemplated } from './template-paths.ts';
import { tlsSettingsOf } from './traffic-policies.ts';
import { isServedByOthers } from './waypoints.ts';

/** A port of a registered host. */
interface RegisteredPortOfHost {
  readonly host: RegisteredHost;
  readonly port: RegisteredPort;
}

/** The port of a host outside of the cluster that a route leads to, where all that is in view of the host says that it expects TLS (docs/traffic-model.md, T-4). */
export function tlsPortAt(mesh: Mesh, host: string, port: number | undefined): RegisteredPortOfHost | undefined {
  const [registered, another] = mesh.registry.named(host);
  if (!registered || another || !isOutside(registered, mesh)) return undefined;
  const found = registered.ports.find(({ number }) => (port === undefined ? registered.ports.length === 1 : number === port));
  const isTls = found && (mesh.protocolGroup(found.protocol) === 'tls' || serverPorts(registered, found).every((each) => farEndExpects(each) === 'tls'));
  return found && isTls ? { host: registered, port: found } : undefined;
}

/**
 * Who reads an http rule of a VirtualService: a gateway with a server for HTTP, or the clients' sidecars, on a port of the host that is HTTP.
 * @returns undefined where what is in view shows that nobody does
 */
export function readerOf(mesh: Mesh, vs: VirtualService, rule: number): 'gateway' | 'client' | undefined {
  const leg = gatewayLegs(vs).find((each) => each.section === 'http' && each.rule === rule);
  if (leg) return leg.matches.some((match) => isReadAtGateway(match, vs, mesh)) ? 'gateway' : undefined;
  return vs.spec.hosts.some((host) => isReadByClients(expandShortName(host, vs.namespace, mesh.config.clusterDomain), mesh)) ? 'client' : undefined;
}

/** Nobody writes http rules for a host whose ports are not HTTP: where nothing in view registers it, they are taken to be read. */
function isReadByClients(host: string, mesh: Mesh): boolean {
  const registered = mesh.registry.named(host);
  return registered.length === 0 || registered.some(({ ports }) => ports.some(({ protocol }) => mesh.protocolGroup(protocol) === 'http'));
}

function isReadAtGateway({ gateways, port }: LegMatch, vs: VirtualService, mesh: Mesh): boolean {
  const meant = gatewaysMeant(gateways, vs, mesh);
  // Likewise of a Gateway that no file holds.
  if (!meant) return gateways.every(({ namespace, name }) => mesh.named('Gateway', namespace, name).length === 0);
  const servers = admittingServers(meant, vs, mesh.config.clusterDomain);
  return servers.some(({ server }) => sectionFor(server) === 'http' && (port === undefined || server.port?.number === port));
}

function isOutside({ resource, external }: RegisteredHost, mesh: Mesh): boolean {
  if (resource.kind !== 'ServiceEntry' || !external || isServedByOthers(mesh, resource as ServiceEntry)) return false;
  const { endpoints, workloadSelector } = (resource as ServiceEntry).spec;
  return endpoints.length === 0 && !workloadSelector;
}

/** T-4: the port of a ServiceEntry's first host that takes plain HTTP from clients and leads to a port that expects TLS. */
export function portLedToTls(mesh: Mesh, entry: ServiceEntry): RegisteredPortOfHost | undefined {
  const host = mesh.registry.named(entry.spec.hosts[0] ?? '').find(({ resource }) => resource === entry);
  const port = host && isOutside(host, mesh) ? host.ports.find((each) => isLedToTls(host, each, mesh)) : undefined;
  return host && port && { host, port };
}

function isLedToTls(host: RegisteredHost, port: RegisteredPort, mesh: Mesh): boolean {
  const [target] = serverPorts(host, port);
  return mesh.protocolGroup(port.protocol) === 'http' && target !== undefined && target !== port.number && farEndExpects(target) === 'tls';
}

/** What sends plain HTTP to a port that expects TLS, while no DestinationRule in view says anything of the host's TLS: an http route, or a port of the entry itself. */
export type PlaintextToTls = RegisteredPortOfHost &
  (
    | { readonly by: 'route'; readonly virtualService: VirtualService; readonly path: Path; readonly reader: 'gateway' | 'client' }
    | { readonly by: 'target-port'; readonly entry: ServiceEntry; readonly target: number }
  );

/** T-4: such ports, one for each ServiceEntry. */
export function plaintextToTls(mesh: Mesh): readonly PlaintextToTls[] {
  // Either may be what starts TLS.
  if (mesh.hasTemplates('DestinationRule') || mesh.all('BackendTLSPolicy').length > 0 || mesh.all('EnvoyFilter').length > 0) return [];
  const found = new Map<RegisteredHost['resource'], PlaintextToTls>();
  for (const virtualService of mesh.all('VirtualService')) {
    for (const plaintext of plaintextRoutes(mesh, virtualService)) {
      if (!found.has(plaintext.host.resource)) found.set(plaintext.host.resource, plaintext);
    }
  }
  for (const entry of mesh.all('ServiceEntry')) {
    const led = found.has(entry) ? undefined : portLedToTls(mesh, entry);
    // What is steered elsewhere does not go there.
    const isSteered = led && mesh.gatewayBindings.forSidecars(led.host.host).length > 0 && mesh.routes.to(led.host.host, led.port.number).length === 0;
    if (!led || isSteered || mayOriginate(led.host.host, mesh)) continue;
    found.set(entry, { ...led, by: 'target-port', entry, target: serverPorts(led.host, led.port)[0] ?? 0 });
  }
  return [...found.values()];
}

function plaintextRoutes(mesh: Mesh, virtualService: VirtualService): readonly PlaintextToTls[] {
  return virtualService.spec.http.flatMap(({ route }, rule) =>
    route.flatMap(({ destination }, index): readonly PlaintextToTls[] => {
      const host = destination?.host ?? '';
      const target = tlsPortAt(mesh, host, destination?.port?.number);
      const reader = target && readerOf(mesh, virtualService, rule);
      if (!target || !reader || !mesh.belongTogether(virtualService, target.host.resource) || mayOriginate(host, mesh)) return [];
      // E-2: from sidecars, calls to a host that is not looked up stay on the port that was dialled.
      if (reader === 'client' && keepsPort(target.host.resource as ServiceEntry, target.port.index)) return [];
      const path = ['spec', 'http', rule, 'route', index, 'destination', ...(destination?.port ? ['port', 'number'] : ['host'])];
      return [{ ...target, by: 'route', virtualService, path, reader }];
    }),
  );
}

/**
 * Whether a rule in view sets TLS for the host in whatever way, or was meant to: why it does not hold here is then told by other rules. So it is of a `tls` without
 * mode, and of a rule that is refused.
 */
function mayOriginate(host: string, mesh: Mesh): boolean {
  if (mesh.rulesWithTls.covering(host).length > 0) return true;
  return mesh.destinationRules
    .covering(host)
    .some((rule) => rule.problems.length > 0 || tlsSettingsOf(rule).some(({ path }) => !rule.isSet([...path, 'mode'])));
}

/** D-5: the mode DISABLE in a rule for just this host that holds for a port. */
export function tlsSwitchedOff(mesh: Mesh, host: string, port: number): { readonly resource: DestinationRule; readonly path: Path } | undefined {
  for (const rule of mesh.destinationRules.of(host)) {
    const decision = clientTls(undefined, rule, port, undefined);
    if (decision?.tls.mode === 'DISABLE' && !isTemplated(rule, decision.path)) return { resource: rule, path: [...decision.path, 'mode'] };
  }
  return undefined;
}
