import { GatewayServers } from '../../mesh/gateway-servers.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { Workloads } from '../../mesh/workloads.ts';
import { valueAt } from '../../resources/plain-value.ts';
import type { Resource } from '../../resources/resource.ts';
import { madeUpPodAddress } from '../terms/address.ts';
import type { Labels, Service, ServicePort } from '../terms/service.ts';
import type { PodEndpoint } from './cluster.ts';

/** A Pod in view, one that a controller makes from its template, or one that is made up for a Service whose selector fits none. */
export interface Pod extends PodEndpoint {
  readonly annotations: Labels;
  /** Its IP, or a text that stands for one ({@link madeUpPodAddress}). */
  readonly address: string;
  /** D-9: whether sidecars speak mTLS to it by themselves. */
  readonly takesMeshTls: boolean;
  /** Ports of its containers that have names. */
  readonly ports: ReadonlyMap<string, number>;
  /** Undefined where it is made up. */
  readonly resource: Resource | undefined;
}

/** What Pods are found by: their parts that files, templates and made-up Pods have in common. */
interface PodSource {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly spec: PodSpec | undefined;
  readonly address: string | undefined;
  readonly resource: Resource | undefined;
}

interface PodSpec {
  readonly serviceAccountName?: string;
  readonly hostNetwork?: unknown;
  readonly containers: readonly { readonly ports: readonly { readonly name?: string; readonly containerPort?: number }[] }[];
}

/** The label by which a workload announces that it takes mesh mTLS: the injection of sidecars sets it, that of gateways does not (D-9). */
const TLS_MODE = 'security.istio.io/tlsMode';
const INJECT = 'sidecar.istio.io/inject';
const TEMPLATES = 'inject.istio.io/templates';
const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';

/** The Pods of a mesh, by labels and by address. */
export class Pods {
  readonly all: readonly Pod[];
  private readonly byNamespace: Workloads<Pod>;
  private readonly byAddress: ReadonlyMap<string, Pod>;
  private readonly gateways: GatewayServers;

  /** @param services a Service in view whose selector fits no Pod in view gets one made-up Pod with the selector's labels */
  constructor(mesh: Mesh, services: readonly Service[]) {
    this.gateways = new GatewayServers(mesh.all('Gateway'));
    const inView = podSources(mesh).map((source) => this.podOf(source));
    const known = new Workloads(inView);
    const madeUp = new Map<string, Pod>();
    for (const service of services) {
      if (!isBackedByPods(service) || known.selectedBy(service.namespace, service.selector).length > 0) continue;
      const pod = this.podOf(madeUpFor(service));
      madeUp.set(pod.address, pod);
    }
    this.all = [...inView, ...madeUp.values()];
    this.byNamespace = new Workloads(this.all);
    this.byAddress = new Map([...this.all].reverse().map((pod) => [pod.address, pod]));
  }

  /** The Pods of a namespace that carry all labels of a selector. */
  selectedBy(namespace: string, selector: Labels): readonly Pod[] {
    return this.byNamespace.selectedBy(namespace, selector);
  }

  /** The Pods behind a Service, or behind a ServiceEntry's workloadSelector. */
  behind({ namespace, selector }: Pick<Service, 'namespace' | 'selector'>): readonly Pod[] {
    return selector === undefined ? [] : this.selectedBy(namespace, selector);
  }

  /** The port of a Pod to which a Service's port leads. A target port with a name is a port of the Pod's containers. */
  portOf(pod: Pod, { number, targetPort }: ServicePort): number {
    if (typeof targetPort === 'string') return pod.ports.get(targetPort) ?? number;
    return targetPort ?? number;
  }

  /** The Pod that has an address. */
  at(address: string): Pod | undefined {
    return this.byAddress.get(address);
  }

  private podOf({ name, namespace, labels, annotations, spec, address, resource }: PodSource): Pod {
    const kind = this.kindOf(labels, annotations, spec);
    const ports = (spec?.containers ?? []).flatMap((container) => container.ports);
    return {
      name,
      namespace,
      labels,
      annotations,
      kind,
      serviceAccount: spec?.serviceAccountName || 'default',
      address: address ?? madeUpPodAddress(namespace, name),
      takesMeshTls: labels[TLS_MODE] === undefined ? kind === 'sidecar' : labels[TLS_MODE] === 'istio',
      ports: new Map(ports.flatMap((port) => (port.name !== undefined && port.containerPort !== undefined ? [[port.name, port.containerPort]] : []))),
      resource,
    };
  }

  /** Whether a Pod runs a gateway, as its labels, its injection template or the selector of a Gateway show; else it has a sidecar unless it says otherwise. */
  private kindOf(labels: Labels, annotations: Labels, spec: PodSpec | undefined): Pod['kind'] {
    if (labels[GATEWAY_NAME] || annotations[TEMPLATES] === 'gateway' || labels['istio']?.endsWith('gateway')) return 'gateway';
    if (this.gateways.selecting(labels).length > 0) return 'gateway';
    return labels[INJECT] === 'false' || annotations[INJECT] === 'false' || spec?.hostNetwork === true ? 'none' : 'sidecar';
  }
}

function isBackedByPods(service: Service): service is Service & { readonly selector: Labels } {
  return service.registry === 'kubernetes' && service.selector !== undefined && Object.keys(service.selector).length > 0;
}

function madeUpFor({ host, namespace, selector, ports, resource, labels: ownLabels }: Service & { readonly selector: Labels }): PodSource {
  const name = `${host.slice(0, host.indexOf('.'))}-synth`;
  // A target port with a name has to lead somewhere.
  const named = ports.flatMap(({ targetPort, number }) => (typeof targetPort === 'string' ? [{ name: targetPort, containerPort: number }] : []));
  // Of an assumed gateway the labels of its Pods are known: those that its Service carries as well.
  const labels = resource ? selector : { ...ownLabels, ...selector };
  return { name, namespace, labels, annotations: {}, spec: { containers: [{ ports: named }] }, address: undefined, resource: undefined };
}

function podSources(mesh: Mesh): readonly PodSource[] {
  const pods = mesh.all('Pod').map((pod): PodSource => {
    const { name, namespace, labels, annotations, spec } = pod;
    return { name, namespace, labels, annotations, spec, address: podIp(pod), resource: pod };
  });
  const templated = [...mesh.all('Deployment'), ...mesh.all('StatefulSet'), ...mesh.all('DaemonSet'), ...mesh.all('ReplicaSet'), ...mesh.all('Job')];
  return [
    ...pods,
    ...templated.map((resource) => fromTemplate(resource, resource.spec.template)),
    ...mesh.all('CronJob').map((resource) => fromTemplate(resource, resource.spec.jobTemplate?.spec?.template)),
  ];
}

interface Template {
  readonly metadata?: { readonly labels: Labels; readonly annotations: Labels };
  readonly spec?: PodSpec;
}

function fromTemplate(resource: Resource, template: Template | undefined): PodSource {
  const { labels = {}, annotations = {} } = template?.metadata ?? {};
  return { name: `${resource.name}-0`, namespace: resource.namespace, labels, annotations, spec: template?.spec, address: undefined, resource };
}

/** The status is the cluster's, but files that were written by `kubectl get` have it. */
function podIp({ status }: Resource): string | undefined {
  const ip = valueAt(status, ['podIP']);
  return typeof ip === 'string' && ip !== '' ? ip : undefined;
}
