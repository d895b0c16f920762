import type { Mesh } from '../../mesh/mesh.ts';
import type { OutboundPolicy } from '../../mesh/mesh-config.ts';
import type { Sidecar } from '../../resources/sidecar.ts';
import type { RouteConfigs } from '../routes/route-configs.ts';
import type { Services } from '../services/services.ts';
import { automaticAddress } from '../terms/address.ts';
import type { Ages } from '../terms/age.ts';
import type { ProxyNode } from '../terms/proxy-node.ts';
import { MOST_SCOPES, type ProxyScope } from '../terms/proxy-scope.ts';
import type { Reason } from '../terms/reason.ts';
import type { Labels, Service, ServicePort } from '../terms/service.ts';
import { EgressListener } from './egress-listener.ts';
import { Imports } from './imports.ts';
import type { BoundEndpoint } from './listener-entries.ts';
import { OutboundView, type ViewSources } from './outbound-view.ts';
import { type CatchAll, decide } from './sidecar-decision.ts';
import { SidecarSelection } from './sidecar-selection.ts';

/** What the sidecars' part of the model is made from. */
export interface SidecarSources {
  readonly mesh: Mesh;
  readonly ages: Ages;
  readonly services: Services;
  readonly routes: RouteConfigs;
  /** All endpoints of a service's port (V-8: those of its copies as well). */
  readonly endpointsOf: (service: Service, port: ServicePort) => readonly BoundEndpoint[];
  /** L-14: whether sidecars answer DNS queries themselves. */
  readonly dnsCapture: boolean;
  /** L-5, S-12: what happens to unknown destinations where no Sidecar says otherwise. */
  readonly outboundPolicy: OutboundPolicy;
}

const scopes = new WeakMap<object, SidecarScopes>();

/** The scope of a workload's sidecar in a model. */
export function sidecarScope(model: SidecarSources, proxy: ProxyNode): ProxyScope {
  const known = scopes.get(model) ?? new SidecarScopes(model);
  scopes.set(model, known);
  return known.of(proxy);
}

/** The key of what ordinary namespaces share. */
const SHARED = '';

/**
 * What sidecars do with the connections of their workloads (sections S, L and R of docs/traffic-model.md). Scopes are worked out when first asked for; clients
 * that see the same share what they see, and its listeners as far as nothing in them depends on the client.
 */
class SidecarScopes {
  private readonly sources: SidecarSources;
  private readonly selection: SidecarSelection;
  private readonly scopes = new Map<string, ProxyScope>();
  private readonly imports = new Map<string, Imports>();
  private readonly ids = new Map<Sidecar, number>();
  private readonly views = new Map<Imports, Map<string, OutboundView>>();

  constructor(sources: SidecarSources) {
    this.sources = sources;
    this.selection = new SidecarSelection(sources.mesh, sources.ages);
  }

  /** The scope of a workload's sidecar. */
  of(proxy: ProxyNode): ProxyScope {
    const { namespace, name, labels, serviceAccount } = proxy;
    const key = JSON.stringify([namespace, name, serviceAccount, Object.entries(labels).sort()]);
    const known = this.scopes.get(key);
    if (known) return known;
    if (this.scopes.size >= MOST_SCOPES) this.forget();
    const scope = this.build(proxy);
    this.scopes.set(key, scope);
    return scope;
  }

  /** What only some clients have is dropped; what is shared, and costs most, stays. */
  private forget(): void {
    this.scopes.clear();
    for (const [key, imports] of this.imports) {
      if (key === SHARED) continue;
      this.imports.delete(key);
      this.views.delete(imports);
    }
  }

  private build(proxy: ProxyNode): ProxyScope {
    const sidecar = this.selection.for(proxy);
    const imports = this.importsOf(sidecar, proxy.namespace);
    const view = this.viewOf(imports, proxy);
    const catchAll = catchAllOf(sidecar, this.sources);
    return {
      proxy,
      serviceOf: (host) => imports.serviceOf(host),
      copiesOf: (host) => imports.copiesOf(host),
      decide: (connection) => decide(connection, proxy, view, catchAll),
      sidecar: sidecar && { resource: sidecar, path: ['metadata', 'name'] },
    };
  }

  /** Without a Sidecar, ordinary namespaces import the same. */
  private importsOf(sidecar: Sidecar | undefined, namespace: string): Imports {
    const { services, routes } = this.sources;
    const isShared = !sidecar && services.isOrdinary(namespace) && routes.isOrdinary(namespace);
    const key = isShared ? SHARED : `${namespace} ${sidecar ? this.idOf(sidecar) : ''}`;
    const known = this.imports.get(key);
    if (known) return known;
    const visible = routes.boundTo('mesh', namespace);
    const egress = sidecar?.spec.egress ?? [];
    const listeners =
      sidecar && egress.length > 0
        ? egress.map(
            (listener, index) => new EgressListener({ listener, at: { resource: sidecar, path: ['spec', 'egress', index] } }, namespace, services, visible),
          )
        : [new EgressListener(undefined, namespace, services, visible)];
    const imports = new Imports(listeners, isShared ? '' : namespace, services);
    this.imports.set(key, imports);
    return imports;
  }

  private idOf(sidecar: Sidecar): number {
    const id = this.ids.get(sidecar) ?? this.ids.size;
    this.ids.set(sidecar, id);
    return id;
  }

  /** Clients share what they see unless a route asks who they are. */
  private viewOf(imports: Imports, client: ProxyNode): OutboundView {
    const views = this.views.get(imports) ?? new Map<string, OutboundView>();
    this.views.set(imports, views);
    const labels = labelsAskedFor(client.labels, imports.labelsAskedFor);
    const key = JSON.stringify(labels);
    const known = views.get(key) ?? new OutboundView(imports, { namespace: imports.namespace, labels }, this.viewSources);
    views.set(key, known);
    return known;
  }

  private get viewSources(): ViewSources {
    const { mesh, endpointsOf, dnsCapture } = this.sources;
    return {
      clusterDomain: mesh.config.clusterDomain,
      addressOf: (service) => service.address ?? (dnsCapture && service.hasAutoAddress ? automaticAddress(service) : undefined),
      endpointsOf: (service, number) => service.ports.filter((port) => port.number === number).flatMap((port) => endpointsOf(service, port)),
    };
  }
}

function labelsAskedFor(labels: Labels, keys: ReadonlySet<string>): Labels {
  return Object.fromEntries(
    Object.entries(labels)
      .filter(([key]) => keys.has(key))
      .sort(),
  );
}

/** S-12, L-5: the Sidecar's own policy, else the mesh's. */
function catchAllOf(sidecar: Sidecar | undefined, { mesh, outboundPolicy }: SidecarSources): CatchAll {
  const own = sidecar?.spec.outboundTrafficPolicy;
  if (sidecar && own) {
    const at: Reason = { resource: sidecar, path: ['spec', 'outboundTrafficPolicy'] };
    return { policy: own.mode, egressProxy: own.mode === 'ALLOW_ANY' ? own.egressProxy : undefined, at };
  }
  const { source, outboundPolicy: written } = mesh.config;
  const at: Reason | undefined = source && written !== undefined ? { resource: source, path: ['data', 'mesh'] } : undefined;
  return { policy: outboundPolicy, egressProxy: undefined, at };
}
