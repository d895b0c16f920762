import { addTo } from '../../mesh/group-by.ts';
import { isSelectedBy } from '../../mesh/workloads.ts';
import { compareText } from '../../text/compare-text.ts';
import type { Pods } from '../clusters/pods.ts';
import { byAge } from '../terms/age.ts';
import type { ProxyNode } from '../terms/proxy-node.ts';
import type { Service, ServicePort } from '../terms/service.ts';
import type { GatewayConfig } from './gateway-config.ts';
import type { LoadedGateway } from './merged-servers.ts';

/** By this label a Service says that Gateways mean its target ports, not its ports. */
const NO_TRANSLATION = 'experimental.istio.io/disable-gateway-port-translation';

/** All Gateways, by the Pods that load them (G-1), with the ports that these listen on (G-2). */
export class GatewayIndex {
  private readonly pods: Pods;
  /** Each Gateway under one entry of its selector: whatever carries all its labels carries that one. */
  private readonly byLabel = new Map<string, GatewayConfig[]>();
  private readonly byService = new Map<string, GatewayConfig[]>();
  private readonly forAll: GatewayConfig[] = [];
  private readonly services = new Map<string, Service[]>();

  constructor(gateways: readonly GatewayConfig[], services: readonly Service[], pods: Pods) {
    this.pods = pods;
    for (const gateway of gateways) this.add(gateway);
    for (const service of services) {
      if (service.registry === 'kubernetes' && service.selector) addTo(this.services, service.namespace, service);
    }
  }

  /** Istio: pilot/pkg/model/push_context.go, mergeGateways. */
  loadedBy({ namespace, labels }: ProxyNode): readonly LoadedGateway[] {
    const before = (this.services.get(namespace) ?? []).filter(({ selector }) => selector && isSelectedBy(labels, selector)).sort(byTimeAndHost);
    const byLabels = Object.entries(labels).flatMap((entry) => this.byLabel.get(labelKey(entry)) ?? []);
    const byService = before.flatMap(({ host }) => (this.byService.get(host) ?? []).filter((gateway) => gateway.namespace === namespace));
    const selected = byLabels.filter(({ selector }) => selector && isSelectedBy(labels, selector));
    const all = [...new Set([...this.forAll, ...selected, ...byService])].sort((a, b) => byAge(a.age, b.age));
    return all.map((gateway) => ({ gateway, portsOf: (number) => this.portsOf(gateway, number, before) }));
  }

  private add(gateway: GatewayConfig): void {
    for (const host of gateway.services) addTo(this.byService, host, gateway);
    if (!gateway.selector) return;
    const [entry] = Object.entries(gateway.selector);
    if (entry) addTo(this.byLabel, labelKey(entry), gateway);
    else this.forAll.push(gateway);
  }

  /** G-2 (resolvePorts): the first Service before the Pods that has the number; A-14: all of those that a Gateway names. */
  private portsOf({ selector, services }: GatewayConfig, number: number, before: readonly Service[]): readonly number[] {
    const asked = selector ? before.filter(({ labels }) => labels[NO_TRANSLATION] === undefined) : before.filter(({ host }) => services.includes(host));
    const found = asked.flatMap((service) => service.ports.filter((port) => port.number === number).flatMap((port) => this.targetPort(service, port) ?? []));
    const [first] = found;
    if (!selector) return [...new Set(found)];
    return [first ?? number];
  }

  private targetPort(service: Service, { number, targetPort = number }: ServicePort): number | undefined {
    if (typeof targetPort === 'number') return targetPort;
    const [pod] = this.pods.behind(service);
    return pod?.ports.get(targetPort);
  }
}

function byTimeAndHost(a: Service, b: Service): number {
  return a.age.created - b.age.created || compareText(a.host, b.host);
}

function labelKey([key, value]: readonly [string, string]): string {
  return JSON.stringify([key, value]);
}
