import type { Gateway } from '../resources/gateway.ts';
import type { Resource } from '../resources/resource.ts';
import type { Service } from '../resources/service.ts';
import type { VirtualService } from '../resources/virtual-service.ts';
import { slipOf } from '../text/slip.ts';
import type { GatewayServices } from './gateway-services.ts';
import { addTo } from './group-by.ts';
import { serviceHost } from './host-name.ts';
import { appliesToGateway, appliesToMesh, destinationsOf } from './routes.ts';
import { STOCK } from './stock-gateways.ts';
import { isSelectedBy, type Workload } from './workloads.ts';

type Labels = Readonly<Record<string, string>>;

const TEMPLATES_ANNOTATION = 'inject.istio.io/templates';

/** The Pods that a Gateway whose selector fits nothing probably means. */
export interface MeantPods {
  readonly labels: Labels;
  /** What makes them, or the Service that selects them; undefined for those of a stock installation. */
  readonly resource: Resource | undefined;
  /** Their Service, as routes name it. */
  readonly host: string | undefined;
  /** Whether the Gateway's own VirtualServices send sidecars to them. */
  readonly isSteeredTo: boolean;
}

/** G-1: which selectors of Gateways fit anything in view or assumed, and what those that don't may have meant. */
export class GatewaySelection {
  private readonly byEntry = new Map<string, Labels[]>();
  private readonly gatewayPods: readonly Workload[];

  constructor(workloads: readonly Workload[], services: readonly Service[]) {
    // A Service in view replaces a stock one, and its Pods with it.
    const replaced = new Set(services.filter(({ spec }) => Object.keys(spec.selector).length > 0).map(({ name, namespace }) => `${namespace}/${name}`));
    const stock = STOCK.filter(({ name, namespace }) => !replaced.has(`${namespace}/${name}`));
    const all = [...stock.map(({ labels }) => labels), ...workloads.map(({ labels }) => labels), ...services.map(({ spec }) => spec.selector)];
    for (const labels of all) {
      for (const [key, value] of Object.entries(labels)) {
        addTo(this.byEntry, `${key}=${value}`, labels);
      }
    }
    this.gatewayPods = workloads.filter(isGateway);
  }

  /** Whether Pods in view, a Service in view or the stock gateways carry the labels of a selector. */
  fits(selector: Labels): boolean {
    const [first] = Object.entries(selector);
    return first === undefined || (this.byEntry.get(first.join('=')) ?? []).some((labels) => isSelectedBy(labels, selector));
  }

  /** Gateway Pods in view one of whose labels is a slip away from the selector's. */
  alike({ spec }: Gateway): MeantPods | undefined {
    for (const [key, value] of Object.entries(spec.selector)) {
      const right = slipOf(
        value,
        this.gatewayPods.flatMap(({ labels }) => labels[key] ?? []),
      );
      const pods = right === undefined ? undefined : this.gatewayPods.find(({ labels }) => labels[key] === right);
      if (pods) return { labels: pods.labels, resource: pods.resource, host: undefined, isSteeredTo: false };
    }
    return undefined;
  }

  /** The gateway Pods behind a Service, in view or stock, to which the rules for sidecars of the Gateway's own VirtualServices lead. */
  steeredTo(gateway: Gateway, bound: readonly VirtualService[], services: GatewayServices, clusterDomain: string): MeantPods | undefined {
    for (const virtualService of bound) {
      for (const { host, section, rule } of destinationsOf(virtualService, clusterDomain)) {
        if (!services.has(host) || !appliesToMesh(virtualService, section, rule) || appliesToGateway(virtualService, section, rule, gateway)) continue;
        const service = services.serviceAt(host);
        const pods = services.podsAt(host).find(isGateway);
        if (pods) return { labels: pods.labels, resource: pods.resource, host, isSteeredTo: true };
        const labels = service ? service.spec.selector : stockLabels(host, clusterDomain);
        if (services.podsAt(host).length === 0 && isLabelled(labels)) return { labels, resource: service, host, isSteeredTo: true };
      }
    }
    return undefined;
  }
}

function stockLabels(host: string, clusterDomain: string): Labels {
  return STOCK.find(({ name, namespace }) => serviceHost(name, namespace, clusterDomain) === host)?.labels ?? {};
}

/** Whether Pods are those of a gateway: injected by the template for gateways, or labelled as Istio's charts do. */
function isGateway({ labels, annotations }: Workload): boolean {
  return (annotations[TEMPLATES_ANNOTATION] ?? '').split(',').includes('gateway') || isLabelled(labels);
}

function isLabelled(labels: Labels): boolean {
  return /gateway$/.test(labels['istio'] ?? '');
}
