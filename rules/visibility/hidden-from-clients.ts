import { callOf, defineRule, hiddenFromClients, nameOf, type ResourceByKind, storyOf } from '../../src/rule-api.ts';

type Exported = ResourceByKind['VirtualService'] | ResourceByKind['ServiceEntry'];

export default defineRule({
  meta: {
    name: 'hidden-from-clients',
    code: 'EL508',
    family: 'visibility',
    severity: 'warning',
    asksPaths: true,
    summary: 'exportTo keeps an object to its own namespace, where nothing needs it: the clients of other namespaces do not see it.',
  },
  messages: {
    virtualService: {
      text: '{object} sends sidecars to {steersTo}, but is exported to {exported} alone, where no clients live: everybody else goes past the gateway',
      label: 'hides the routes from all other namespaces',
      symptom:
        'calls leave straight from the clients, or are blocked under REGISTRY_ONLY: the gateway logs nothing, and none of its policies or TLS settings hold',
      help: "{remedy}: export the routes to the namespaces whose clients should take them, or write '*'",
    },
    serviceEntry: {
      text: '{object} is exported to {exported} alone, where no clients live: for all others {hosts} is an unknown host',
      label: 'hides the host from all other namespaces',
      symptom: '{symptom}',
      help: "{remedy}: export the entry to the namespaces whose clients call the host, or write '*'",
    },
    onTheWay: {
      text: '{entry} is not exported to the namespace of {client}, where a route sends calls to {call} to its host, so they fail',
      label: 'hides the host from {client}',
      help: "add the clients' namespace to exportTo, or leave exportTo out",
    },
    needed: {
      text: '{entry} is not exported to namespace {namespace}, where {needed} is for its host: there the host is unknown, and {call} {end}',
      label: 'hides the host from namespace {namespace}',
      help: "add '{namespace}' to exportTo, or leave exportTo out",
    },
    nowhere: {
      text: '{entry} is exported to {exported} alone, where these files have nothing; in its own namespace the host is unknown, and {call} {end}',
      label: 'not for its own namespace',
      help: "write '.' for the namespace of the entry, check the name for a slip, or leave exportTo out",
    },
  },

  create: ({ mesh, report }) => ({
    Path(path) {
      const { missing, last, unexported } = path;
      if (unexported) {
        const { entry, neededBy, exportedTo } = unexported;
        const { namespace } = path.connection.probe.from;
        const end = path.path.outcome === 'blocked' ? 'is blocked' : 'goes out as if nobody had registered it';
        const at = placeOf(entry);
        const data = { entry: nameOf(entry), namespace, end, call: callOf(path).call };
        const related = neededBy ? [{ at: { resource: neededBy, path: ['metadata', 'namespace'] }, message: `${nameOf(neededBy)} is for this host` }] : [];
        if (neededBy) report('needed', at, { data: { ...data, needed: nameOf(neededBy) }, related, ...storyOf(path) });
        else report('nowhere', at, { data: { ...data, exported: exportedTo.join(', ') }, ...storyOf(path) });
        return;
      }
      if (missing?.missing !== 'hidden-host' || last.proxy.kind !== 'sidecar' || !missing.at) return;
      const { resource } = missing.at;
      report('onTheWay', { resource, path: ['spec', 'exportTo'] }, { data: { entry: nameOf(resource), ...callOf(path) }, ...storyOf(path) });
    },
    Mesh() {
      for (const { object, steersTo, exportedTo } of hiddenFromClients(mesh)) {
        const { exportTo } = object.spec;
        const source = exportTo.length === 0 ? mesh.config.source : undefined;
        const data = {
          object: nameOf(object),
          exported: `namespace${exportedTo.length === 1 ? '' : 's'} ${exportedTo.join(', ')}`,
          hosts: object.spec.hosts.join(', '),
          steersTo: steersTo ?? '',
          symptom: UNKNOWN_HOST[mesh.config.outboundPolicy === 'REGISTRY_ONLY' ? 'REGISTRY_ONLY' : 'other'],
          remedy: source ? `set exportTo, for without it the default of ${nameOf(source)} holds` : `change exportTo`,
        };
        report(object.kind === 'VirtualService' ? 'virtualService' : 'serviceEntry', placeOf(object), {
          data,
          // Clients may live there that no file shows.
          confidence: 'likely',
          related: source ? [{ at: { resource: source, path: ['data', 'mesh'] }, message: `${nameOf(source)} sets what holds without exportTo` }] : [],
        });
      }
    },
  }),
});

const UNKNOWN_HOST = {
  REGISTRY_ONLY: 'HTTP calls get 502, TLS connections are reset: curl: (35) (BlackHoleCluster)',
  other: "ALLOW_ANY (Istio's default): calls pass unmanaged (PassthroughCluster); REGISTRY_ONLY: HTTP 502, or a reset connection (BlackHoleCluster)",
} as const;

/** The one entry that keeps it private, else the list, which may not be written. */
function placeOf(object: Exported) {
  return { resource: object, path: object.spec.exportTo.length === 1 ? ['spec', 'exportTo', 0] : ['spec', 'exportTo'] };
}
