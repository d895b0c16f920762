import { defineRule, hasWaypoint, isAmbient, nameOf, type ResourceByKind } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'missing-waypoint',
    code: 'EL801',
    family: 'ambient',
    severity: 'warning',
    summary: 'A DestinationRule originates TLS for clients in ambient, but no waypoint is there to do it.',
  },
  messages: {
    tls: {
      text: '{rule} turns calls to {host}:{port} into TLS, but in ambient only a waypoint reads DestinationRules, and {entry} is bound to none: ztunnel sends what it gets as it is',
      label: 'nothing originates this TLS',
      symptom: '{symptom}',
      help: 'label {entry} or Namespace {namespace} with istio.io/use-waypoint: NAME (and istio.io/use-waypoint-namespace, where the waypoint is in another namespace)',
    },
  },

  create: ({ mesh, report }) => ({
    Mesh() {
      // Sidecars and gateways originate TLS by themselves.
      if (mesh.clients.areInView) return;
      const reported = new Set<ResourceByKind['DestinationRule']>();
      for (const { rule, host, port, path, tls } of mesh.originations) {
        const { resource } = host;
        if (resource.kind !== 'ServiceEntry' || tls.mode === 'ISTIO_MUTUAL' || reported.has(rule)) continue;
        const namespaces = mesh.named('Namespace', '', resource.namespace);
        if (namespaces.length === 0 || !namespaces.every(isAmbient) || hasWaypoint(mesh, resource) !== 'no') continue;
        if (mesh.routes.to(host.host, port.number).length > 0) continue;
        reported.add(rule);
        report(
          'tls',
          { resource: rule, path: [...path, 'mode'] },
          {
            data: { rule: nameOf(rule), host: host.host, port: port.number, entry: nameOf(resource), namespace: resource.namespace, symptom: SYMPTOM },
            // Labels can be set by command.
            confidence: 'likely',
            related: [
              { at: { resource, path: ['metadata', 'name'] }, message: `${nameOf(resource)} has no label istio.io/use-waypoint, nor has its Namespace` },
            ],
          },
        );
      }
    },
  }),
});

const SYMPTOM = 'plain HTTP arrives at a TLS port: the server answers HTTP 400 ("The plain HTTP request was sent to HTTPS port") or closes the connection';
