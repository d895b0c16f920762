import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../resources/resource.ts';
import { compareText } from '../../text/compare-text.ts';

/** When an object was made, as far as it decides who wins (N-17): seconds, then name, then namespace. */
export interface Age {
  /** Seconds since 1970; what the files do not tell is made up from their order. */
  readonly created: number;
  readonly name: string;
  readonly namespace: string;
}

/** 2026-01-01T00:00:00Z: objects without a timestamp count as created from here on, one second apart, in the order of files and documents. */
const FIRST = 1_767_225_600;

/** The age of an object that stands `order` objects after the first one of the run (N-17). */
function ageOf(resource: Resource, order: number): Age {
  const written = resource.creationTimestamp === undefined ? Number.NaN : Date.parse(resource.creationTimestamp);
  return { created: Number.isNaN(written) ? FIRST + order : written / 1000, name: resource.name, namespace: resource.namespace };
}

/** The ages of all objects of a mesh. What is assumed to exist is older than all that the files hold: the mesh came before them. */
export class Ages {
  private readonly order: ReadonlyMap<Resource, number>;

  /** @param isReversed whether what stands later counts as older, where no timestamps tell: what holds either way does not depend on ages */
  constructor({ resources }: Pick<Mesh, 'resources'>, isReversed = false) {
    this.order = new Map(resources.map((resource, index) => [resource, isReversed ? resources.length - 1 - index : index]));
  }

  of(resource: Resource): Age {
    return ageOf(resource, this.order.get(resource) ?? -1);
  }
}

/** Sorts the older first (N-17; Istio: pilot/pkg/model/config.go, sortConfigByCreationTime). */
export function byAge(a: Age, b: Age): number {
  return a.created - b.created || compareText(a.name, b.name) || compareText(a.namespace, b.namespace);
}
