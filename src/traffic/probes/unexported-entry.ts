import { isExportedTo } from '../../mesh/export-to.ts';
import { isGatewayWorkload } from '../../mesh/gateway-workloads.ts';
import { expandShortName } from '../../mesh/host-name.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { isTemplated } from '../../mesh/template-paths.ts';
import type { DestinationRule } from '../../resources/destination-rule.ts';
import type { ServiceEntry } from '../../resources/service-entry.ts';
import type { VirtualService } from '../../resources/virtual-service.ts';
import type { ConnectionPath, OutcomeName } from '../outcomes/outcome.ts';
import type { ExpectedConnection } from './expected-connections.ts';
import { takes } from './taken-by-rule.ts';

/** A ServiceEntry that clients in view need, and that exportTo keeps from them. */
export interface UnexportedEntry {
  readonly entry: ServiceEntry;
  /** What stands in the clients' namespace for the host; undefined where it is the entry itself. */
  readonly neededBy: VirtualService | DestinationRule | undefined;
  /** The namespaces that see the entry. */
  readonly exportedTo: readonly string[];
}

/** Ends of a connection to a host that the client does not know. */
const UNKNOWN_HOST: ReadonlySet<OutcomeName> = new Set(['passthrough', 'blocked']);

/**
 * V-2: why a host is unknown where something is there for it. Something is a route or rule for the host in the clients' own namespace, or the entry itself beside
 * Pods; where other clients may see the entry, it may be for these alone. Where none may, what leads its calls to a gateway counts wherever it stands.
 */
export function unexportedEntry({ probe, at }: ExpectedConnection, { outcome }: ConnectionPath, mesh: Mesh): UnexportedEntry | undefined {
  if (!UNKNOWN_HOST.has(outcome) || at.resource.type !== 'ServiceEntry') return undefined;
  const { namespace } = probe.from;
  const registered = mesh.registry.covering(probe.to.host);
  const entry = registered.find(({ resource }) => resource === at.resource)?.resource;
  if (entry?.kind !== 'ServiceEntry' || isTemplated(entry, ['spec', 'exportTo']) || !mesh.hasKnownNamespace(entry)) return undefined;
  if (registered.some((each) => mesh.registry.isVisible(each, namespace))) return undefined;
  const exportedTo = seenIn(entry, mesh);
  const isClients = hasPods(namespace, mesh);
  const isForNoClients = exportedTo.every((each) => mesh.clients.looksEmpty(each));
  const neededBy = neederOf(probe, mesh) ?? (isForNoClients ? steeringFor(probe, mesh) : undefined);
  if (neededBy && (isClients || isForNoClients)) return { entry, neededBy, exportedTo };
  const isForNobody = exportedTo.length > 0 && exportedTo.every((each) => isNowhere(each, mesh));
  return entry.namespace === namespace && isClients && isForNobody ? { entry, neededBy: undefined, exportedTo } : undefined;
}

function seenIn({ spec, namespace }: ServiceEntry, { config }: Mesh): readonly string[] {
  const list = spec.exportTo.length > 0 ? spec.exportTo : config.defaultServiceExportTo;
  return [...new Set(list.filter((each) => each !== '~').map((each) => (each === '.' ? namespace : each)))];
}

/** What stands in the client's namespace for what it calls, and holds there. */
function neederOf({ from: { namespace }, ...called }: ExpectedConnection['probe'], mesh: Mesh): VirtualService | DestinationRule | undefined {
  const { host } = called.to;
  const { clusterDomain, defaultDestinationRuleExportTo } = mesh.config;
  const routes = mesh.virtualServices.overlapping(host);
  const route = routes.find((each) => each.namespace === namespace && mesh.virtualServices.isVisible(each, namespace) && takes(each, called));
  if (route || routes.some(({ spec }) => spec.gateways.length > 0)) return route;
  return mesh.destinationRules
    .coveringIn(host, [namespace])
    .find(
      ({ spec }) =>
        expandShortName(spec.host ?? '', namespace, clusterDomain) === host &&
        isExportedTo(spec.exportTo, namespace, namespace, defaultDestinationRuleExportTo),
    );
}

/** What leads calls of a client to a gateway, wherever it stands. */
function steeringFor({ from: { namespace }, ...called }: ExpectedConnection['probe'], mesh: Mesh): VirtualService | undefined {
  const steering = new Set(mesh.gatewayHops.map(({ virtualService }) => virtualService));
  return mesh.virtualServices
    .overlapping(called.to.host)
    .find((each) => steering.has(each) && mesh.virtualServices.isVisible(each, namespace) && takes(each, called));
}

/** Whether clients of a namespace are in view: it is declared with injection, or Pods run in it that are no gateways. */
function hasPods(namespace: string, mesh: Mesh): boolean {
  return mesh.clients.injected.includes(namespace) || mesh.podsSelected(namespace, {}).some((pod) => !isGatewayWorkload(pod));
}

const KINDS = ['Sidecar', 'ServiceEntry', 'VirtualService', 'DestinationRule', 'Gateway', 'Service'] as const;

/** Whether nothing in view stands in a namespace: then its name is a slip, or its clients are elsewhere. */
function isNowhere(namespace: string, mesh: Mesh): boolean {
  if (namespace === mesh.config.rootNamespace || mesh.named('Namespace', '', namespace).length > 0) return false;
  return mesh.podsSelected(namespace, {}).length === 0 && KINDS.every((kind) => mesh.inNamespace(kind, namespace).length === 0);
}
