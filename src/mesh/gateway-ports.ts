import type { Gateway } from '../resources/gateway.ts';
import { serviceHost } from './host-name.ts';
import type { Mesh } from './mesh.ts';

/** The ports of gateways' Pods on which their servers listen. */
export interface ListenedPorts {
  /** By the port of the Service that leads there. */
  readonly byServicePort: ReadonlyMap<number, number>;
  readonly all: ReadonlySet<number>;
}

/**
 * G-2: where the servers of Gateways listen in the Pods of a namespace: on the target port of the Service's port, or on the server's own number where no Service
 * has it.
 * @returns undefined where no Service in view leads to these Gateways, or a target port is a name: then the Pods decide
 */
export function listenedPorts(mesh: Mesh, namespace: string, gateways: readonly Gateway[]): ListenedPorts | undefined {
  const services = mesh.inNamespace('Service', namespace).filter(({ name }) => {
    const running = mesh.gatewayServices.gatewaysAt(serviceHost(name, namespace, mesh.config.clusterDomain));
    return gateways.some((gateway) => running.has(gateway));
  });
  if (services.length === 0 || services.some(({ templates }) => templates.length > 0)) return undefined;
  const byServicePort = new Map<number, number>();
  for (const { port, targetPort } of services.flatMap(({ spec }) => spec.ports)) {
    if (targetPort !== undefined && targetPort !== null && typeof targetPort !== 'number') return undefined;
    if (port !== undefined) byServicePort.set(port, targetPort ?? port);
  }
  const numbers = gateways.flatMap(({ spec }) => spec.servers.flatMap(({ port }) => port?.number ?? []));
  return { byServicePort, all: new Set(numbers.map((number) => byServicePort.get(number) ?? number)) };
}
