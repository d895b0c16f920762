import { discovered } from '../mesh/discovered.ts';
import { addTo } from '../mesh/group-by.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { OutboundPolicy } from '../mesh/mesh-config.ts';
import { isSelectedBy } from '../mesh/workloads.ts';
import { Ambient } from './ambient/ambient.ts';
import { type AmbientWorld, waypointScope, ztunnelScope } from './ambient/ambient-scopes.ts';
import type { Endpoint } from './clusters/cluster.ts';
import { Clusters } from './clusters/clusters.ts';
import { Endpoints } from './clusters/endpoints.ts';
import { PeerAuthentications } from './clusters/peer-authentications.ts';
import { type Pod, Pods } from './clusters/pods.ts';
import { ruleConfigOf } from './clusters/rule-config.ts';
import { RuleIndex } from './clusters/rule-index.ts';
import { gatewayConfig } from './gateway/gateway-config.ts';
import { GatewayIndex } from './gateway/gateway-index.ts';
import { type GatewayWorld, gatewayScope } from './gateway/gateway-scope.ts';
import { backendTlsRules } from './gateway-api/backend-tls-rules.ts';
import { convertedRoutes } from './gateway-api/converted-routes.ts';
import { type KubernetesGateways, kubernetesGateways } from './gateway-api/kubernetes-gateways.ts';
import type { ConnectionPath } from './outcomes/outcome.ts';
import { Layers } from './policy/layers.ts';
import { RouteConfigs } from './routes/route-configs.ts';
import { ClusterDns } from './services/cluster-dns.ts';
import { MergedServices } from './services/merged-services.ts';
import { Services } from './services/services.ts';
import { sidecarScope } from './sidecar/sidecar-scope.ts';
import { Ages } from './terms/age.ts';
import type { Connection } from './terms/connection.ts';
import type { ProxyNode } from './terms/proxy-node.ts';
import { MOST_SCOPES, type ProxyScope } from './terms/proxy-scope.ts';
import type { Service, ServicePort } from './terms/service.ts';
import { Follower } from './walk/follow.ts';

export interface TrafficModelOptions {
  /** What proxies do with unknown destinations, where the files do not say; ALLOW_ANY, Istio's default, unless given (M-2). */
  readonly outboundPolicy?: OutboundPolicy;
  /** Whether sidecars answer DNS queries themselves, where the files do not say. */
  readonly dnsCapture?: boolean;
  /** Whether the Services of the stock gateways count as there where no file holds them. They do unless told otherwise. */
  readonly assumesStockGateways?: boolean;
  /** Whether of two objects without timestamps the one that stands later counts as the older (N-17). */
  readonly reversesAges?: boolean;
}

/**
 * What Istio makes of connections in a mesh: built from the resource graph, piece by piece as it is asked. Nothing in it is worked out for each
 * client and service; what proxies that are treated alike have in common is shared (docs/traffic-model.md).
 */
export class TrafficModel implements GatewayWorld, AmbientWorld {
  readonly mesh: Mesh;
  readonly ages: Ages;
  readonly services: Services;
  /** L-5, S-12: where no Sidecar says otherwise. */
  readonly outboundPolicy: OutboundPolicy;
  readonly dnsCapture: boolean;
  private readonly kubernetesGateways: KubernetesGateways;
  private readonly scopes = new Map<string, ProxyScope>();
  private readonly inboundPorts = new Map<string, ServicePort | undefined>();
  private readonly withSelectors = new Map<string, Service[]>();
  private lazyRoutes: RouteConfigs | undefined;
  private lazyPods: Pods | undefined;
  private lazyRules: RuleIndex | undefined;
  private lazyPeers: PeerAuthentications | undefined;
  private lazyDns: ClusterDns | undefined;
  private lazyEndpoints: Endpoints | undefined;
  private lazyClusters: Clusters | undefined;
  private lazyGateways: GatewayIndex | undefined;
  private readonly servicesOfGateways = new Map<string, MergedServices>();
  private lazyAmbient: Ambient | undefined;
  private lazyFollower: Follower | undefined;

  constructor(mesh: Mesh, options: TrafficModelOptions = {}) {
    this.mesh = mesh;
    this.ages = new Ages(mesh, options.reversesAges);
    this.kubernetesGateways = kubernetesGateways(mesh, this.ages);
    const { services: others } = this.kubernetesGateways;
    this.services = new Services(mesh, this.ages, { assumesStockGateways: options.assumesStockGateways ?? true, others });
    this.outboundPolicy = mesh.config.outboundPolicy ?? options.outboundPolicy ?? 'ALLOW_ANY';
    this.dnsCapture = options.dnsCapture ?? mesh.config.dnsCapture ?? false;
    for (const service of this.services.all) {
      if (service.selector === undefined) continue;
      addTo(this.withSelectors, service.namespace, service);
    }
  }

  /** VirtualServices and routes of the Gateway API, by what they are bound to. */
  get routes(): RouteConfigs {
    this.lazyRoutes ??= new RouteConfigs(this.mesh, this.ages, convertedRoutes(this.mesh, this.ages, this.kubernetesGateways.listeners));
    return this.lazyRoutes;
  }

