import type { MeshConfig } from '../../mesh/mesh-config.ts';
import { stepInto } from '../../yaml/step-into.ts';
import type { Services } from '../services/services.ts';
import { isIpAddress } from '../terms/address.ts';
import type { ClusterKey } from '../terms/decision.ts';
import type { ProxyNode } from '../terms/proxy-node.ts';
import type { ProxyScope } from '../terms/proxy-scope.ts';
import type { Placed } from '../terms/reason.ts';
import type { Service, ServicePort } from '../terms/service.ts';
import type { Cluster, Endpoint, MissingCluster } from './cluster.ts';
import type { Endpoints } from './endpoints.ts';
import type { MergedRule } from './merged-rules.ts';
import type { PeerAuthentications } from './peer-authentications.ts';
import { type PortPolicy, policiesInEffect } from './policy-in-effect.ts';
import type { RuleIndex } from './rule-index.ts';
import { type TlsInputs, tlsSettings, upstreamTls } from './upstream-tls.ts';

type ClusterType = Cluster['type'];
type PlacedSubset = NonNullable<ReturnType<MergedRule['subset']>>;

interface Sources {
  readonly config: Pick<MeshConfig, 'autoMtls'>;
  readonly services: Services;
  readonly endpoints: Endpoints;
  readonly rules: RuleIndex;
  readonly peers: PeerAuthentications;
}

/** What a cluster is made of. */
interface Parts {
  readonly key: ClusterKey;
  readonly service: Service;
  readonly port: ServicePort;
  readonly rule: MergedRule | undefined;
  readonly subset: PlacedSubset | undefined;
}

/** The clusters that proxies have (R-20, D-5 to D-9, E-2). Istio: pilot/pkg/networking/core/cluster.go, buildOutboundClusters. */
export class Clusters {
  private readonly sources: Sources;
  private readonly known = new WeakMap<ProxyScope, Map<string, Cluster | MissingCluster>>();

  constructor(sources: Sources) {
    this.sources = sources;
  }

  /** The cluster by which a proxy would send a connection, or why it has none. */
  of(scope: ProxyScope, key: ClusterKey): Cluster | MissingCluster {
    const known = this.known.get(scope) ?? new Map<string, Cluster | MissingCluster>();
    this.known.set(scope, known);
    const name = clusterName(key);
    const cluster = known.get(name) ?? this.build(scope, key);
    known.set(name, cluster);
    return cluster;
  }

  private build(scope: ProxyScope, key: ClusterKey): Cluster | MissingCluster {
    const service = scope.serviceOf(key.host);
    // N-15: a name of another host has no clusters.
    if (!service || service.resolution === 'ALIAS') return this.missingHost(key);
    const port = service.ports.find(({ number }) => number === key.port);
    if (!port || port.protocol === 'UDP') return { key, missing: 'port', at: service.at };
    // ztunnel looks at no rule.
    const rule = scope.proxy.kind === 'ztunnel' ? undefined : this.sources.rules.ruleFor(service, scope.proxy);
    if (key.subset === '') return this.complete(scope, { key, service, port, rule, subset: undefined });
    const subset = service.resolution === 'DYNAMIC_DNS' ? undefined : rule?.subset(key.subset);
    if (!subset) return { key, missing: 'subset', at: rule?.at };
    return this.complete(scope, { key, service, port, rule, subset });
  }

  private missingHost(key: ClusterKey): MissingCluster {
    const [hidden] = this.sources.services.named(key.host);
    return { key, missing: hidden ? 'hidden-host' : 'host', at: hidden?.at };
  }

  private complete({ proxy }: ProxyScope, parts: Parts): Cluster | MissingCluster {
    const { key, service, port, rule, subset } = parts;
    const policies = policiesInEffect(rule?.policy, subset && policyOf(subset), port.number);
    const goesWhereDialled = policies.find(({ value }) => value.loadBalancer)?.value.loadBalancer?.simple === 'PASSTHROUGH';
    const type = goesWhereDialled ? 'ORIGINAL_DST' : clusterType(service, proxy.kind === 'gateway' ? 'gateway' : 'sidecar');
    const endpoints = this.endpointsOf(type, parts);
    if (isLookedUp(type) && endpoints.length === 0) {
      // A cluster that would look names up is left out where there is none.
      return subset ? { key, missing: 'subset-endpoints', at: subset.at } : { key, missing: 'endpoints', at: service.at };
    }
    const tls = tlsSettings(policies);
    return {
      key,
      service,
      port,
      type,
      endpoints,
      tls: upstreamTls(this.tlsInputs(parts, proxy.kind, tls?.settings, type, policies)),
      portOverride: type === 'ORIGINAL_DST' ? portOverride(service, port) : undefined,
      destinationRule: rule?.at,
      subset: subset?.at,
      tlsAt: tls?.at,
    };
  }

