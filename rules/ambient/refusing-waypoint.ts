import { defineRule, nameOf, objectsWithWaypoint, refusalOf, waypointsMeant } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'refusing-waypoint',
    code: 'EL803',
    family: 'ambient',
    severity: 'error',
    summary: 'An object is bound to a waypoint that does not take its traffic.',
  },
  messages: {
    namespace: {
      text: '{waypoint} takes traffic for its own namespace only, so {object} is not bound to it',
      label: 'admits no other namespace',
      symptom:
        'the status of the object says so, and nothing else: ztunnel sends the traffic on by itself, without the routes, policies and TLS origination of the waypoint',
      help: "write 'from: All' under allowedRoutes.namespaces of the waypoint's listener, or a Selector that fits namespace {namespace}",
    },
    labels: {
      text: '{waypoint} takes traffic for namespaces with other labels than those of {namespace}, so {object} is not bound to it',
      label: 'does not fit Namespace {namespace}',
      symptom:
        'the status of the object says so, and nothing else: ztunnel sends the traffic on by itself, without the routes, policies and TLS origination of the waypoint',
      help: "give Namespace {namespace} the labels, or write 'from: All'",
    },
    traffic: {
      text: "{waypoint} is a waypoint for '{value}', so it takes no traffic for the hosts of {object}",
      label: 'leaves Services and ServiceEntries out',
      symptom: 'ztunnel sends the traffic on by itself, without the routes, policies and TLS origination of the waypoint',
      help: 'write istio.io/waypoint-for: service, or all',
    },
  },

  create: ({ mesh, report }) => ({
    Mesh() {
      const reported = new Set<unknown>();
      for (const reference of objectsWithWaypoint(mesh)) {
        const { resource } = reference;
        const namespace = resource.kind === 'Namespace' ? resource.name : resource.namespace;
        const [waypoint, another] = waypointsMeant(mesh, reference);
        if (!waypoint || another || reported.has(waypoint) || !mesh.hasKnownNamespace(resource) || !mesh.hasKnownNamespace(waypoint)) continue;
        const refusal = refusalOf(mesh, waypoint, namespace);
        // A whole namespace may be bound for its workloads.
        if (!refusal || (refusal.why === 'traffic' && resource.kind === 'Namespace')) continue;
        reported.add(waypoint);
        const data = { waypoint: nameOf(waypoint), object: nameOf(resource), namespace };
        const related = [{ at: { resource, path: ['metadata', 'labels', 'istio.io/use-waypoint'] }, message: `${nameOf(resource)} asks for this waypoint` }];
        if (refusal.why === 'traffic') {
          report(
            'traffic',
            { resource: waypoint, path: ['metadata', 'labels', 'istio.io/waypoint-for'] },
            { data: { ...data, value: refusal.value }, related },
          );
        } else if (refusal.why === 'labels') {
          // Labels can be set by command.
          const at = { resource: waypoint, path: ['spec', 'listeners', refusal.listener, 'allowedRoutes', 'namespaces', 'selector'] };
          report('labels', at, { data, related, confidence: 'likely' });
        } else {
          report('namespace', { resource: waypoint, path: ['spec', 'listeners', refusal.listener, 'allowedRoutes', 'namespaces', 'from'] }, { data, related });
        }
      }
    },
  }),
});
