import type { Service } from '../resources/service.ts';
import type { ServiceEntry } from '../resources/service-entry.ts';
import type { Path } from '../yaml/locate.ts';
import { serviceHost } from './host-name.ts';
import type { Mesh } from './mesh.ts';

/** An endpoint of a ServiceEntry that is a Service of the cluster, on a port that the Service does not have. */
export interface DeadEndpoint {
  readonly service: Service;
  readonly port: number;
  /** To what says the port: the endpoint's own `ports`, or the entry's port. */
  readonly path: Path;
}

/**
 * E-3: endpoints that proxies look up in DNS are asked for by name, and a Service's name leads to its cluster address, where nothing but its ports is served.
 * Services without a cluster address lead to Pods, which listen where they like.
 */
export function deadEndpoints(mesh: Mesh, entry: ServiceEntry): readonly DeadEndpoint[] {
  const { resolution, ports, endpoints } = entry.spec;
  if ((resolution !== 'DNS' && resolution !== 'DNS_ROUND_ROBIN') || entry.templates.length > 0) return [];
  return endpoints.flatMap((endpoint, at) => {
    const service = serviceNamed(mesh, entry, endpoint.address ?? '');
    if (!service) return [];
    return ports.flatMap(({ name = '', number, targetPort }, index): readonly DeadEndpoint[] => {
      const own = endpoint.ports[name];
      const port = own ?? (targetPort || number);
      if (!port || service.spec.ports.some((each) => each.port === port)) return [];
      return [
        { service, port, path: own === undefined ? ['spec', 'ports', index, targetPort ? 'targetPort' : 'number'] : ['spec', 'endpoints', at, 'ports', name] },
      ];
    });
  });
}

const NAME = /^([^.]+)\.([^.]+)\.svc\./;

function serviceNamed(mesh: Mesh, entry: ServiceEntry, address: string): Service | undefined {
  const [, name, namespace] = NAME.exec(address) ?? [];
  if (name === undefined || namespace === undefined || address.replace(/\.$/, '') !== serviceHost(name, namespace, mesh.config.clusterDomain)) return undefined;
  const [service, another] = mesh.named('Service', namespace, name).filter((each) => mesh.belongTogether(entry, each));
  if (!service || another || service.templates.length > 0 || service.spec.ports.length === 0) return undefined;
  return service.spec.clusterIP === 'None' || service.spec.type === 'ExternalName' ? undefined : service;
}
