import type { Mesh } from '../../mesh/mesh.ts';
import { isSelectedBy } from '../../mesh/workloads.ts';
import type { ServiceEntry } from '../../resources/service-entry.ts';
import type { Services } from '../services/services.ts';
import { isIpAddress } from '../terms/address.ts';
import { spiffeId } from '../terms/handshake.ts';
import type { Labels, Service, ServicePort } from '../terms/service.ts';
import type { Endpoint } from './cluster.ts';
import type { Pod, Pods } from './pods.ts';

type WrittenEndpoint = ServiceEntry['spec']['endpoints'][number];

/** An endpoint under the port that it belongs to. */
interface NamedEndpoint extends Endpoint {
  readonly portName: string;
  /** The number of that port, of ServiceEntries only: undefined where endpoints are found by the port's name alone. */
  readonly portNumber: number | undefined;
}

const TLS_MODE = 'security.istio.io/tlsMode';
const UNIX = 'unix://';

/** The endpoints of services: those of all copies of one host in one namespace are pooled (V-8, E-2 to E-4). */
export class Endpoints {
  private readonly mesh: Mesh;
  private readonly services: Services;
  private readonly pods: Pods;
  private readonly pools = new Map<string, readonly NamedEndpoint[]>();

  constructor(mesh: Mesh, services: Services, pods: Pods) {
    this.mesh = mesh;
    this.services = services;
    this.pods = pods;
  }

  /** E-3: the endpoints of a port, by its name, as endpoint discovery finds them; `labels` are those of a subset. */
  of(service: Service, port: ServicePort, labels: Labels = {}): readonly Endpoint[] {
    return this.poolOf(service).filter((endpoint) => endpoint.portName === port.name && isSelectedBy(endpoint.labels, labels));
  }

  /**
   * E-3, L-11: the endpoints of a port as clusters and listeners list them themselves: those of ServiceEntries by the port's number, however copies of the
   * host name it. Istio: endpointshards.go, CopyEndpoints.
   */
  listed(service: Service, { name, number }: Pick<ServicePort, 'name' | 'number'>, labels: Labels = {}): readonly Endpoint[] {
    return this.poolOf(service).filter(
      ({ portName, portNumber, labels: own }) => (portNumber === undefined ? portName === name : portNumber === number) && isSelectedBy(own, labels),
    );
  }

  /** D-8: the identities of all endpoints of a service, as far as they are known. */
  identitiesOf(service: Service): readonly string[] {
    return [...new Set(this.poolOf(service).flatMap(({ identity }) => identity ?? []))];
  }

  private poolOf({ host, namespace, registry }: Service): readonly NamedEndpoint[] {
    const key = `${registry}/${namespace}/${host}`;
    const known = this.pools.get(key);
    if (known) return known;
    // One entry is several services where it has several addresses; its endpoints then count as often.
    const all = this.services.named(host).filter((copy) => copy.namespace === namespace);
    const copies = all.filter((copy) => copy.registry === registry);
    const pool = registry === 'kubernetes' ? [...this.besides(all), ...copies.flatMap((copy) => this.ofPods(copy))] : this.ofEntries(copies);
    this.pools.set(key, pool);
    return pool;
  }

  /** V-8: the addresses that ServiceEntries give for the host of a Service of their namespace, which discovery lists before its Pods. Names are not among them. */
  private besides(copies: readonly Service[]): readonly NamedEndpoint[] {
    const isListed = copies.some(({ registry, resolution }) => registry === 'kubernetes' && resolution === 'EDS');
    const entries = isListed ? copies.filter(({ registry }) => registry !== 'kubernetes') : [];
    return entries.flatMap((copy) => this.ofEntry(copy)).filter(({ address, pod }) => pod === undefined && isIpAddress(address));
  }

  private ofPods(service: Service): readonly NamedEndpoint[] {
    // V-1: istiod keeps no endpoints of a Service that is for nobody, even one that is for everybody as well.
    if (service.exportTo.includes('~')) return [];
    return this.pods.behind(service).flatMap((pod) => service.ports.map((port) => this.atPod(pod, port, this.pods.portOf(pod, port))));
  }

  /** V-8: what is looked up in turn counts only where nothing else gave its port an endpoint before. Istio: conversion.go, mergeServicesInstancesByNamespaceHost. */
  private ofEntries(copies: readonly Service[]): readonly NamedEndpoint[] {
    const ports = new Set<number | undefined>();
    return copies.flatMap((copy) =>
      this.ofEntry(copy).filter(({ portNumber }) => {
        const isSkipped = copy.resolution === 'DNS_ROUND_ROBIN' && ports.has(portNumber);
        ports.add(portNumber);
        return !isSkipped;
      }),
    );
  }

  private ofEntry(service: Service): readonly NamedEndpoint[] {
    const { ports, resource, selector, resolution, host } = service;
    if (selector !== undefined) return this.ofSelector(service, selector);
    // The registry says so: what is not of Kubernetes comes from a ServiceEntry.
    const written = (resource as ServiceEntry | undefined)?.spec.endpoints ?? [];
    if (written.length > 0) return written.flatMap((endpoint) => ports.map((port) => this.fromEntry(service, endpoint, port)));
    if (resolution !== 'DNS' && resolution !== 'DNS_ROUND_ROBIN') return [];
    return ports.map((port) => atHost(host, port));
  }

  /** E-4: Pods and WorkloadEntries of the entry's namespace. */
  private ofSelector(service: Service, selector: Labels): readonly NamedEndpoint[] {
    const { namespace, ports } = service;
    const pods = this.pods.selectedBy(namespace, selector);
    const workloads = this.mesh.inNamespace('WorkloadEntry', namespace).flatMap(({ labels, spec }) => {
      const all = { ...labels, ...spec.labels };
      return isSelectedBy(all, selector) ? [{ ...spec, labels: all }] : [];
    });
    return [
      ...pods.flatMap((pod) => ports.map((port) => this.atPod(pod, port, numberOf(port), port.number))),
      ...workloads.flatMap((workload) => ports.map((port) => this.fromEntry(service, workload, port))),
    ];
  }

  private atPod(pod: Pod, port: ServicePort, number: number, portNumber?: number): NamedEndpoint {
    const identity = spiffeId(this.mesh.config.trustDomain, pod.namespace, pod.serviceAccount);
    return { address: pod.address, port: number, portName: port.name, portNumber, labels: pod.labels, takesMeshTls: pod.takesMeshTls, identity, pod };
  }

  private fromEntry({ namespace }: Service, { address = '', ports, labels, serviceAccount = '' }: WrittenEndpoint, port: ServicePort): NamedEndpoint {
    const isSocket = address.startsWith(UNIX);
    return {
      address: isSocket ? address.slice(UNIX.length) : address,
      // E-3.
      port: isSocket ? 0 : (ports[port.name] ?? numberOf(port)),
      portName: port.name,
      portNumber: port.number,
      labels,
      takesMeshTls: labels[TLS_MODE] === undefined ? serviceAccount !== '' : labels[TLS_MODE] === 'istio',
      identity: serviceAccount === '' ? undefined : spiffeId(this.mesh.config.trustDomain, namespace, serviceAccount),
      pod: this.pods.at(address),
    };
  }
}

function atHost(host: string, port: ServicePort): NamedEndpoint {
  const { name: portName, number: portNumber } = port;
  return { address: host, port: numberOf(port), portName, portNumber, labels: NO_LABELS, takesMeshTls: false, identity: undefined, pod: undefined };
}

const NO_LABELS: Labels = {};

function numberOf({ number, targetPort }: ServicePort): number {
  return typeof targetPort === 'number' ? targetPort : number;
}
