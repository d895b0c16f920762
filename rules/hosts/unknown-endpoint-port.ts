import { defineRule, type FixPlan, nameOf, nearest, type ResourceByKind, type ResourcePlace, whileRefused } from '../../src/rule-api.ts';

type ServiceEntry = ResourceByKind['ServiceEntry'];

export default defineRule({
  meta: {
    name: 'unknown-endpoint-port',
    code: 'EL313',
    family: 'hosts',
    peers: ['IST0106'],
    severity: 'error',
    summary: 'An endpoint of a ServiceEntry maps a port name that the entry does not have.',
    fixable: 'suggestion',
  },
  messages: {
    unknown: {
      text: "{entry}: an endpoint says where port '{name}' is, but the entry has no port of that name, so Istio refuses it; {known}",
      label: 'no such port name',
      help: 'write the name of one of the ports in spec.ports; its number does not count here',
    },
  },

  create: ({ mesh, report }) => ({
    ServiceEntry(entry) {
      const { resolution, ports, endpoints } = entry.spec;
      // With the others there may be no endpoints at all.
      if ((resolution !== 'STATIC' && resolution !== 'DNS' && resolution !== 'DNS_ROUND_ROBIN') || isOpen(entry)) return;
      const names = ports.flatMap((port) => port.name || []);
      for (const [index, endpoint] of endpoints.entries()) {
        for (const [name, number] of Object.entries(endpoint.ports)) {
          if (names.includes(name)) continue;
          const at: ResourcePlace = { resource: entry, path: ['spec', 'endpoints', index, 'ports', name], part: 'key' };
          report('unknown', at, {
            data: { entry: nameOf(entry), name, known: known(names) },
            related: ports.map((port, i) => ({ at: { resource: entry, path: ['spec', 'ports', i, 'name'] }, message: `port '${port.name ?? ''}'` })),
            refusedBy: 'webhook',
            symptom: `kubectl apply is denied by Istio's webhook: "endpoint port ${number} is not defined by the service entry". ${whileRefused(entry, mesh)}`,
            fixes: fixes(at, name, names, Object.keys(endpoint.ports)),
          });
        }
      }
    },
  }),
});

/** Whether template text stands where ports or their names would be. */
function isOpen(entry: ServiceEntry): boolean {
  return entry.templates.some((path) => path[1] === 'ports');
}

function known(names: readonly string[]): string {
  if (names.length === 0) return 'it has none at all';
  return names.length === 1 ? `its only one is '${names[0]}'` : `it has ${names.map((name) => `'${name}'`).join(', ')}`;
}

/** The nearest name that this endpoint does not map yet, or the only one that is left. */
function fixes(at: ResourcePlace, name: string, names: readonly string[], taken: readonly string[]): readonly FixPlan[] {
  const free = names.filter((each) => !taken.includes(each));
  const meant = nearest(name, free) ?? (free.length === 1 ? free[0] : undefined);
  return meant === undefined ? [] : [{ title: `write '${meant}'`, safe: false, changes: [{ do: 'rename', at, key: meant }] }];
}