  private endpointsOf(type: ClusterType, { service, port, subset }: Parts): readonly Endpoint[] {
    if (type === 'ORIGINAL_DST' || type === 'DYNAMIC_FORWARD_PROXY') return [];
    const { endpoints: known } = this.sources;
    const labels = subset?.value.labels;
    const endpoints = type === 'EDS' ? known.of(service, port, labels) : known.listed(service, port, labels);
    // Copies of a host may be looked up where this one is not (V-8): their names are no addresses to send to.
    return type === 'EDS' ? endpoints.filter(({ address }) => isIpAddress(address) || isSocketPath(address)) : endpoints;
  }

  private tlsInputs(
    { key, service, port, rule }: Parts,
    kind: ProxyNode['kind'],
    written: TlsInputs['settings'],
    type: ClusterType,
    policies: readonly Placed<PortPolicy>[],
  ): TlsInputs {
    // between the proxies of ambient the tunnel is mTLS already.
    const isTunneled = kind === 'ztunnel' || kind === 'waypoint';
    const settings = isTunneled && written?.mode === 'ISTIO_MUTUAL' ? undefined : written;
    return {
      settings,
      proxy: kind === 'sidecar' ? 'sidecar' : 'gateway',
      hasSelector: rule?.selector !== undefined,
      service,
      port: port.number,
      subset: key.subset,
      autoMtls: settings || isTunneled ? undefined : this.autoMtls(service, port, type, policies),
      identities: this.sources.endpoints.identitiesOf(service),
    };
  }

  /** D-9. Istio: pilot/pkg/model/push_context.go, BestEffortInferServiceMTLSMode. */
  private autoMtls(service: Service, port: ServicePort, type: ClusterType, policies: readonly Placed<PortPolicy>[]): TlsInputs['autoMtls'] {
    if (!this.sources.config.autoMtls || service.isMeshExternal) return undefined;
    const goesWhereDialled = service.resolution === 'NONE' || policies.some(({ value }) => value.loadBalancer?.simple === 'PASSTHROUGH');
    if (goesWhereDialled) {
      const endpoints = this.sources.endpoints.of(service, port);
      // The proxy cannot tell endpoints apart then: all of them have to take mTLS.
      if (endpoints.length === 0 || !endpoints.every(({ takesMeshTls }) => takesMeshTls)) return undefined;
    }
    if (this.sources.peers.ofNamespace(service.namespace).mode === 'DISABLE') return undefined;
    return type === 'ORIGINAL_DST' ? 'all' : 'announced';
  }
}

/** A cluster as Envoy's configuration names it: `outbound|PORT|SUBSET|HOST`; A-11: one that no backend stands for has a name of its own. */
export function clusterName({ host, port, subset }: ClusterKey): string {
  return host === '' ? 'UnknownService' : `outbound|${port}|${subset}|${host}`;
}

function policyOf({ value, at }: PlacedSubset): MergedRule['policy'] {
  return value.trafficPolicy && { value: value.trafficPolicy, at: { resource: at.resource, path: stepInto(at.path, 'trafficPolicy') } };
}

/** E-2, G-12, N-16. Istio: pilot/pkg/networking/core/cluster.go, convertResolution. */
function clusterType({ resolution }: Service, proxy: 'sidecar' | 'gateway'): ClusterType {
  switch (resolution) {
    case 'EDS':
    case 'ALIAS':
      return 'EDS';
    case 'DNS':
      return 'STRICT_DNS';
    case 'DNS_ROUND_ROBIN':
      return 'LOGICAL_DNS';
    case 'DYNAMIC_DNS':
      return 'DYNAMIC_FORWARD_PROXY';
    case 'NONE':
      // Where a client has dialled means nothing behind a gateway.
      return proxy === 'gateway' ? 'EDS' : 'ORIGINAL_DST';
    default:
      return resolution satisfies never;
  }
}

/** E-13: of ServiceEntries only; the Pods of a headless Service are dialled themselves, whatever its target port is. */
function portOverride({ registry }: Service, { targetPort }: ServicePort): number | undefined {
  return registry === 'external' && typeof targetPort === 'number' ? targetPort : undefined;
}

function isSocketPath(address: string): boolean {
  return address.startsWith('/') || address.startsWith('@');
}

function isLookedUp(type: ClusterType): boolean {
  return type === 'STRICT_DNS' || type === 'LOGICAL_DNS';
}
