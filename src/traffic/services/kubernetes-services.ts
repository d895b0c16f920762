import { serviceHost } from '../../mesh/host-name.ts';
import { serviceProtocol } from '../../mesh/protocol.ts';
import type { Service as KubernetesService } from '../../resources/service.ts';
import { clusterAddress } from '../terms/address.ts';
import type { Age } from '../terms/age.ts';
import type { Service, ServicePort } from '../terms/service.ts';

const EXPORT_TO_ANNOTATION = 'networking.istio.io/exportTo';
const HEADLESS = 'None';

/** N-10, N-13, N-15, N-16. Istio: pilot/pkg/serviceregistry/kube/conversion.go, ConvertService. */
export function servicesOfKubernetes(service: KubernetesService, age: Age, clusterDomain: string): readonly Service[] {
  const { spec, name, namespace } = service;
  const externalName = spec.type === 'ExternalName' && spec.externalName ? spec.externalName : undefined;
  const isHeadless = externalName === undefined && spec.clusterIP === HEADLESS;
  return [
    {
      host: serviceHost(name, namespace, clusterDomain),
      namespace,
      ports: portsOf(service),
      address: addressOf(service, externalName !== undefined || isHeadless),
      hasAutoAddress: false,
      resolution: externalName !== undefined ? 'ALIAS' : isHeadless ? 'NONE' : 'EDS',
      isHeadless,
      isMeshExternal: externalName !== undefined,
      registry: 'kubernetes',
      exportTo: (service.annotations[EXPORT_TO_ANNOTATION] ?? '').split(',').flatMap((entry) => entry.trim() || []),
      labels: service.labels,
      selector: Object.keys(spec.selector).length > 0 ? spec.selector : undefined,
      subjectAltNames: [],
      age,
      resource: service,
      at: { resource: service, path: ['metadata', 'name'] },
      aliases: [],
      ...(externalName !== undefined && { externalName }),
    },
  ];
}

/** A Service whose address no file tells has one nevertheless: the cluster gives it. */
function addressOf({ spec, namespace, name }: KubernetesService, hasNone: boolean): string | undefined {
  return hasNone ? undefined : spec.clusterIP || clusterAddress(namespace, name);
}

function portsOf(service: KubernetesService): readonly ServicePort[] {
  return service.spec.ports.map((port, index) => ({
    number: port.port ?? 0,
    name: port.name ?? '',
    protocol: serviceProtocol(port),
    targetPort: typeof port.targetPort === 'number' || typeof port.targetPort === 'string' ? port.targetPort : undefined,
    at: { resource: service, path: ['spec', 'ports', index] },
  }));
}
