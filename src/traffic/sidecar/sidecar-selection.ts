import { discovered } from '../../mesh/discovered.ts';
import { addTo } from '../../mesh/group-by.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { isSelectedBy } from '../../mesh/workloads.ts';
import type { Sidecar } from '../../resources/sidecar.ts';
import { type Ages, byAge } from '../terms/age.ts';
import type { ProxyNode } from '../terms/proxy-node.ts';

/** Which Sidecar holds for which workload (S-1). Istio: pilot/pkg/model/push_context.go, getSidecarScope, initSidecarScopes. */
export class SidecarSelection {
  /** By namespace, those with a selector first, the oldest first in each sort. */
  private readonly byNamespace = new Map<string, Sidecar[]>();
  private readonly meshWide: Sidecar | undefined;

  constructor(mesh: Mesh, ages: Ages) {
    const sorted = discovered(mesh, 'Sidecar')
      .map((sidecar) => ({ sidecar, age: ages.of(sidecar) }))
      .sort((a, b) => byAge(a.age, b.age))
      .map(({ sidecar }) => sidecar);
    for (const sidecar of [...sorted.filter(hasSelector), ...sorted.filter((candidate) => !hasSelector(candidate))]) {
      addTo(this.byNamespace, sidecar.namespace, sidecar);
    }
    this.meshWide = this.byNamespace.get(mesh.config.rootNamespace)?.find((sidecar) => !hasSelector(sidecar));
  }

  /** Undefined where none holds: everything is imported then. */
  for({ namespace, labels }: Pick<ProxyNode, 'namespace' | 'labels'>): Sidecar | undefined {
    const own = this.byNamespace.get(namespace)?.find((sidecar) => isSelectedBy(labels, sidecar.spec.workloadSelector?.labels ?? {}));
    return own ?? this.meshWide;
  }
}

/** S-1: an empty selector is one as well. */
function hasSelector(sidecar: Sidecar): boolean {
  return sidecar.isSet(['spec', 'workloadSelector']);
}
