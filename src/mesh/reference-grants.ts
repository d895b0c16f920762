import type { KubernetesGateway } from '../resources/kubernetes-gateway.ts';
import type { Path } from '../yaml/locate.ts';
import { type GatewayApiRoute, parentOf } from './gateway-api-routes.ts';
import type { Mesh } from './mesh.ts';
import { isTemplated } from './template-paths.ts';

/** A reference into another namespace that needs a ReferenceGrant there (docs/traffic-model.md, A-12). */
export interface CrossNamespaceReference {
  readonly resource: GatewayApiRoute | KubernetesGateway;
  /** To the namespace that is written. */
  readonly path: Path;
  /** How a ReferenceGrant names who refers. */
  readonly from: { readonly group: string; readonly kind: string; readonly namespace: string };
  /** How it names what is referred to. */
  readonly to: { readonly group: string; readonly kind: string; readonly name: string; readonly namespace: string };
}

const GATEWAY_API_GROUP = 'gateway.networking.k8s.io';

/** Services of other namespaces behind routes at Gateways. Routes for sidecars need no grant. */
export function backendsElsewhere(route: GatewayApiRoute): readonly CrossNamespaceReference[] {
  if (!route.spec.parentRefs.some((parent) => parentOf(parent, route).kind === 'Gateway')) return [];
  return route.spec.rules.flatMap(({ backendRefs }, rule) =>
    backendRefs.flatMap(({ group = '', kind = 'Service', name = '', namespace }, index): readonly CrossNamespaceReference[] => {
      const path: Path = ['spec', 'rules', rule, 'backendRefs', index, 'namespace'];
      if (!namespace || namespace === route.namespace || kind !== 'Service' || group !== '' || isTemplated(route, path.slice(0, -1))) return [];
      return [
        { resource: route, path, from: { group: GATEWAY_API_GROUP, kind: route.kind, namespace: route.namespace }, to: { group, kind, name, namespace } },
      ];
    }),
  );
}

/** certificates of other namespaces at the listeners of a Gateway of class `istio`. */
export function certificatesElsewhere(gateway: KubernetesGateway): readonly CrossNamespaceReference[] {
  return gateway.spec.listeners.flatMap(({ tls }, listener) =>
    (tls?.certificateRefs ?? []).flatMap(({ group = '', kind = 'Secret', name = '', namespace }, index): readonly CrossNamespaceReference[] => {
      const path: Path = ['spec', 'listeners', listener, 'tls', 'certificateRefs', index, 'namespace'];
      if (!namespace || namespace === gateway.namespace || isTemplated(gateway, path.slice(0, -1))) return [];
      const from = { group: GATEWAY_API_GROUP, kind: 'Gateway', namespace: gateway.namespace };
      return [{ resource: gateway, path, from, to: { group, kind, name, namespace } }];
    }),
  );
}

/** whether a ReferenceGrant in view allows a reference, or may once its templates are filled in. */
export function isGranted(mesh: Mesh, { from, to }: CrossNamespaceReference): boolean {
  return mesh.inNamespace('ReferenceGrant', to.namespace).some((grant) => {
    if (grant.templates.length > 0) return true;
    const isFrom = grant.spec.from.some((each) => each.group === from.group && each.kind === from.kind && each.namespace === from.namespace);
    return isFrom && grant.spec.to.some((each) => (each.group ?? '') === to.group && each.kind === to.kind && (!each.name || each.name === to.name));
  });
}
