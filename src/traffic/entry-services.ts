import { isWildcard } from '../mesh/host-name.ts';
import { parseProtocol } from '../mesh/protocol.ts';
import type { ServiceEntry } from '../resources/service-entry.ts';
import type { Age } from './age.ts';
import type { Resolution, Service, ServicePort } from './service.ts';

const AUTO_ADDRESS_LABEL = 'networking.istio.io/enable-autoallocate-ip';

/** L-15: a ServiceEntry is one service for each host at each address. Istio: pilot/pkg/serviceregistry/serviceentry/conversion.go, convertServices. */
export function servicesOfEntry(entry: ServiceEntry, age: Age): readonly Service[] {
  const { spec } = entry;
  const ports = portsOf(entry);
  const shared = {
    namespace: entry.namespace,
    ports,
    resolution: RESOLUTIONS[spec.resolution],
    isHeadless: false,
    isMeshExternal: spec.location === 'MESH_EXTERNAL',
    registry: 'external',
    exportTo: spec.exportTo,
    labels: entry.labels,
    selector: spec.workloadSelector?.labels,
    subjectAltNames: spec.subjectAltNames,
    age,
    resource: entry,
    aliases: [],
  } as const;
  const addresses = spec.addresses.length > 0 ? spec.addresses.map(plainAddress) : [undefined];
  return spec.hosts.flatMap((host, index) =>
    host === ''
      ? []
      : addresses.map((address) => ({
          ...shared,
          host,
          address,
          hasAutoAddress: qualifiesForAddress(entry, host),
          at: { resource: entry, path: ['spec', 'hosts', index] },
        })),
  );
}

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

/** L-14. Istio: pilot/pkg/networking/serviceentry, ShouldV2AutoAllocateIP. */
function qualifiesForAddress({ spec, labels }: ServiceEntry, host: string): boolean {
  if (spec.addresses.length > 0 || spec.resolution === 'NONE') return false;
  if (labels[AUTO_ADDRESS_LABEL]?.toLowerCase() === 'false') return false;
  return !isWildcard(host) || spec.resolution === 'DYNAMIC_DNS';
}
