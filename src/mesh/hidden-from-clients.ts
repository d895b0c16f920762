import type { ServiceEntry } from '../resources/service-entry.ts';
import type { VirtualService } from '../resources/virtual-service.ts';
import type { Mesh } from './mesh.ts';
import { isTemplated } from './template-paths.ts';

/** An object that only namespaces see in which no client lives. */
export interface HiddenFromClients {
  readonly object: VirtualService | ServiceEntry;
  /** The gateway's host to which a VirtualService steers. */
  readonly steersTo: string | undefined;
  /** The namespaces that see it. */
  readonly exportedTo: readonly string[];
}

/**
 * V-2, V-5: what no client sees: a VirtualService that steers sidecars to a gateway, and is exported only to namespaces where nothing calls; or a ServiceEntry
 * that no route needs, exported to its own such namespace alone. The latter only where the files show clients elsewhere.
 */
export function hiddenFromClients(mesh: Mesh): readonly HiddenFromClients[] {
  const clients = mesh.clients;
  const { injected } = clients;
  const isPrivate = (exportTo: readonly string[], fallback: readonly string[], namespace: string): boolean =>
    (exportTo.length > 0 ? exportTo : fallback).every((entry) => entry === '.' || entry === namespace);
  const { defaultServiceExportTo, defaultVirtualServiceExportTo } = mesh.config;

  const steering = new Map(mesh.gatewayHops.map((hop) => [hop.virtualService, hop.destination.host] as const));
  const virtualServices = [...steering].flatMap(([object, steersTo]) => {
    if (!mesh.hasKnownNamespace(object) || isTemplated(object, ['spec', 'exportTo'])) return [];
    const { spec, namespace } = object;
    const exportedTo = (spec.exportTo.length > 0 ? spec.exportTo : defaultVirtualServiceExportTo).map((entry) => (entry === '.' ? namespace : entry));
    return exportedTo.every((entry) => entry !== '*' && clients.looksEmpty(entry)) ? [{ object, steersTo, exportedTo }] : [];
  });
  if (injected.length === 0) return virtualServices;
  const entries = mesh.all('ServiceEntry').flatMap((object) => {
    const { spec, namespace } = object;
    if (!mesh.hasKnownNamespace(object) || isTemplated(object, ['spec', 'exportTo']) || isTemplated(object, ['spec', 'hosts'])) return [];
    if (!isPrivate(spec.exportTo, defaultServiceExportTo, namespace) || !clients.looksEmpty(namespace)) return [];
    const isRouted = spec.hosts.some((host) => spec.ports.some(({ number }) => mesh.routes.to(host, number ?? 0).length > 0));
    const isElsewhere = spec.hosts.some((host) => mesh.registry.named(host).length > 1);
    return isRouted || isElsewhere ? [] : [{ object, steersTo: undefined, exportedTo: [namespace] }];
  });
  return [...virtualServices, ...entries];
}
