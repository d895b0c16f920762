import {
  callOf,
  defineRule,
  hiddenEntries,
  hiddenHops,
  isMeshWide,
  listed,
  nameOf,
  type RegisteredHost,
  type ResourceByKind,
  registeredAt,
  storyOf,
  unimportedSymptom,
} from '../../src/rule-api.ts';

type Sidecar = ResourceByKind['Sidecar'];

const SHOWN = 3;

export default defineRule({
  meta: {
    name: 'sidecar-hides-destination',
    code: 'EL504',
    family: 'visibility',
    severity: 'error',
    asksPaths: true,
    summary: 'A Sidecar leaves out what its workloads need: an external host, or the VirtualService that steers the host to a gateway.',
  },
  messages: {
    bypass: {
      text: '{sidecar} imports {host}, but not {virtualService} that sends it to the gateway: its workloads call {host} directly, past the gateway',
      label: 'no host of namespace {namespace} that takes in the VirtualService',
      symptom:
        'calls work, but leave from the workload itself: the gateway logs nothing, and none of its policies or TLS settings hold. Where a firewall lets only the gateway out, they time out',
      help: "add '{namespace}/{routed}' to the hosts: a VirtualService counts only where its own namespace is listed. The gateway's namespace need not be listed",
    },
    entries: {
      text: '{sidecar} does not import namespace {namespace}, so its workloads do not know {hosts}; no Sidecar in view imports it',
      label: 'namespace {namespace} is not listed',
      symptom: '{symptom}',
      help: "add '{namespace}/*' to the hosts, or '{namespace}/{first}' for this host alone",
    },
    onTheWay: {
      text: '{sidecar} leaves out {hidden}, so {call} from {client} {end}',
      label: 'namespace {namespace} is not listed',
      help: "add '{entry}' to the hosts: what stands in a namespace counts only where that namespace is listed, the client's own included",
    },
  },

  create: ({ mesh, report }) => ({
    Path(path) {
      const { stray } = path;
      if (!stray) return;
      const { sidecar, hidden, hop } = stray;
      const isBlocked = path.path.outcome === 'blocked';
      const isOwn = hidden.namespace === sidecar.namespace && !isMeshWide(sidecar, mesh.config);
      report('onTheWay', hostsOf(sidecar, sidecar.spec.egress.length - 1), {
        data: {
          sidecar: nameOf(sidecar),
          hidden: nameOf(hidden),
          namespace: hidden.namespace,
          entry: isOwn ? './*' : `${hidden.namespace}/*`,
          end: isBlocked ? 'is blocked' : hop ? 'goes out past the gateway' : 'goes out as if nobody had registered the host',
          ...callOf(path),
        },
        related: [{ at: { resource: hidden, path: ['metadata', 'namespace'] }, message: `${nameOf(hidden)} is for this host` }],
        ...storyOf(path),
      });
    },
    Mesh() {
      for (const { sidecar, listener, registered, hop } of hiddenHops(mesh)) {
        const { virtualService } = hop;
        report('bypass', hostsOf(sidecar, listener), {
          data: {
            sidecar: nameOf(sidecar),
            host: registered.host,
            namespace: virtualService.namespace,
            routed: virtualService.spec.hosts.find((host) => host.includes('.')) ?? '*',
            virtualService: nameOf(virtualService),
          },
          ...(!hop.certain && { confidence: 'likely' }),
          related: [
            {
              at: { resource: virtualService, path: ['metadata', 'namespace'] },
              message: `${nameOf(virtualService)} sends ${registered.host} to ${hop.destination.host}`,
            },
            placeOf(registered),
          ],
        });
      }
      for (const { sidecar, entries, isBlocked } of hiddenEntries(mesh)) {
        const [first] = entries;
        if (!first) continue;
        report('entries', hostsOf(sidecar, sidecar.spec.egress.length - 1), {
          data: {
            sidecar: nameOf(sidecar),
            namespace: first.namespace,
            hosts: listed(entries.map(({ host }) => host)),
            first: first.host,
            symptom: unimportedSymptom(sidecar, mesh.config),
          },
          // Clients outside of the files may be those that the entries are for.
          ...(isBlocked ? { confidence: 'likely' as const } : { severity: 'info' as const }),
          related: entries.slice(0, SHOWN).map(placeOf),
        });
      }
    },
  }),
});

function hostsOf(sidecar: Sidecar, listener: number) {
  return { resource: sidecar, path: ['spec', 'egress', listener, 'hosts'] };
}

function placeOf(registered: RegisteredHost) {
  return { at: registeredAt(registered), message: `${nameOf(registered.resource)} registers ${registered.host}` };
}
