import { defineRule, hasWaypoint, isAmbient, type Mesh, nameOf, type ResourceByKind } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'ignored-in-ambient',
    code: 'EL804',
    family: 'ambient',
    peers: ['IST0167'],
    severity: 'warning',
    summary: 'A namespace in ambient holds what only sidecars read.',
  },
  messages: {
    sidecar: {
      text: '{object} is ignored: namespace {namespace} is in ambient, and ztunnel reads no Sidecar',
      label: 'read by nobody',
      symptom: 'the workloads reach every host, registered or not: ambient knows neither egress hosts nor REGISTRY_ONLY',
      help: 'remove it; restrict what leaves by NetworkPolicies, and by AuthorizationPolicies at a waypoint for the ServiceEntries',
    },
    route: {
      text: '{object} is ignored: namespace {namespace} is in ambient, {entry} is bound to no waypoint, and ztunnel reads no VirtualService: calls do not go to {gateway}',
      label: 'read by nobody',
      symptom: 'calls leave straight from the node: the gateway logs nothing, and none of its policies or TLS settings hold',
      help: 'bind {entry} to a waypoint by the label istio.io/use-waypoint, and let that one be the way out',
    },
  },

  create: ({ mesh, report }) => {
    const clients = mesh.clients;
    return {
      Sidecar(sidecar) {
        const { namespace } = sidecar;
        if (!mesh.hasKnownNamespace(sidecar) || namespace === mesh.config.rootNamespace || !isInAmbient(mesh, namespace) || hasSidecars(mesh, namespace))
          return;
        report('sidecar', { resource: sidecar, path: ['metadata', 'name'] }, { data: { object: nameOf(sidecar), namespace }, confidence: 'likely' });
      },
      Mesh() {
        // Clients with sidecars may be those that the routes are for.
        if (clients.areInView) return;
        const reported = new Set<ResourceByKind['VirtualService']>();
        for (const { virtualService, destination } of mesh.gatewayHops) {
          const { namespace, spec } = virtualService;
          if (reported.has(virtualService) || !isInAmbient(mesh, namespace) || hasSidecars(mesh, namespace)) continue;
          const entry = spec.hosts.flatMap((host) => mesh.registry.named(host)).map(({ resource }) => resource)[0];
          if (entry?.kind !== 'ServiceEntry' || hasWaypoint(mesh, entry) !== 'no') continue;
          reported.add(virtualService);
          report(
            'route',
            { resource: virtualService, path: ['metadata', 'name'] },
            {
              data: { object: nameOf(virtualService), namespace, entry: nameOf(entry), gateway: destination.host },
              confidence: 'likely',
              related: [
                { at: { resource: entry, path: ['metadata', 'name'] }, message: `${nameOf(entry)} has no label istio.io/use-waypoint, nor has its Namespace` },
              ],
            },
          );
        }
      },
    };
  },
});

function isInAmbient(mesh: Mesh, name: string): boolean {
  const namespaces = mesh.named('Namespace', '', name);
  return namespaces.length > 0 && namespaces.every(isAmbient);
}

/** Whether Pods in view ask for a sidecar of their own. */
function hasSidecars(mesh: Mesh, namespace: string): boolean {
  return mesh.podsSelected(namespace, {}).some(({ labels, annotations }) => [labels, annotations].some((each) => each['sidecar.istio.io/inject'] === 'true'));
}
