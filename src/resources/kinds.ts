import { type ASMEgressTrafficPolicy, asmEgressTrafficPolicy } from './asm-egress-traffic-policy.ts';
import { type AuthorizationPolicy, authorizationPolicy } from './authorization-policy.ts';
import { type BackendTLSPolicy, backendTlsPolicy } from './backend-tls-policy.ts';
import { type Certificate, certificate } from './certificate.ts';
import { type ConfigMap, configMap } from './config-map.ts';
import { type DestinationRule, destinationRule } from './destination-rule.ts';
import { type EnvoyFilter, envoyFilter } from './envoy-filter.ts';
import { type ClusterExternalSecret, clusterExternalSecret, type ExternalSecret, externalSecret } from './external-secret.ts';
import { type Gateway, gateway } from './gateway.ts';
import { type GatewayClass, gatewayClass } from './gateway-class.ts';
import { type GRPCRoute, grpcRoute } from './grpc-route.ts';
import { type HelmValues, helmValues, type Istio, type IstioOperator, isIstioValues, istio, istioOperator } from './istio-installation.ts';
import { type KubernetesGateway, kubernetesGateway } from './kubernetes-gateway.ts';
import { type HTTPRoute, httpRoute } from './kubernetes-http-route.ts';
import { type Namespace, namespace } from './namespace.ts';
import { type NetworkPolicy, networkPolicy } from './network-policy.ts';
import { type PeerAuthentication, peerAuthentication } from './peer-authentication.ts';
import { type ProxyConfig, proxyConfig } from './proxy-config.ts';
import { type ReferenceGrant, referenceGrant } from './reference-grant.ts';
import { type RequestAuthentication, requestAuthentication } from './request-authentication.ts';
import type { KindDefinition } from './resource.ts';
import { type SealedSecret, sealedSecret } from './sealed-secret.ts';
import { type Secret, secret } from './secret.ts';
import { type Service, service } from './service.ts';
import { type ServiceEntry, serviceEntry } from './service-entry.ts';
import { type Sidecar, sidecar } from './sidecar.ts';
import { type TCPRoute, tcpRoute } from './tcp-route.ts';
import { type Telemetry, telemetry } from './telemetry.ts';
import { type TLSRoute, tlsRoute } from './tls-route.ts';
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
import { type WorkloadEntry, workloadEntry } from './workload-entry.ts';
import { type WorkloadGroup, workloadGroup } from './workload-group.ts';

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
  readonly ASMEgressTrafficPolicy: ASMEgressTrafficPolicy;
  readonly AuthorizationPolicy: AuthorizationPolicy;
  readonly BackendTLSPolicy: BackendTLSPolicy;
  readonly Certificate: Certificate;
  readonly EnvoyFilter: EnvoyFilter;
  readonly GatewayClass: GatewayClass;
  readonly GRPCRoute: GRPCRoute;
  readonly HTTPRoute: HTTPRoute;
  readonly NetworkPolicy: NetworkPolicy;
  readonly PeerAuthentication: PeerAuthentication;
  readonly ProxyConfig: ProxyConfig;
  readonly ReferenceGrant: ReferenceGrant;
  readonly RequestAuthentication: RequestAuthentication;
  readonly SealedSecret: SealedSecret;
  readonly Secret: Secret;
  readonly TCPRoute: TCPRoute;
  readonly Telemetry: Telemetry;
  readonly TLSRoute: TLSRoute;
  readonly WorkloadEntry: WorkloadEntry;
  readonly WorkloadGroup: WorkloadGroup;
  readonly ExternalSecret: ExternalSecret;
  readonly ClusterExternalSecret: ClusterExternalSecret;
  readonly IstioOperator: IstioOperator;
  readonly Istio: Istio;
  readonly HelmValues: HelmValues;
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
  ASMEgressTrafficPolicy: asmEgressTrafficPolicy,
  AuthorizationPolicy: authorizationPolicy,
  BackendTLSPolicy: backendTlsPolicy,
  Certificate: certificate,
  EnvoyFilter: envoyFilter,
  GatewayClass: gatewayClass,
  GRPCRoute: grpcRoute,
  HTTPRoute: httpRoute,
  NetworkPolicy: networkPolicy,
  PeerAuthentication: peerAuthentication,
  ProxyConfig: proxyConfig,
  ReferenceGrant: referenceGrant,
  RequestAuthentication: requestAuthentication,
  SealedSecret: sealedSecret,
  Secret: secret,
  TCPRoute: tcpRoute,
  Telemetry: telemetry,
  TLSRoute: tlsRoute,
  WorkloadEntry: workloadEntry,
  WorkloadGroup: workloadGroup,
  ExternalSecret: externalSecret,
  ClusterExternalSecret: clusterExternalSecret,
  IstioOperator: istioOperator,
  Istio: istio,
  HelmValues: helmValues,
};

const byGroupAndKind = new Map<string, KindDefinition>(
  Object.values(KINDS)
    .filter(({ isFile }) => !isFile)
    .map((definition) => [`${definition.group}/${definition.kind}`, definition]),
);
const kindNames = new Set<string>(
  Object.values(KINDS)
    .filter(({ isFile }) => !isFile)
    .map((definition) => definition.kind),
);

/** The definition for an API group ('' is Kubernetes' core group) and kind, or undefined for a kind that is not read. */
export function findKind(group: string, kind: string): KindDefinition | undefined {
  return byGroupAndKind.get(`${group}/${kind}`);
}

/**
 * The definition for a document that says no kind: only values files of Istio's charts are read.
 * @param file the file's path
 */
export function findFileKind(root: Readonly<Record<string, unknown>>, file: string): KindDefinition | undefined {
  return isIstioValues(root, file) ? helmValues : undefined;
}

/** Whether a document of this kind can hold something that is read; lists can. */
export function isReadKind(kind: string): boolean {
  return kindNames.has(kind) || kind.endsWith('List');
}
