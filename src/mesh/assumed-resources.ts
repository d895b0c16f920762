import { externalSecret } from '../resources/external-secret.ts';
import { helmValues } from '../resources/istio-installation.ts';
import { namespace } from '../resources/namespace.ts';
import { type KindDefinition, type Resource, resourceOf } from '../resources/resource.ts';
import { secret } from '../resources/secret.ts';
import { service } from '../resources/service.ts';
import { pod } from '../resources/workload.ts';
import type { AssumedGateway, AssumedNamespace, AssumedPort, AssumedSecret, AssumedService, AssumptionSource, Assumptions } from './assumptions.ts';

type Raw = Readonly<Record<string, unknown>>;
type Labels = Readonly<Record<string, string>>;

const NOWHERE: AssumptionSource = { file: { file: 'egress-lint.yaml', text: '' }, span: () => ({ start: 0, end: 0 }) };

/**
 * The objects that are assumed to exist, in the form that the API server would hold them in.
 * @param isInView whether the files hold an object of this kind, namespace and name: it then stands for itself
 */
export function assumedResources(assumptions: Assumptions, isInView: (kind: string, namespace: string, name: string) => boolean): readonly Resource[] {
  const { services = [], gateways = [], namespaces = [], secrets = [], meshConfig } = assumptions;
  const objects = [
    ...services.map(serviceOf),
    ...gateways.flatMap((gateway) => [...(gateway.ports ? [serviceOf({ ...gateway, ports: gateway.ports })] : [])]),
    ...namespaces.map(namespaceOf),
    ...secrets.map(secretOf),
  ];
  // Nobody writes the Pods of gateways down: what is assumed of them is said of those that run.
  const pods = gateways.map(podOf);
  return [
    ...objects.filter(({ type, namespace: home, name }) => !isInView(type, home, name)),
    ...pods,
    ...(meshConfig ? [object(helmValues, { meshConfig: meshConfig.settings }, meshConfig.source)] : []),
  ];
}

function serviceOf({ name, namespace: home, ports, labels, source }: AssumedService): Resource {
  const spec = { selector: labels ?? {}, ports: ports.map(servicePort) };
  return object(service, { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: home }, spec }, source);
}

function servicePort({ port, targetPort, name, appProtocol }: AssumedPort): Raw {
  return { port, targetPort: targetPort ?? port, ...(name !== undefined && { name }), ...(appProtocol !== undefined && { appProtocol }) };
}

function podOf({ name, namespace: home, labels, tlsMode, source }: AssumedGateway): Resource {
  // Istio's charts label the Pods of a gateway with its name, too; the Services of the stock ones select them by it.
  const all: Labels = { app: name, ...labels, ...(tlsMode && { 'security.istio.io/tlsMode': tlsMode }) };
  // The template for gateways: no sidecar's, so that nobody takes the Pods for clients.
  const annotations: Labels = { 'inject.istio.io/templates': 'gateway' };
  return object(pod, { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: home, labels: all, annotations }, spec: {} }, source);
}

function namespaceOf({ name, injected, labels, source }: AssumedNamespace): Resource {
  const all: Labels = { 'istio-injection': injected ? 'enabled' : 'disabled', ...labels };
  return object(namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: all } }, source);
}

/** Of an ExternalSecret that takes something over as a whole nobody knows the keys. */
function secretOf({ name, namespace: home, keys, source }: AssumedSecret): Resource {
  const metadata = { name, namespace: home };
  if (keys) return object(secret, { apiVersion: 'v1', kind: 'Secret', metadata, data: Object.fromEntries(keys.map((key) => [key, ''])) }, source);
  return object(externalSecret, { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', metadata, spec: { dataFrom: [{}] } }, source);
}

/** Its place is that of the assumption: the object's own paths lead nowhere there, which shows the assumption's first line. */
function object(definition: KindDefinition, raw: Raw, { file, span }: AssumptionSource = NOWHERE): Resource {
  const document = {
    value: raw,
    get start() {
      return span().start;
    },
    get end() {
      return span().end;
    },
  };
  return resourceOf(definition, raw, { file, document, prefix: [] }, 'default');
}
