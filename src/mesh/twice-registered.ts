import type { Service } from '../resources/service.ts';
import type { ServiceEntry } from '../resources/service-entry.ts';
import type { Path } from '../yaml/locate.ts';
import type { Mesh } from './mesh.ts';
import { protocolGroup } from './protocol.ts';
import type { RegisteredHost, RegisteredPort } from './registry.ts';

/** More registrations of one host need not be compared: it is reported. */
const MAX_OTHERS = 8;

/** A ServiceEntry's host that something else registers as well, in a way that Istio does not put together (docs/traffic-model.md, V-8, V-9). */
export type TwiceRegistered = { readonly self: RegisteredHost; readonly other: RegisteredHost } & (
  | { /** Clients of the entry's namespace lose a port that only the other has. */ readonly why: 'namespaces'; readonly missing: number }
  | { /** The ports of a Service count. */ readonly why: 'service' }
  | { /** The entry's endpoints are used beside the Pods of a Service. */ readonly why: 'mixed' }
  | { /** Something keeps two entries from being merged. */ readonly why: 'ports' | 'settings'; readonly difference: string; readonly path: Path }
  | { /** Two entries declare a port differently. */ readonly why: 'protocol'; readonly port: RegisteredPort }
);

/** The first of an entry's hosts that is; of two entries the one that stands later in the files keeps still. What is surely deployed with it comes first. */
export function twiceRegistered(mesh: Mesh, entry: ServiceEntry): TwiceRegistered | undefined {
  for (const [i, host] of entry.spec.hosts.entries()) {
    const all = mesh.registry.named(host);
    if (host === '' || all.length < 2) continue;
    const own = all.findIndex(({ resource, index }) => resource === entry && index === i);
    const self = all[own];
    const others = all.slice(0, MAX_OTHERS).filter(({ resource }) => resource !== entry && mesh.belongTogether(entry, resource));
    const isSure = ({ resource }: RegisteredHost): boolean => mesh.areDeployedTogether(entry, resource);
    for (const other of [...others.filter(isSure), ...others.filter((each) => !isSure(each))]) {
      const found = self && compared(mesh, self, other, all.indexOf(other) < own);
      // What is told of one registration, or turns out to be right, is enough.
      if (found) return found === 'one' ? undefined : found;
    }
  }
  return undefined;
}

/** @returns `one` where an entry completes a Service as it should; undefined where nothing can be told of the two */
function compared(mesh: Mesh, self: RegisteredHost, other: RegisteredHost, isEarlier: boolean): TwiceRegistered | 'one' | undefined {
  if (self.hasUnknownPorts || other.hasUnknownPorts || self.resource.templates.length > 0 || other.resource.templates.length > 0) return undefined;
  if (self.namespace !== other.namespace) {
    const missing = portLostTo(mesh, self, other, isEarlier);
    return missing === undefined ? undefined : { self, other, why: 'namespaces', missing };
  }
  if (other.resource.kind === 'Service') {
    const why = besideService(self, other);
    return why === 'one' ? why : { self, other, why };
  }
  return isEarlier ? besideEntry(self, other) : undefined;
}

/**
 * V-8: what becomes of an entry with the host of a Service. Static endpoints join those of the Service where it has all of the entry's ports: they are all
 * that there is for a Service without a selector, and meant to be more of the same where a workloadSelector finds them.
 */
function besideService(self: RegisteredHost, other: RegisteredHost): 'service' | 'mixed' | 'one' {
  const { resolution, workloadSelector } = (self.resource as ServiceEntry).spec;
  if (resolution !== 'STATIC' || self.ports.some(({ number }) => !other.ports.some((each) => each.number === number))) return 'service';
  return workloadSelector || Object.keys((other.resource as Service).spec.selector).length === 0 ? 'one' : 'mixed';
}

function besideEntry(self: RegisteredHost, other: RegisteredHost): TwiceRegistered | undefined {
  const obstacle = mergeObstacle(self.resource as ServiceEntry, other.resource as ServiceEntry);
  if (obstacle) {
    const { text: difference, path = ['spec', 'hosts', self.index] } = obstacle;
    return { self, other, why: haveSamePorts(self, other) ? 'settings' : 'ports', difference, path };
  }
  const port = self.ports.find(({ number, protocol }) =>
    other.ports.some((each) => each.number === number && protocolGroup(each.protocol) !== protocolGroup(protocol)),
  );
  return port && { self, other, why: 'protocol', port };
}

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
