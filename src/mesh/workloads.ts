import type { KindName, ResourceByKind } from '../resources/kinds.ts';
import type { Resource } from '../resources/resource.ts';
import { groupBy } from './group-by.ts';

type Labels = Readonly<Record<string, string>>;

/** A Pod, or the Pods that a controller makes from its template. */
export interface Workload {
  readonly namespace: string;
  readonly labels: Labels;
  readonly annotations: Labels;
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

/** G-1, S-1: whether a workload carries every label of a selector; an empty selector selects all. */
export function isSelectedBy(labels: Labels, selector: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** Workloads by namespace and selector. A look-up walks over the workloads of one namespace once for each selector. */
export class Workloads<T extends Pick<Workload, 'namespace' | 'labels'> = Workload> {
  private readonly byNamespace: ReadonlyMap<string, readonly T[]>;
  private readonly selected = new Map<string, readonly T[]>();

  constructor(workloads: readonly T[]) {
    this.byNamespace = groupBy(workloads, ({ namespace }) => namespace);
  }

  /** The namespaces that have any, in the order of the files. */
  get namespaces(): readonly string[] {
    return [...this.byNamespace.keys()];
  }

  /** The workloads of a namespace that carry a selector's labels. */
  selectedBy(namespace: string, selector: Labels): readonly T[] {
    const all = this.byNamespace.get(namespace);
    if (!all) return [];
    const key = JSON.stringify([namespace, Object.entries(selector).sort()]);
    const known = this.selected.get(key) ?? all.filter((workload) => isSelectedBy(workload.labels, selector));
    this.selected.set(key, known);
    return known;
  }
}
