import { defineRule, isSoundEntry, nameOf } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'http-by-address-range',
    code: 'EL403',
    family: 'ports',
    severity: 'error',
    summary: 'A ServiceEntry describes HTTP servers by a range of addresses, which HTTP routes never look at.',
  },
  messages: {
    range: {
      text: '{entry}: port {port} is {protocol}, so calls are told apart by Host header and the range {range} is not looked at: a call to an address in it is unknown',
      label: 'address ranges do not count for HTTP',
      symptom:
        'HTTP calls to an address of the range get 502 with REGISTRY_ONLY; with ALLOW_ANY they pass unmanaged (PassthroughCluster). Calls by the name {host} work',
      help: "write 'protocol: TCP' for servers that are called by address, or register the host names that clients call",
    },
  },

  create: ({ mesh, report }) => ({
    ServiceEntry(entry) {
      const { addresses, ports, hosts, resolution } = entry.spec;
      const range = addresses.find(isRange);
      // Refused with a lookup in the DNS (cidr-with-dns).
      if (range === undefined || resolution.startsWith('DNS') || !isSoundEntry(entry)) return;
      for (const [i, { number = 0, protocol = '' }] of ports.entries()) {
        if (mesh.protocolGroup(protocol) !== 'http') continue;
        report(
          'range',
          { resource: entry, path: ['spec', 'ports', i, 'protocol'] },
          {
            data: { entry: nameOf(entry), port: number, protocol, range, host: hosts[0] ?? '' },
            related: [{ at: { resource: entry, path: ['spec', 'addresses', addresses.indexOf(range)] }, message: 'counts for TCP and TLS only' }],
            // Only with NONE the addresses that clients dial are what the entry is about.
            ...(resolution !== 'NONE' && { severity: 'warning' as const }),
          },
        );
      }
    },
  }),
});

/** L-3: `/32` and `/128` are single addresses. */
function isRange(address: string): boolean {
  const [ip = '', length] = address.split('/');
  return length !== undefined && length !== (ip.includes(':') ? '128' : '32');
}