  get pods(): Pods {
    this.lazyPods ??= new Pods(this.mesh, this.services.all);
    return this.lazyPods;
  }

  get rules(): RuleIndex {
    const { clusterDomain } = this.mesh.config;
    this.lazyRules ??= new RuleIndex(
      [
        ...discovered(this.mesh, 'DestinationRule').map((rule) => ruleConfigOf(rule, this.ages.of(rule), clusterDomain)),
        ...backendTlsRules(this.mesh, this.ages),
      ],
      this.mesh.config,
    );
    return this.lazyRules;
  }

  get peers(): PeerAuthentications {
    this.lazyPeers ??= new PeerAuthentications(discovered(this.mesh, 'PeerAuthentication'), this.ages, this.mesh.config);
    return this.lazyPeers;
  }

  get endpoints(): Endpoints {
    this.lazyEndpoints ??= new Endpoints(this.mesh, this.services, this.pods);
    return this.lazyEndpoints;
  }

  readonly endpointsOf = (service: Service, port: ServicePort): readonly Endpoint[] => this.endpoints.listed(service, port);

  get clusters(): Clusters {
    this.lazyClusters ??= new Clusters({
      config: this.mesh.config,
      services: this.services,
      endpoints: this.endpoints,
      rules: this.rules,
      peers: this.peers,
    });
    return this.lazyClusters;
  }

  get dns(): ClusterDns {
    this.lazyDns ??= new ClusterDns(this.mesh, this.services);
    return this.lazyDns;
  }

  get trustDomain(): string {
    return this.mesh.config.trustDomain;
  }

  /** V-10: what gives the gateways of a namespace their clusters; shared by namespaces that see the same. */
  readonly servicesFor = (namespace: string): MergedServices => {
    const key = this.services.seesOnlyPublic(namespace) ? '' : namespace;
    const known = this.servicesOfGateways.get(key) ?? new MergedServices(this.services.visibleIn(namespace));
    this.servicesOfGateways.set(key, known);
    return known;
  };

  /** The Gateways, by the Pods that load them. */
  get gateways(): GatewayIndex {
    this.lazyGateways ??= new GatewayIndex(
      [
        ...discovered(this.mesh, 'Gateway').map((gateway) => gatewayConfig(gateway, this.ages.of(gateway))),
        ...this.kubernetesGateways.listeners.map(({ config }) => config),
      ],
      this.services.all,
      this.pods,
    );
    return this.lazyGateways;
  }

  /** what ztunnel captures and knows. */
  get ambient(): Ambient {
    this.lazyAmbient ??= new Ambient(this.mesh, this.services.all);
    return this.lazyAmbient;
  }

  /** What the configuration makes a proxy do. */
  scopeOf(proxy: ProxyNode): ProxyScope {
    const key = JSON.stringify([
      proxy.kind,
      proxy.namespace,
      proxy.serviceAccount,
      Object.entries(proxy.labels).sort(),
      proxy.kind === 'gateway' && proxy.name,
    ]);
    const known = this.scopes.get(key);
    if (known) return known;
    if (this.scopes.size >= MOST_SCOPES) this.forgetSidecars();
    const scope = this.makeScope(proxy);
    this.scopes.set(key, scope);
    return scope;
  }

  /** Gateways are few, and what they have is much. */
  private forgetSidecars(): void {
    for (const [key, { proxy }] of this.scopes) if (proxy.kind === 'sidecar') this.scopes.delete(key);
  }

  private makeScope(proxy: ProxyNode): ProxyScope {
    switch (proxy.kind) {
      case 'sidecar':
        return sidecarScope(this, proxy);
      case 'gateway':
        return gatewayScope(this, proxy);
      case 'ztunnel':
        return ztunnelScope(this, proxy);
      case 'waypoint':
        return waypointScope(this, proxy);
      default:
        return proxy.kind satisfies never;
    }
  }

  /**
   * All ways that a connection can take, those that take the largest share first.
   * @param proxy whose application opens it, or the gateway that it reaches
   * @param dialled the address that was dialled, where it is known; else the name
   */
  follow(proxy: ProxyNode, connection: Connection, dialled: string): readonly ConnectionPath[] {
    this.lazyFollower ??= new Follower({
      scopeOf: (each) => this.scopeOf(each),
      clusters: this.clusters,
      pods: this.pods,
      dns: this.dns,
      peers: this.peers,
      trustDomain: this.trustDomain,
      layers: new Layers(this.mesh, this.pods, this.trustDomain),
      inboundPort: (pod, port) => this.inboundPort(pod, port),
    });
    return this.lazyFollower.follow(proxy, connection, dialled);
  }

  /** The port that a Service declares for a port of a Pod: the oldest Service's. */
  private inboundPort(pod: Pod, port: number): ServicePort | undefined {
    const key = `${pod.address} ${port}`;
    if (this.inboundPorts.has(key)) return this.inboundPorts.get(key);
    const selecting = (this.withSelectors.get(pod.namespace) ?? []).filter(({ selector = {} }) => isSelectedBy(pod.labels, selector));
    const found = selecting.flatMap(({ ports }) => ports).find((each) => this.pods.portOf(pod, each) === port);
    this.inboundPorts.set(key, found);
    return found;
  }
}
