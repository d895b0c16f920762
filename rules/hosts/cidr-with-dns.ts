import { defineRule, type FixPlan, nameOf, type ResourceByKind, refusal } from '../../src/rule-api.ts';

type ServiceEntry = ResourceByKind['ServiceEntry'];

export default defineRule({
  meta: {
    name: 'cidr-with-dns',
    code: 'EL311',
    family: 'hosts',
    peers: ['IST0106'],
    severity: 'error',
    summary: 'A ServiceEntry that is looked up in DNS has a range of addresses.',
    fixable: 'suggestion',
  },
  messages: {
    range: {
      text: "{entry}: '{address}' is a range of addresses, which an entry with resolution {resolution} may not have, so the API server refuses it",
      label: 'a range',
      help: 'write single addresses, or use resolution NONE, with which every address of the range goes where the client dialed it',
    },
  },

  create: ({ mesh, report }) => ({
    ServiceEntry(entry) {
      const { resolution, addresses } = entry.spec;
      // With DYNAMIC_DNS there may be no addresses at all, which is the rule conflicting-fields'.
      if (resolution !== 'DNS' && resolution !== 'DNS_ROUND_ROBIN') return;
      const index = addresses.findIndex((address, i) => address.includes('/') && !isMalformed(entry, i));
      const address = addresses[index];
      if (address === undefined) return;
      const said = 'CIDR addresses are allowed only for NONE/STATIC resolution types';
      report(
        'range',
        { resource: entry, path: ['spec', 'addresses', index] },
        {
          data: { entry: nameOf(entry), address, resolution },
          related: [
            { at: { resource: entry, path: ['spec', 'resolution'] }, message: `resolution ${resolution} sends connections to the address that DNS gives` },
          ],
          refusedBy: 'api-server',
          symptom: refusal(entry, { refusedBy: 'api-server' }, `spec: Invalid value: ${said}`, mesh),
          fixes: fixes(entry),
        },
      );
    },
  }),
});

/** Told by the rule malformed-value. */
function isMalformed(entry: ServiceEntry, index: number): boolean {
  return entry.problems.some(({ path }) => path[1] === 'addresses' && path[2] === index);
}

/** NONE and endpoints exclude each other. */
function fixes(entry: ServiceEntry): readonly FixPlan[] {
  if (entry.isSet(['spec', 'endpoints'])) return [];
  const at = { resource: entry, path: ['spec', 'resolution'] };
  return [{ title: "write 'resolution: NONE'", safe: false, changes: [{ do: 'replace', at, value: 'NONE' }] }];
}
