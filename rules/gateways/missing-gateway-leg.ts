import {
  callOf,
  defineRule,
  lackAtGateway,
  legsOnNoPort,
  listed,
  nameOf,
  otherSelection,
  type ResourceByKind,
  referenceTo,
  storyOf,
  UnadmittedRoutes,
  unroutedHops,
} from '../../src/rule-api.ts';

const UNROUTED =
  'the gateway answers HTTP 404 (flag NR in its access log); for TLS that it passes through it opens no listener, and the connection is refused or reset';

const LACKS: Readonly<Record<NonNullable<ReturnType<typeof lackAtGateway>>, string>> = {
  'no-route': 'has no route for this host',
  refused: 'does not listen there: no server is on this port, or its server has no routes of the kind that it needs',
  'server-name': 'has no filter chain for this server name',
};

export default defineRule({
  meta: {
    name: 'missing-gateway-leg',
    code: 'EL603',
    family: 'gateways',
    peers: ['IST0132'],
    severity: 'error',
    asksPaths: true,
    summary: 'Traffic is sent to a gateway that has no route for it.',
    fixable: 'suggestion',
  },
  messages: {
    matchPort: {
      text: '{vs}: this rule is for {gateway} and matches port {port}, but its servers listen on {ports}, so the rule never matches',
      label: 'no server has this port',
      symptom: UNROUTED,
      help: "write the number of the server's port: at a gateway, match.port is the port in the Gateway, neither the client's nor the target port of the gateway's Service",
    },
    notAdmitted: {
      text: '{gateway} admits {admitted} only, so the routes of {vs} for {hosts} are not used there',
      label: '{label}',
      symptom: UNROUTED,
      help: "let spec.hosts of the VirtualService and the hosts of the Gateway's server have a name in common; what stands before a slash in the Gateway is the namespace whose VirtualServices are let in",
    },
    noRule: {
      text: '{vs} sends sidecars to the gateway behind {service} for {host}, but no VirtualService here has a rule for {host} at {gateway}',
      label: 'the gateway has no route from here on',
      symptom: UNROUTED,
      help: "bind the VirtualService to the gateway as well (gateways: [mesh, {reference}]), with one rule that matches 'gateways: [mesh]' and leads to the gateway, and a second that matches 'gateways: [{reference}]' and leads to {host}",
    },
    onTheWay: {
      text: '{vs} sends calls to {call} from {client} to the gateway, which {what}',
      label: 'the gateway has nothing for it',
      help: "bind a VirtualService for the host to the Gateway whose server is on this port, with a rule in the section that the server needs, and check the server's port and hosts",
    },
  },

  create: ({ mesh, report }) => {
    const unadmitted = new UnadmittedRoutes(mesh);
    const checkPorts = (vs: ResourceByKind['VirtualService']): void => {
      for (const { match, gateway, ports, meant } of legsOnNoPort(mesh, vs)) {
        const at = { resource: vs, path: [...match.path, 'port'] };
        report('matchPort', at, {
          data: { vs: nameOf(vs), gateway: nameOf(gateway), port: match.port ?? 0, ports: `port ${listed(ports.map(String), 5)}` },
          related: [{ at: { resource: gateway, path: ['spec', 'servers', 0, 'port', 'number'] }, message: "the server's port" }],
          fixes: meant === undefined ? [] : [{ title: `write ${meant}`, safe: false, changes: [{ do: 'replace', at, value: meant }] }],
        });
      }
    };
    const checkHosts = (vs: ResourceByKind['VirtualService']): void => {
      const found = unadmitted.find(vs);
      if (!found) return;
      // The odd one of the two is to blame.
      const { gateway, isForNobody: isGateway, admitted, openTo, mayBeLeftOver } = found;
      const there = { resource: gateway, path: ['spec', 'servers', 0, 'hosts', 0] };
      const here = { resource: vs, path: ['spec', 'hosts', 0] };
      const hint = openTo === undefined ? 'no VirtualService of the Gateway is for this host' : `open to namespace ${openTo} only`;
      report('notAdmitted', isGateway ? there : here, {
        ...(mayBeLeftOver && { severity: 'info' }),
        data: {
          gateway: nameOf(gateway),
          vs: nameOf(vs),
          admitted: listed(admitted, 6),
          hosts: listed(vs.spec.hosts),
          label: isGateway ? hint : 'not among the hosts of the Gateway',
        },
        related: [{ at: isGateway ? here : there, message: isGateway ? `${nameOf(vs)} is bound to this Gateway` : `the hosts of ${nameOf(gateway)}` }],
      });
    };
    return {
      Path(path) {
        const at = path.firstDestination;
        const lack = lackAtGateway(path);
        if (!at || !lack || otherSelection(path, mesh)) return;
        const data = { vs: nameOf(at.resource), what: LACKS[lack], ...callOf(path) };
        report('onTheWay', { resource: at.resource, path: [...at.path, 'host'] }, { data, ...storyOf(path) });
      },
      VirtualService(vs) {
        checkPorts(vs);
        checkHosts(vs);
      },
      Mesh() {
        for (const { hop, host } of unroutedHops(mesh)) {
          const { virtualService: vs, gateway, server, destination } = hop;
          const at = { resource: vs, path: [...destination.path, 'host'] };
          report('noRule', at, {
            data: { vs: nameOf(vs), service: destination.host, host, gateway: nameOf(gateway), reference: referenceTo(gateway, vs.namespace) },
            // A VirtualService that lies outside of the files could hold the rule.
            ...(!mesh.closedWorld && { confidence: 'likely' }),
            related: [{ at: { resource: gateway, path: ['spec', 'servers', server, 'hosts'], part: 'key' }, message: 'the server that admits the host' }],
          });
        }
      },
    };
  },
});
