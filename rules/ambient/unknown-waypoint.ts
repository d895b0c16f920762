import { defineRule, isWaypoint, nameOf, objectsWithWaypoint, slipOf, waypointsMeant } from '../../src/rule-api.ts';

const LABEL = 'istio.io/use-waypoint';
const NAMESPACE_LABEL = 'istio.io/use-waypoint-namespace';

export default defineRule({
  meta: {
    name: 'unknown-waypoint',
    code: 'EL802',
    family: 'ambient',
    peers: ['KIA1313'],
    severity: 'error',
    summary: 'A label binds an object to a waypoint that does not exist where Istio looks for it.',
    fixable: 'suggestion',
  },
  messages: {
    otherNamespace: {
      text: "{object}: {label} '{name}' means the Gateway {meant}, which does not exist; there is one in namespace {found}",
      label: 'looked up in namespace {namespace}',
      symptom: '{symptom}',
      help: 'add the label istio.io/use-waypoint-namespace: {found}',
    },
    nearMiss: {
      text: "{object}: {label} '{name}' means the Gateway {meant}, which is not in these files; did you mean '{found}'?",
      label: "did you mean '{found}'?",
      symptom: '{symptom}',
      help: "write '{found}'",
    },
    absent: {
      text: "{object}: {label} '{name}' means the Gateway {meant}, which does not exist",
      label: 'no such waypoint',
      symptom: '{symptom}',
      help: 'add the waypoint {meant}, or remove the label; the configuration says that nothing lies outside of the files (closedWorld)',
    },
    notInView: {
      text: "{object}: {label} '{name}' means the Gateway {meant}, which is not in these files",
      label: 'not in view',
      help: 'lint the file that declares the waypoint together with this one',
    },
  },

  create: ({ mesh, report }) => ({
    Mesh() {
      for (const reference of objectsWithWaypoint(mesh)) {
        const { resource, name, namespace, isNamespaceWritten } = reference;
        if (waypointsMeant(mesh, reference).length > 0) continue;
        const at = { resource, path: ['metadata', 'labels', LABEL] };
        const data = { object: nameOf(resource), label: LABEL, name, namespace, meant: `${namespace}/${name}`, symptom: SYMPTOM };
        const isOpen = mesh.hasUnknownNames('KubernetesGateway') || !mesh.hasKnownNamespace(resource);
        const elsewhere = mesh
          .namedAnywhere('KubernetesGateway', name)
          .filter((gateway) => isWaypoint(gateway) && mesh.hasKnownNamespace(gateway) && mesh.belongTogether(gateway, resource));
        const [found] = elsewhere;
        if (found && !isOpen) {
          const path = ['metadata', 'labels'];
          const fix = isNamespaceWritten
            ? ({ do: 'replace', at: { resource, path: [...path, NAMESPACE_LABEL] }, value: found.namespace } as const)
            : ({ do: 'add', at: { resource, path }, key: NAMESPACE_LABEL, yaml: found.namespace } as const);
          report('otherNamespace', isNamespaceWritten ? { resource, path: [...path, NAMESPACE_LABEL] } : at, {
            data: { ...data, found: found.namespace },
            // A waypoint of this name may be made by a command in the namespace itself.
            ...(mesh.inNamespace('KubernetesGateway', namespace).length === 0 && resource.kind === 'Namespace' && { confidence: 'likely' }),
            related: [{ at: { resource: found, path: ['metadata', 'namespace'] }, message: `${nameOf(found)} is in namespace ${found.namespace}` }],
            fixes: [{ title: `look in namespace ${found.namespace}`, safe: false, changes: [fix] }],
          });
          continue;
        }
        const names = mesh
          .inNamespace('KubernetesGateway', namespace)
          .filter(isWaypoint)
          .map((gateway) => gateway.name);
        const near = isOpen ? undefined : slipOf(name, names);
        if (near !== undefined) {
          report('nearMiss', at, {
            data: { ...data, found: near },
            confidence: 'likely',
            fixes: [{ title: `write '${near}'`, safe: false, changes: [{ do: 'replace', at, value: near }] }],
          });
        } else if (mesh.closedWorld && !isOpen) report('absent', at, { data });
        else report('notInView', at, { data, severity: 'info' });
      }
    },
  }),
});

const SYMPTOM =
  'the binding fails, which only its status says: ztunnel sends the traffic on by itself. No route, no policy and no TLS origination of the waypoint holds; plain HTTP arrives at TLS ports as it is';
