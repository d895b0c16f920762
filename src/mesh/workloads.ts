import type { KindName, ResourceByKind } from '../resources/kinds.ts';
import type { Resource } from '../resources/resource.ts';

/** A Pod, or the Pods that a controller makes from its template. */
export interface Workload {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly resource: Resource;
}

type All = <K extends KindName>(kind: K) => readonly ResourceByKind[K][];

/** Every workload in view. */
export function workloadsIn(all: All): readonly Workload[] {
  const templated = [...all('Deployment'), ...all('StatefulSet'), ...all('DaemonSet'), ...all('ReplicaSet'), ...all('Job')];
  return [
    ...all('Pod').map((pod) => ({ namespace: pod.namespace, labels: pod.labels, annotations: pod.annotations, resource: pod })),
    ...templated.map((resource) => fromTemplate(resource, resource.spec.template)),
    ...all('CronJob').map((resource) => fromTemplate(resource, resource.spec.jobTemplate?.spec?.template)),
  ];
}

function fromTemplate(resource: Resource, template: { readonly metadata?: { readonly labels: Labels; readonly annotations: Labels } } | undefined): Workload {
  return { namespace: resource.namespace, labels: template?.metadata?.labels ?? {}, annotations: template?.metadata?.annotations ?? {}, resource };
}

type Labels = Readonly<Record<string, string>>;

/** Whether a workload carries every label of a selector; an empty selector selects all. */
export function isSelectedBy(labels: Labels, selector: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}
