import {
  callOf,
  defineRule,
  gatewayLegs,
  isTemplated,
  nameOf,
  type RegisteredHost,
  type ResourceByKind,
  type ResourcePlace,
  storyOf,
} from '../../src/rule-api.ts';

type ServiceEntry = ResourceByKind['ServiceEntry'];

export default defineRule({
  meta: {
    name: 'no-endpoints-at-gateway',
    code: 'EL613',
    family: 'gateways',
    severity: 'error',
    asksPaths: true,
    summary: 'A gateway is to forward to a host whose ServiceEntry (resolution NONE) gives it no address.',
    fixable: 'suggestion',
  },
  messages: {
    exact: {
      text: '{entry}: {vs} makes a gateway forward to {host}, but resolution {written} leaves the gateway without an address for it',
      label: 'no address at a gateway',
      symptom: '{symptom}',
      help: "write 'resolution: DNS', and the gateway looks the name up",
    },
    wildcard: {
      text: "{entry}: {vs} makes a gateway forward to '{host}', but a gateway cannot find the addresses behind a wildcard (resolution {written})",
      label: 'no address at a gateway',
      symptom: '{symptom}',
      help: "register the hosts that are called one by one, with 'resolution: DNS', and name them in the Gateway and in the routes; or let the sidecars call '{host}' directly",
    },
    onTheWay: {
      text: '{entry} gives the gateway no address for {host}, so calls to {call} from {client} fail there',
      label: 'gives the gateway no address',
      help: "write 'resolution: DNS', so that the gateway looks the name up, or list the addresses of the servers under spec.endpoints",
    },
  },

  create: ({ mesh, report }) => ({
    Path(path) {
      const { path: way, last } = path;
      const { cluster } = last;
      if (way.outcome !== 'no-endpoints' || way.at !== 'gateway' || !cluster || 'missing' in cluster || cluster.service.selector) return;
      const { resource, host } = cluster.service;
      // The endpoints of a Service without a selector are objects of their own, which are not read.
      if (resource?.kind !== 'ServiceEntry') return;
      report('onTheWay', { resource, path: ['spec', 'resolution'] }, { data: { entry: nameOf(resource), host, ...callOf(path) }, ...storyOf(path) });
    },
    Mesh() {
      const reported = new Set<RegisteredHost['resource']>();
      for (const vs of mesh.all('VirtualService')) {
        for (const { section, rule } of gatewayLegs(vs)) {
          const { route } = vs.spec[section][rule] ?? { route: [] };
          for (const [index, { destination }] of route.entries()) {
            const host = destination?.host ?? '';
            const registered = mesh.registry.named(host);
            const entry = onlyEntry(registered);
            if (!entry || reported.has(entry) || !mesh.belongTogether(entry, vs)) continue;
            reported.add(entry);
            const isWritten = entry.isSet(['spec', 'resolution']);
            const at: ResourcePlace = { resource: entry, path: ['spec', 'resolution'] };
            report(host.startsWith('*') ? 'wildcard' : 'exact', at, {
              data: {
                entry: nameOf(entry),
                vs: nameOf(vs),
                host,
                written: isWritten ? 'NONE' : '(none written, which means NONE)',
                symptom: SYMPTOMS[section],
              },
              related: [{ at: { resource: vs, path: ['spec', section, rule, 'route', index, 'destination', 'host'] }, message: 'the rule for the gateway' }],
              ...(!host.startsWith('*') && { fixes: fixes(at, isWritten) }),
            });
          }
        }
      }
    },
  }),
});

/** G-12: the entry, where nothing else in view gives the host an address. */
function onlyEntry(registered: readonly RegisteredHost[]): ServiceEntry | undefined {
  const [first] = registered;
  if (!first || registered.length > 1 || first.resource.kind !== 'ServiceEntry') return undefined;
  const entry = first.resource as ServiceEntry;
  const { resolution, workloadSelector, endpoints } = entry.spec;
  return resolution === 'NONE' && !workloadSelector && endpoints.length === 0 && !isTemplated(entry, ['spec', 'resolution']) ? entry : undefined;
}

const BROKEN =
  'connections through the gateway are reset, curl: (35) or (56); its access log says UH (no healthy upstream). Sidecars that call the host directly are fine';
const SYMPTOMS: Readonly<Record<'http' | 'tls' | 'tcp', string>> = {
  http: 'HTTP 503 no healthy upstream (flag UH in the access log of the gateway). Sidecars that call the host directly are fine',
  tls: BROKEN,
  tcp: BROKEN,
};

function fixes(at: ResourcePlace, isWritten: boolean) {
  const title = "write 'resolution: DNS'";
  if (isWritten) return [{ title, safe: false, changes: [{ do: 'replace' as const, at, value: 'DNS' }] }];
  return [{ title, safe: false, changes: [{ do: 'add' as const, at: { resource: at.resource, path: ['spec'] }, key: 'resolution', yaml: 'DNS' }] }];
}
