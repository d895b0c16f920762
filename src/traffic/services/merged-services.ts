import { type Service, sameLabels } from '../terms/service.ts';

/**
 * V-8: of all copies of a host that a proxy is offered, the one that gives it its clusters. The first copy stays; a Kubernetes Service beats every
 * ServiceEntry; two entries of one namespace that differ in nothing but their ports have the ports of both.
 * Istio: pilot/pkg/model/sidecar.go, appendSidecarServices.
 */
export class MergedServices {
  private readonly byHost = new Map<string, Service>();

  constructor(services: Iterable<Service> = []) {
    for (const service of services) this.add(service);
  }

  add(service: Service): void {
    const current = this.byHost.get(service.host);
    this.byHost.set(service.host, current ? preferred(current, service) : service);
  }

  of(host: string): Service | undefined {
    return this.byHost.get(host);
  }

  /** In the order in which their hosts were first offered. */
  get all(): readonly Service[] {
    return [...this.byHost.values()];
  }
}

function preferred(current: Service, service: Service): Service {
  if (current.registry !== service.registry) return service.registry === 'kubernetes' ? service : current;
  if (!canMerge(current, service)) return current;
  const added = service.ports.filter((port, index) => {
    const isFirst = service.ports.findIndex(({ number }) => number === port.number) === index;
    return isFirst && current.ports.every(({ number }) => number !== port.number);
  });
  return added.length === 0 ? current : { ...current, ports: [...current.ports, ...added] };
}

function canMerge(a: Service, b: Service): boolean {
  return (
    a.namespace === b.namespace &&
    a.resolution === b.resolution &&
    sameLabels(a.labels, b.labels) &&
    sameLabels(a.selector ?? {}, b.selector ?? {}) &&
    a.exportTo.length === b.exportTo.length &&
    a.exportTo.every((entry) => b.exportTo.includes(entry))
  );
}
