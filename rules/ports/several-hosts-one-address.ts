import { defineRule, isSeenFrom, isSoundEntry, type Mesh, nameOf, type ResourceByKind } from '../../src/rule-api.ts';

type ServiceEntry = ResourceByKind['ServiceEntry'];

/** A host on one address and port, where sidecars do not look at server names. */
interface Claim {
  readonly entry: ServiceEntry;
  readonly host: string;
  readonly index: number;
}

export default defineRule({
  meta: {
    name: 'several-hosts-one-address',
    code: 'EL404',
    family: 'ports',
    peers: ['IST0133'],
    severity: 'error',
    summary: 'Several TLS or TCP hosts share one address and port, so all their connections go to one of them.',
  },
  messages: {
    oneEntry: {
      text: '{entry}: with the address {address}, sidecars do not look at server names on port {port}: all connections go to one of the hosts ({hosts})',
      label: 'shared by {count} hosts',
      symptom: 'clients of the other hosts get the certificate and the answers of that one',
      help: 'remove spec.addresses: then sidecars tell the hosts apart by server name; or write an entry with an address of its own for each host',
    },
    twoEntries: {
      text: '{entry}: address {address} and port {port} belong to {other} as well, and sidecars do not look at server names there: all connections go to the older entry',
      label: 'also the address of {other}',
      symptom: 'clients of the younger entry reach the host of the older one: wrong certificate, wrong answers',
      help: 'give each host an address of its own; for TLS ports, remove spec.addresses from both: then sidecars tell the hosts apart by server name',
    },
  },

  create: ({ mesh, report }) => {
    const claims = new Map<string, Claim>();
    return {
      ServiceEntry(entry) {
        const { hosts, addresses, ports, resolution } = entry.spec;
        // NONE sends connections to the address that was dialed, whichever host it was for.
        if (addresses.length === 0 || resolution === 'NONE' || !isSoundEntry(entry) || hosts.some((host) => isRoutedByName(mesh, host))) return;
        const port = ports.find(({ protocol }) => ['tls', 'tcp', 'auto'].includes(mesh.protocolGroup(protocol)));
        if (!port) return;
        for (const [index, address] of addresses.entries()) {
          if (isRange(address)) continue;
          const at = { resource: entry, path: ['spec', 'addresses', index] };
          if (hosts.length > 1) {
            // Two hosts of a TCP port in one entry are refused (conflicting-fields).
            if (mesh.protocolGroup(port.protocol) !== 'tls') return;
            report('oneEntry', at, {
              data: { entry: nameOf(entry), address, port: port.number ?? 0, hosts: hosts.slice(0, 3).join(', '), count: hosts.length },
            });
            return;
          }
          const [host = ''] = hosts;
          for (const { number = 0, protocol } of ports) {
            if (!['tls', 'tcp', 'auto'].includes(mesh.protocolGroup(protocol))) continue;
            const key = `${address.replace(/\/\d+$/, '')} ${number}`;
            const other = claims.get(key);
            if (!other) claims.set(key, { entry, host, index });
            if (!other || other.host === host || !mesh.belongTogether(entry, other.entry) || !see(mesh, entry, other.entry)) continue;
            report('twoEntries', at, {
              data: { entry: nameOf(entry), address, port: number, other: nameOf(other.entry) },
              ...(other.entry.source.file !== entry.source.file && { confidence: 'likely' }),
              related: [{ at: { resource: other.entry, path: ['spec', 'addresses', other.index] }, message: `${nameOf(other.entry)} has the same address` }],
            });
            return;
          }
        }
      },
    };
  },
});

/** tls routes of a VirtualService bring server names back. */
function isRoutedByName(mesh: Mesh, host: string): boolean {
  return mesh.virtualServices.overlapping(host).some((virtualService) => virtualService.spec.tls.length > 0);
}

function see(mesh: Mesh, a: ServiceEntry, b: ServiceEntry): boolean {
  return isSeenFrom(mesh, a, b.namespace) || isSeenFrom(mesh, b, a.namespace);
}

function isRange(address: string): boolean {
  const [ip = '', length] = address.split('/');
  return length !== undefined && length !== (ip.includes(':') ? '128' : '32');
}
