import {
  callOf,
  defineRule,
  isTemplated,
  listed,
  type Mesh,
  nameOf,
  type Path,
  type ResourceByKind,
  serverConflicts,
  sortedByAge,
  storyOf,
} from '../../src/rule-api.ts';

type Gateway = ResourceByKind['Gateway'];

export default defineRule({
  meta: {
    name: 'conflicting-servers',
    code: 'EL612',
    family: 'gateways',
    peers: ['IST0145', 'KIA0301'],
    severity: 'error',
    summary: 'Two servers on one port of the same gateway exclude each other, so one of them is left out.',
  },
  messages: {
    sort: {
      text: '{later}: the server on port {port} ({sort}) is left out, because {earlier} has {otherSort} on the same port of the same gateway',
      label: 'not beside {otherSort}',
      symptom:
        'calls for {hosts} end in the wrong server: HTTP 404 (flag NR), or a TLS handshake that fails, curl: (35) wrong version number or reset. Only istiod says why, in its log and in pilot_total_rejected_configs',
      help: 'use another port for one of them, in the Gateway, in its Service and in the routes to it',
    },
    host: {
      text: "{later}: the server on port {port} is left out with all its hosts, because {earlier} has '{host}' on the same port of the same gateway",
      label: 'claimed by {earlier}',
      symptom:
        'connections for {hosts} are reset, curl: (35), or use the certificate and the routes of the other server. Only istiod says why, in its log and in pilot_total_rejected_configs',
      help: "merge the two servers into one, to which both teams' VirtualServices are bound, or give them different hosts",
    },
    listener: {
      text: "{later}: '{host}' stands on port {port} of the same gateway in {earlier} as well, with another namespace before the slash; Envoy refuses the port's whole listener",
      label: 'one server name, twice',
      symptom:
        'every host on port {port} of the gateway is lost, or stays as it was before the change (the update is rejected: filter chains with the same matching rules)',
      help: 'keep one of the two; what stands before the slash restricts which VirtualServices are let in, it does not tell server names apart',
    },
    onTheWay: {
      text: '{gateway}: this server and another one on its port claim the same server name, so Envoy refuses the whole listener: calls to {call} from {client} fail, and so does all else on that port of the gateway',
      label: 'claims a server name that is taken',
      help: 'let every server name be terminated by one server of the port, or passed on by one route, not both',
    },
  },

  create: ({ mesh, report }) => ({
    Path(path) {
      const { action, reasons } = path.last.decision;
      const at = reasons.findLast((reason) => reason.at.resource.type === 'Gateway')?.at;
      const other = reasons.find((reason) => reason.at !== at)?.at;
      if (action.do !== 'reject' || path.last.proxy.kind !== 'gateway' || !at || !other) return;
      const related = [{ at: other, message: 'what claims it as well' }];
      report('onTheWay', at, { data: { gateway: nameOf(at.resource), ...callOf(path) }, related, ...storyOf(path) });
    },
    Mesh() {
      const known = mesh.all('Gateway').filter((gateway) => !isTemplated(gateway, ['spec', 'servers']) && !isTemplated(gateway, ['spec', 'selector']));
      const gateways = sortedByAge(known);
      const conflicts = serverConflicts(
        gateways,
        (a, b) => mesh.belongTogether(a, b),
        (a, b) => mesh.areDeployedTogether(a, b),
      );
      for (const { later, earlier, kind, host } of conflicts) {
        const isOne = later.gateway === earlier.gateway;
        // Examples, steps of a walkthrough and environments have the same hosts and ports, and nobody has two of them.
        const severity = mesh.areDeployedTogether(later.gateway, earlier.gateway) ? 'error' : 'info';
        const base: Path = ['spec', 'servers', later.index];
        const names = {
          later: nameOf(later.gateway),
          earlier: isOne ? `server ${earlier.index + 1} of the same Gateway` : nameOf(earlier.gateway),
          port: later.server.port?.number ?? 0,
          hosts: listed(later.server.hosts),
        };
        const related = (path: Path) => [
          {
            at: { resource: earlier.gateway, path: ['spec', 'servers', earlier.index, ...path] },
            message: isOne ? 'the server that stands first' : 'the older of the two wins: by the order of the files this one',
          },
        ];
        if (kind === 'sort') {
          report(
            'sort',
            { resource: later.gateway, path: [...base, 'port', 'protocol'] },
            {
              data: { ...names, sort: later.server.port?.protocol ?? '', otherSort: earlier.server.port?.protocol ?? '' },
              severity,
              // Plaintext may join TLS that is older.
              ...(!isOne && { confidence: 'likely' }),
              related: related(['port', 'protocol']),
            },
          );
          continue;
        }
        const at = { resource: later.gateway, path: [...base, 'hosts', host ?? 0] };
        report(kind, at, {
          data: { ...names, host: later.server.hosts[host ?? 0] ?? '' },
          ...(haveOwnPods(mesh, later.gateway, earlier.gateway) && { confidence: 'likely' }),
          severity,
          related: related(['hosts']),
        });
      }
    },
  }),
});

/** Whether each of two namespaces has Pods of its own for its Gateway: istiod may have been told to look no further (PILOT_SCOPE_GATEWAY_TO_NAMESPACE). */
function haveOwnPods(mesh: Mesh, a: Gateway, b: Gateway): boolean {
  return a.namespace !== b.namespace && [a, b].every(({ namespace, spec }) => mesh.podsSelected(namespace, spec.selector).length > 0);
}
