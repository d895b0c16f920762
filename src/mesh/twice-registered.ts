import type { ServiceEntry } from '../resources/service-entry.ts';
import type { Path } from '../yaml/locate.ts';
import type { Mesh } from './mesh.ts';
import type { RegisteredHost } from './registry.ts';

/** V-9: a port of the other entry that clients of this entry's namespace lose. Entries with a port in common are meant to stand beside each other. */
export function portLostTo(mesh: Mesh, self: RegisteredHost, other: RegisteredHost, isEarlier: boolean): number | undefined {
  if (other.resource.kind === 'Service' || !mesh.hasKnownNamespace(self.resource) || !mesh.hasKnownNamespace(other.resource)) return undefined;
  if (!mesh.registry.isVisible(other, self.namespace) || (!isEarlier && mesh.registry.isVisible(self, other.namespace))) return undefined;
  const [missing] = other.ports;
  const isDisjoint = !other.ports.some(({ number }) => self.ports.some((each) => each.number === number));
  return isDisjoint && self.ports.length > 0 ? missing?.number : undefined;
}

/** V-8: what keeps two entries of one namespace from being merged. */
export function mergeObstacle(a: ServiceEntry, b: ServiceEntry): { readonly text: string; readonly path?: Path } | undefined {
  if (a.spec.resolution !== b.spec.resolution) return { text: `resolution ${b.spec.resolution} instead of ${a.spec.resolution}`, path: ['spec', 'resolution'] };
  if (textOf([...a.spec.exportTo].sort()) !== textOf([...b.spec.exportTo].sort())) return { text: 'another exportTo', path: ['spec', 'exportTo'] };
  if (textOf(a.spec.workloadSelector) !== textOf(b.spec.workloadSelector)) return { text: 'another workloadSelector', path: ['spec', 'workloadSelector'] };
  return textOf(Object.entries(a.labels).sort()) === textOf(Object.entries(b.labels).sort())
    ? undefined
    : { text: 'other labels', path: ['metadata', 'labels'] };
}

function textOf(value: unknown): string {
  return JSON.stringify(value) ?? '';
}

/** Whether two registrations have the same port numbers. */
export function haveSamePorts(a: RegisteredHost, b: RegisteredHost): boolean {
  const numbers = ({ ports }: RegisteredHost): string =>
    ports
      .map(({ number }) => number)
      .sort()
      .join();
  return numbers(a) === numbers(b);
}
