import { isGatewayWorkload } from '../../mesh/gateway-workloads.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { compareText } from '../../text/compare-text.ts';
import type { Labels } from '../terms/service.ts';
import type { TrafficModel } from '../traffic-model.ts';
import type { Probe } from './probe.ts';

type Client = Probe['from'];

/**
 * The clients that files tell of: each Pod with a sidecar, each set of labels that a selector picks clients by (S-1, D-4, R-3), and in every namespace
 * that has an object of its own one client without labels. Those that are alike in all of this stand there once.
 */
export function clientsInView(model: TrafficModel): readonly Client[] {
  const { mesh } = model;
  const found = new Map<string, Client>();
  const add = (client: Client): void => {
    const { namespace, labels, serviceAccount } = client;
    const key = JSON.stringify([namespace, Object.entries(labels).sort(), serviceAccount ?? 'default']);
    if (!found.has(key)) found.set(key, client);
  };
  for (const { kind, namespace, labels, serviceAccount, resource } of model.pods.all) {
    if (kind !== 'gateway' && resource) add({ namespace, labels, ...(serviceAccount !== 'default' && { serviceAccount }) });
  }
  for (const { namespace, labels } of selectedClients(mesh)) add({ namespace, labels });
  const withGatewaysOnly = new Set([
    mesh.config.rootNamespace,
    ...mesh.workloadNamespaces.filter((name) => mesh.podsSelected(name, {}).every(isGatewayWorkload)),
  ]);
  const namespaces = new Set([...mesh.resources.flatMap(({ namespace }) => namespace || []), ...mesh.all('Namespace').map(({ name }) => name)]);
  for (const namespace of namespaces) if (!withGatewaysOnly.has(namespace)) add({ namespace, labels: {} });
  if (found.size === 0) add({ namespace: 'default', labels: {} });
  return [...found.values()].sort((a, b) => compareText(a.namespace, b.namespace) || Object.keys(a.labels).length - Object.keys(b.labels).length);
}

function selectedClients(mesh: Mesh): readonly { readonly namespace: string; readonly labels: Labels }[] {
  const { rootNamespace } = mesh.config;
  const selected = [
    ...mesh.all('Sidecar').map(({ namespace, spec }) => ({ namespace, labels: spec.workloadSelector?.labels ?? {} })),
    ...mesh.all('DestinationRule').map(({ namespace, spec }) => ({ namespace, labels: spec.workloadSelector?.matchLabels ?? {} })),
    ...mesh
      .all('VirtualService')
      .flatMap(({ namespace, spec }) =>
        [...spec.http, ...spec.tls, ...spec.tcp].flatMap(({ match }) =>
          match.map(({ sourceLabels, sourceNamespace }) => ({ namespace: sourceNamespace || namespace, labels: sourceLabels })),
        ),
      ),
  ];
  return selected.filter(({ namespace, labels }) => namespace !== rootNamespace && Object.keys(labels).length > 0);
}

/**
 * The client that a name stands for: a Pod, or what makes Pods of that name, or the Pods behind a label `app` of that value.
 * @returns undefined where no Pod in view is meant
 */
export function clientNamed(model: TrafficModel, { namespace, serviceAccount }: Client, name: string): Client | undefined {
  const pods = model.pods.selectedBy(namespace, {}).filter((pod) => pod.resource && (serviceAccount === undefined || pod.serviceAccount === serviceAccount));
  const pod =
    pods.find((each) => each.name === name || each.resource?.name === name) ??
    pods.find(({ labels }) => labels['app'] === name || labels['app.kubernetes.io/name'] === name);
  return pod && { namespace, labels: pod.labels, serviceAccount: serviceAccount ?? pod.serviceAccount };
}
