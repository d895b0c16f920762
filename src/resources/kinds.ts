import { type ConfigMap, configMap } from './config-map.ts';
import { type DestinationRule, destinationRule } from './destination-rule.ts';
import { type Gateway, gateway } from './gateway.ts';
import { type KubernetesGateway, kubernetesGateway } from './kubernetes-gateway.ts';
import { type Namespace, namespace } from './namespace.ts';
import type { KindDefinition } from './resource.ts';
import { type Service, service } from './service.ts';
import { type ServiceEntry, serviceEntry } from './service-entry.ts';
import { type Sidecar, sidecar } from './sidecar.ts';
import { type VirtualService, virtualService } from './virtual-service.ts';
import {
  type CronJob,
  cronJobs,
  type DaemonSet,
  type Deployment,
  daemonSet,
  deployment,
  type Job,
  job,
  type Pod,
  pod,
  type ReplicaSet,
  replicaSet,
  type StatefulSet,
  statefulSet,
} from './workload.ts';

/** The type of each kind that is read, by the name that rules use for it. */
export interface ResourceByKind {
  readonly ServiceEntry: ServiceEntry;
  readonly Sidecar: Sidecar;
  readonly Gateway: Gateway;
  readonly KubernetesGateway: KubernetesGateway;
  readonly VirtualService: VirtualService;
  readonly DestinationRule: DestinationRule;
  readonly Service: Service;
  readonly Namespace: Namespace;
  readonly ConfigMap: ConfigMap;
  readonly Pod: Pod;
  readonly Deployment: Deployment;
  readonly StatefulSet: StatefulSet;
  readonly DaemonSet: DaemonSet;
  readonly ReplicaSet: ReplicaSet;
  readonly Job: Job;
  readonly CronJob: CronJob;
}

export type KindName = keyof ResourceByKind;

/** Every kind that egress-lint reads. */
export const KINDS: Readonly<Record<KindName, KindDefinition>> = {
  ServiceEntry: serviceEntry,
  Sidecar: sidecar,
  Gateway: gateway,
  KubernetesGateway: kubernetesGateway,
  VirtualService: virtualService,
  DestinationRule: destinationRule,
  Service: service,
  Namespace: namespace,
  ConfigMap: configMap,
  Pod: pod,
  Deployment: deployment,
  StatefulSet: statefulSet,
  DaemonSet: daemonSet,
  ReplicaSet: replicaSet,
  Job: job,
  CronJob: cronJobs,
};

const byGroupAndKind = new Map<string, KindDefinition>(Object.values(KINDS).map((definition) => [`${definition.group}/${definition.kind}`, definition]));
const kindNames = new Set<string>(Object.values(KINDS).map((definition) => definition.kind));

/** The definition for an API group ('' is Kubernetes' core group) and kind, or undefined for a kind that is not read. */
export function findKind(group: string, kind: string): KindDefinition | undefined {
  return byGroupAndKind.get(`${group}/${kind}`);
}

/** Whether a document of this kind can hold something that is read; lists can. */
export function isReadKind(kind: string): boolean {
  return kindNames.has(kind) || kind.endsWith('List');
}
