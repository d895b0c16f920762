import { isWildcard } from '../../mesh/host-name.ts';
import { parseProtocol } from '../../mesh/protocol.ts';
import { valueAt } from '../../resources/plain-value.ts';
import type { ServiceEntry } from '../../resources/service-entry.ts';
import type { Age } from '../terms/age.ts';
import type { Resolution, Service, ServicePort } from '../terms/service.ts';

const AUTO_ADDRESS_LABEL = 'networking.istio.io/enable-autoallocate-ip';

/** L-15: a ServiceEntry is one service for each host at each address. Istio: pilot/pkg/serviceregistry/serviceentry/conversion.go, convertServices. */
export function servicesOfEntry(entry: ServiceEntry, age: Age): readonly Service[] {
  const { spec, namespace, labels } = entry;
  const ports = portsOf(entry);
  const allocated = allocatedAddresses(entry);
  const addresses = spec.addresses.length > 0 ? spec.addresses.map(plainAddress) : [undefined];
  const serviceAt = (host: string, index: number, address: string | undefined): Service => ({
    host,
    namespace,
    ports,
    address,
    resolution: RESOLUTIONS[spec.resolution],
    isHeadless: false,
    isMeshExternal: spec.location === 'MESH_EXTERNAL',
    registry: 'external',
    exportTo: spec.exportTo,
    labels,
    selector: spec.workloadSelector?.labels,
    subjectAltNames: spec.subjectAltNames,
    age,
    resource: entry,
    at: { resource: entry, path: ['spec', 'hosts', index] },
    aliases: NONE,
    ...automatic(entry, host, allocated.get(host)),
  });
  return spec.hosts.flatMap((host, index) => (host === '' ? [] : addresses.map((address) => serviceAt(host, index, address))));
}

const NONE: readonly never[] = [];

const RESOLUTIONS: Readonly<Record<ServiceEntry['spec']['resolution'], Resolution>> = {
  NONE: 'NONE',
  STATIC: 'EDS',
  DNS: 'DNS',
  DNS_ROUND_ROBIN: 'DNS_ROUND_ROBIN',
  DYNAMIC_DNS: 'DYNAMIC_DNS',
};

function portsOf(entry: ServiceEntry): readonly ServicePort[] {
  return entry.spec.ports.map(({ number = 0, name = '', protocol, targetPort }, index) => ({
    number,
    name,
    protocol: parseProtocol(protocol),
    targetPort: targetPort || undefined,
    at: { resource: entry, path: ['spec', 'ports', index] },
  }));
}

/** A block that holds one address only is that address. */
function plainAddress(address: string): string {
  return address.replace(/^([\d.]+)\/32$|^([\da-f:]+)\/128$/i, '$1$2');
}

function automatic(entry: ServiceEntry, host: string, allocated: string | undefined): Pick<Service, 'hasAutoAddress' | 'allocatedAddress'> {
  if (!qualifiesForAddress(entry, host)) return { hasAutoAddress: false };
  return { hasAutoAddress: true, ...(allocated !== undefined && { allocatedAddress: allocated }) };
}

/** The status is istiod's, but files that were written by `kubectl get` have it. Of several addresses the first is an IPv4 one. */
function allocatedAddresses({ status }: ServiceEntry): ReadonlyMap<string, string> {
  const written = valueAt(status, ['addresses']);
  const found = new Map<string, string>();
  for (const entry of Array.isArray(written) ? written : []) {
    const host = valueAt(entry, ['host']);
    const value = valueAt(entry, ['value']);
    if (typeof host === 'string' && typeof value === 'string' && !found.has(host)) found.set(host, value);
  }
  return found;
}

/** L-14. Istio: pilot/pkg/networking/serviceentry, ShouldV2AutoAllocateIP. */
function qualifiesForAddress({ spec, labels }: ServiceEntry, host: string): boolean {
  if (spec.addresses.length > 0 || spec.resolution === 'NONE') return false;
  if (labels[AUTO_ADDRESS_LABEL]?.toLowerCase() === 'false') return false;
  return !isWildcard(host) || spec.resolution === 'DYNAMIC_DNS';
}
