import { fitsSelector, namespaceLabels } from '../../mesh/label-selector.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Service } from '../terms/service.ts';

/**
 * V-3: what `serviceEntryVisibility` of the mesh leaves of a ServiceEntry's `exportTo`, where it counts for sidecars; undefined where it changes nothing.
 * The first policy counts whose selectors fit the entry's namespace. Nothing is ever made more visible.
 */
export function narrowedExportTo(service: Service, mesh: Mesh): readonly string[] | undefined {
  const { serviceEntryVisibility } = mesh.config;
  if (!serviceEntryVisibility?.applyToSidecars) return undefined;
  const [namespace = { name: service.namespace, labels: {} }] = mesh.named('Namespace', '', service.namespace);
  const labels = namespaceLabels(namespace);
  const policy = serviceEntryVisibility.policies.find(({ matchingRules }) =>
    matchingRules.some(({ namespaceSelector }) => !namespaceSelector || fitsSelector(namespaceSelector, labels)),
  );
  switch (policy?.visibility ?? serviceEntryVisibility.defaultVisibility) {
    case 'NONE':
      return ['~'];
    case 'NAMESPACE':
      return isHidden(service) ? undefined : ['.'];
    default:
      return undefined;
  }
}

function isHidden({ exportTo, namespace }: Service): boolean {
  return exportTo.length > 0 && !exportTo.some((entry) => entry === '*' || entry === '.' || entry === namespace);
}
