import { defineRule, isDiscovered, type KindName, type Mesh, nameOf, type Resource, type ResourceByKind } from '../../src/rule-api.ts';

/** What istiod makes configuration of. */
const KINDS: readonly KindName[] = ['ServiceEntry', 'VirtualService', 'DestinationRule', 'Gateway', 'Sidecar', 'AuthorizationPolicy'];
const SHOWN = 3;

export default defineRule({
  meta: {
    name: 'undiscovered-namespace',
    code: 'EL510',
    family: 'visibility',
    severity: 'warning',
    summary: "The mesh's discoverySelectors leave out a namespace whose configuration is meant to be used.",
  },
  messages: {
    leftOut: {
      text: '{namespace} fits none of the discoverySelectors of the mesh, so istiod does not look at it: {objects} in it {do} nothing',
      label: 'fits no discoverySelector',
      symptom:
        'its hosts, routes and settings do not exist for any proxy: HTTP 503 with the Envoy flag NC where routes lead to its hosts, and hosts that count as unknown',
      help: '{remedy}',
    },
  },

  create: ({ mesh, report }) => ({
    Namespace(namespace) {
      const { discoverySelectors, sources } = mesh.config;
      if (isDiscovered(mesh, namespace)) return;
      const [first, ...others] = objectsIn(mesh, namespace);
      if (!first) return;
      const source = sources[0];
      const labels = Object.entries(discoverySelectors.find(({ matchLabels }) => Object.keys(matchLabels).length > 0)?.matchLabels ?? {});
      const written = labels.map(([key, value]) => `${key}: ${value}`).join(', ');
      report(
        'leftOut',
        { resource: namespace, path: ['metadata', namespace.isSet(['metadata', 'labels']) ? 'labels' : 'name'], part: 'key' },
        {
          data: {
            namespace: nameOf(namespace),
            objects: others.length > 0 ? `${nameOf(first)} and ${others.length} more` : nameOf(first),
            do: others.length > 0 ? 'do' : 'does',
            remedy: written
              ? `label the Namespace ${written}, or move the objects into a namespace that has these labels`
              : 'give the Namespace labels that fit one of them',
          },
          // Labels can be set by command.
          confidence: 'likely',
          related: [
            ...(source
              ? [
                  {
                    at: { resource: source.resource, path: [...source.path, 'discoverySelectors'] },
                    message: `${nameOf(source.resource)} chooses the namespaces`,
                  },
                ]
              : []),
            ...[first, ...others].slice(0, SHOWN).map((resource) => ({ at: { resource, path: ['metadata', 'name'] }, message: nameOf(resource) })),
          ],
        },
      );
    },
  }),
});

/** Istio's own kinds, and Services to which routes lead: others may be none of the mesh's business. */
function objectsIn(mesh: Mesh, namespace: ResourceByKind['Namespace']): readonly Resource[] {
  const isUsed = ({ name, spec }: ResourceByKind['Service']): boolean =>
    spec.ports.some(({ port = 0 }) => mesh.routes.to(`${name}.${namespace.name}.svc.${mesh.config.clusterDomain}`, port).length > 0);
  const services = mesh.inNamespace('Service', namespace.name).filter(isUsed);
  return [...services, ...KINDS.flatMap((kind) => mesh.inNamespace(kind, namespace.name))].filter((each) => mesh.belongTogether(each, namespace));
}
