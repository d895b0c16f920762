import { any, type Field, type Infer, integer, list, map, object, string } from './field.ts';
import type { KindDefinition, Resource } from './resource.ts';

const containerPort = object('ContainerPort', { name: string(), containerPort: integer(), protocol: string() }, { open: true });
const container = object('Container', { name: string(), ports: list(containerPort) }, { open: true });
const podSpec = object('PodSpec', { serviceAccountName: string(), containers: list(container), hostNetwork: any() }, { open: true });
const podMetadata = object('ObjectMeta', { labels: map(string()), annotations: map(string()) }, { open: true });
const podTemplate = object('PodTemplateSpec', { metadata: podMetadata, spec: podSpec }, { open: true });
const templated = object('Workload', { template: podTemplate }, { open: true });
const cronJob = object('CronJob', { jobTemplate: object('JobTemplate', { spec: templated }, { open: true }) }, { open: true });

const workload = <K extends string, S>(kind: K, group: string, spec: Field<S>) =>
  ({ kind, group, scope: 'Namespaced', root: 'spec', spec }) as const satisfies KindDefinition;

export const pod = workload('Pod', '', podSpec);
export const deployment = workload('Deployment', 'apps', templated);
export const statefulSet = workload('StatefulSet', 'apps', templated);
export const daemonSet = workload('DaemonSet', 'apps', templated);
export const replicaSet = workload('ReplicaSet', 'apps', templated);
export const job = workload('Job', 'batch', templated);
export const cronJobs = workload('CronJob', 'batch', cronJob);

export type Pod = Resource<'Pod', Infer<typeof podSpec>>;
type Templated = Infer<typeof templated>;
export type Deployment = Resource<'Deployment', Templated>;
export type StatefulSet = Resource<'StatefulSet', Templated>;
export type DaemonSet = Resource<'DaemonSet', Templated>;
export type ReplicaSet = Resource<'ReplicaSet', Templated>;
export type Job = Resource<'Job', Templated>;
export type CronJob = Resource<'CronJob', Infer<typeof cronJob>>;
