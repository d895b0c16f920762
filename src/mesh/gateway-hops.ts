import type { Gateway } from '../resources/gateway.ts';
import type { Service } from '../resources/service.ts';
import type { VirtualService } from '../resources/virtual-service.ts';
import { type GatewayReference, resolveGateway } from './gateway-reference.ts';
import type { RouteDestination } from './routes.ts';
import { appliesToMesh, destinationsOf } from './routes.ts';
import { isSelectedBy, type Workload } from './workloads.ts';

/** A step from sidecars to one server of a Gateway: what a VirtualService steers there. */
export interface GatewayHop {
  readonly gateway: Gateway;
  /** Index into the Gateway's `servers`. */
  readonly server: number;
  readonly virtualService: VirtualService;
  /** The sidecars' destination: the Service of the gateway workload. */
  readonly destination: RouteDestination;
  /** True where the files (or the stock installation) show that the destination's Pods run this Gateway; false where only the VirtualService suggests it. */
  readonly certain: boolean;
}

interface Sources {
  readonly virtualServices: readonly VirtualService[];
  readonly services: readonly Service[];
  readonly workloads: readonly Workload[];
  readonly clusterDomain: string;
  readonly gatewaysOf: (virtualService: VirtualService, reference: GatewayReference) => readonly Gateway[];
}

/** Services that an installation of Istio has unless told otherwise, with their Pods' labels. */
const STOCK: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'istio-egressgateway.istio-system': { istio: 'egressgateway', app: 'istio-egressgateway' },
  'istio-ingressgateway.istio-system': { istio: 'ingressgateway', app: 'istio-ingressgateway' },
};

/**
 * Every step from sidecars to a Gateway's server that the VirtualServices describe: bound to `mesh` and to the Gateway, with a mesh-side route to the port of
 * one of its servers (docs/traffic-model.md, G-1, G-2, N-9).
 */
export function gatewayHops(sources: Sources): readonly GatewayHop[] {
  const serviceLabels = new Map<string, Readonly<Record<string, string>>>();
  for (const [service, labels] of Object.entries(STOCK)) serviceLabels.set(`${service}.svc.${sources.clusterDomain}`, labels);
  for (const service of sources.services) serviceLabels.set(`${service.name}.${service.namespace}.svc.${sources.clusterDomain}`, service.spec.selector);

  const hops: GatewayHop[] = [];
  for (const virtualService of sources.virtualServices) {
    const gateways = virtualService.spec.gateways.flatMap((entry) => {
      const reference = resolveGateway(entry, virtualService.namespace);
      return reference ? sources.gatewaysOf(virtualService, reference) : [];
    });
    if (gateways.length === 0) continue;
    for (const destination of destinationsOf(virtualService, sources.clusterDomain)) {
      if (!appliesToMesh(virtualService, destination.section, destination.rule)) continue;
      const labels = serviceLabels.get(destination.host);
      for (const gateway of gateways) {
        if (labels && !runs(gateway, labels, destination.host, sources)) continue;
        for (const [server, { port }] of gateway.spec.servers.entries()) {
          if (port?.number === undefined || port.number !== destination.port) continue;
          hops.push({ gateway, server, virtualService, destination, certain: labels !== undefined });
        }
      }
    }
  }
  return hops;
}

/** Whether the Pods behind a Service run a Gateway: their labels include its selector. Pods in view decide, else the Service's selector does. */
function runs(gateway: Gateway, serviceSelector: Readonly<Record<string, string>>, host: string, sources: Sources): boolean {
  if (isSelectedBy(serviceSelector, gateway.spec.selector)) return true;
  const namespace = host.split('.')[1] ?? '';
  if (Object.keys(serviceSelector).length === 0) return false;
  return sources.workloads.some(
    (workload) => workload.namespace === namespace && isSelectedBy(workload.labels, serviceSelector) && isSelectedBy(workload.labels, gateway.spec.selector),
  );
}
