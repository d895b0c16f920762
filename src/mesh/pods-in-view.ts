import type { Gateway } from '../resources/gateway.ts';
import type { Mesh } from './mesh.ts';

/** The label of Pods that istiod starts for a Gateway of the Gateway API. */
const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';

/** Whether the Pods that a Gateway selects would be in view if there were any: nothing lies outside, and no template, operator or Gateway of the Gateway API may make some. */
export function arePodsInView(mesh: Mesh, { spec }: Gateway): boolean {
  const isOpen = (['Deployment', 'DaemonSet', 'Pod', 'Service'] as const).some((kind) => mesh.hasTemplates(kind));
  const isMade = mesh.all('IstioOperator').length > 0 || mesh.all('HelmValues').some((values) => !mesh.isAssumed(values)) || GATEWAY_NAME in spec.selector;
  return mesh.closedWorld && !isOpen && !isMade;
}
