import { callOf, defineRule, missedAt, missedRule, nameOf, plaintextToTls, storyOf, targetPortOf, tlsSwitchedOff } from '../../src/rule-api.ts';

const SYMPTOM =
  'the server answers HTTP 400 (a plain HTTP request was sent to an HTTPS port), or closes the connection: HTTP 503 (flag UC), empty reply. What was to be encrypted goes over the network in clear';

/** Who sends plaintext, and where TLS has to start, in words. */
const READERS = { gateway: { who: 'the gateway', where: "the gateway's Pods" }, client: { who: 'the client', where: 'the client' } } as const;

export default defineRule({
  meta: {
    name: 'plaintext-to-tls-port',
    code: 'EL202',
    family: 'tls',
    severity: 'error',
    asksPaths: true,
    summary: 'Plain HTTP is sent to a port that expects TLS, and no DestinationRule starts TLS on the way.',
  },
  messages: {
    route: {
      text: '{vs}: this http rule sends requests to {host}:{port} as plain HTTP, where TLS is expected, and no DestinationRule here starts TLS',
      label: 'plain HTTP to a TLS port',
      symptom: SYMPTOM,
      help: 'add a DestinationRule for {host} with tls mode SIMPLE under portLevelSettings for port {port}, where {who} finds it: in the namespace of {where}, or in that of the ServiceEntry',
    },
    targetPort: {
      text: '{entry}: port {port} is plain HTTP and leads to port {target} of {host}, where TLS is expected, and no DestinationRule here starts TLS',
      label: 'plain HTTP to a TLS port',
      symptom: SYMPTOM,
      help: "add a DestinationRule for {host} with tls mode SIMPLE under portLevelSettings for port {port} (the ServiceEntry's port, not the target port)",
    },
    disabled: {
      text: '{rule}: mode DISABLE sends what goes to {host}:{port} in plaintext, but port {target} of the server expects TLS',
      label: 'starts no TLS',
      symptom: SYMPTOM,
      help: "write 'mode: SIMPLE', if proxies are to start TLS here",
    },
    onTheWay: {
      text: '{what}: calls to {call} from {client} arrive as plain HTTP at port {port} of {host}, where servers speak TLS: {why}',
      label: 'plain HTTP goes to port {port}',
      help: 'start TLS in a DestinationRule for {host} that holds for {proxy}: tls mode SIMPLE under portLevelSettings for port {service}',
    },
  },

  create: ({ mesh, report }) => ({
    Path(path) {
      const { path: way, last, destination } = path;
      const { cluster } = last;
      if (way.outcome !== 'plaintext-to-tls' || way.at !== 'server' || !cluster || 'missing' in cluster) return;
      const isRouted = last.decision.route !== undefined && destination;
      const at =
        cluster.tlsAt ?? (isRouted ? { resource: destination.resource, path: [...destination.path, 'port', 'number'] } : targetPortOf(cluster.port.at));
      if (!at) return;
      const missed = cluster.tlsAt ? undefined : missedRule(mesh.rulesWithTls.covering(cluster.key.host), last, mesh);
      const silent = cluster.destinationRule
        ? `${nameOf(cluster.destinationRule.resource)} says nothing of this port`
        : 'no DestinationRule that holds there starts TLS';
      const why = missed
        ? `DestinationRule ${missed.rule.namespace}/${missed.rule.name} ${missed.why}`
        : cluster.tlsAt
          ? 'these settings start no TLS'
          : silent;
      const proxy = last.proxy.kind === 'gateway' ? `the gateway in namespace ${last.proxy.namespace}` : 'the clients';
      const data = {
        what: nameOf(at.resource),
        why,
        proxy,
        port: way.delivered?.port ?? cluster.port.number,
        service: cluster.port.number,
        host: cluster.key.host,
        ...callOf(path),
      };
      report('onTheWay', at, { data, related: missedAt(missed), ...storyOf(path) });
    },
    Mesh() {
      for (const plaintext of plaintextToTls(mesh)) {
        const { host: registered, port } = plaintext;
        const { host, resource } = registered;
        const off = tlsSwitchedOff(mesh, host, port.number);
        if (off) {
          const target = plaintext.by === 'route' ? port.number : plaintext.target;
          report('disabled', off, { data: { rule: nameOf(off.resource), host, port: port.number, target }, confidence: 'likely' });
          continue;
        }
        if (plaintext.by === 'route') {
          const { virtualService, path, reader } = plaintext;
          report(
            'route',
            { resource: virtualService, path },
            {
              data: { vs: nameOf(virtualService), host, port: port.number, ...READERS[reader] },
              confidence: 'likely',
              related: [{ at: { resource, path: ['spec', 'ports', port.index] }, message: `port ${port.number} expects TLS` }],
            },
          );
        } else {
          const { entry, target } = plaintext;
          const at = { resource: entry, path: ['spec', 'ports', port.index, 'targetPort'] };
          report('targetPort', at, { data: { entry: nameOf(entry), host, port: port.number, target }, confidence: 'likely' });
        }
      }
    },
  }),
});
