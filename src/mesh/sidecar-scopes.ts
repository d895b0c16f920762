import type { Sidecar } from '../resources/sidecar.ts';
import type { Mesh } from './mesh.ts';
import { isMeshWide } from './sidecar-imports.ts';
import { sortedByAge } from './sorted-by-age.ts';

/** Which Sidecar holds where (docs/traffic-model.md, S-1). Where the age of two decides, the order of files stands in for it. */
export class SidecarScopes {
  /** The default of the mesh: in the root namespace, without a selector. */
  readonly meshWide: Sidecar | undefined;
  private readonly byNamespace = new Map<string, Sidecar>();

  constructor(mesh: Mesh) {
    const sidecars = sortedByAge(mesh.all('Sidecar'));
    this.meshWide = sidecars.find((sidecar) => isMeshWide(sidecar, mesh.config));
    for (const sidecar of sidecars) {
      if (!hasSelector(sidecar) && !this.byNamespace.has(sidecar.namespace)) this.byNamespace.set(sidecar.namespace, sidecar);
    }
  }

  /** The Sidecar for workloads of a namespace that no selector picks: the namespace's own, else the mesh's default. */
  defaultOf(namespace: string): Sidecar | undefined {
    return this.byNamespace.get(namespace) ?? this.meshWide;
  }

  /** S-1: the Sidecar that a Sidecar stands in for; undefined where there would be none, and everything would be imported. */
  replacedBy(sidecar: Sidecar): Sidecar | undefined {
    const other = hasSelector(sidecar) ? this.defaultOf(sidecar.namespace) : this.meshWide;
    return other === sidecar ? undefined : other;
  }
}

/** S-1: an empty selector is one as well. */
function hasSelector(sidecar: Sidecar): boolean {
  return sidecar.isSet(['spec', 'workloadSelector']);
}

/** S-2: whether a Sidecar leaves any registered host out. */
export function restrictsImports({ spec }: Sidecar): boolean {
  return spec.egress.length > 0 && !spec.egress.some(({ port, hosts }) => port === undefined && hosts.includes('*/*'));
}
