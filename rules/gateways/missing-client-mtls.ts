import { callOf, defineRule, type Mesh, missedAt, missedRule, nameOf, type ResourceByKind, storyOf } from '../../src/rule-api.ts';

const TLS_MODE_LABEL = 'security.istio.io/tlsMode';

type Hop = Mesh['gatewayHops'][number];

export default defineRule({
  meta: {
    name: 'missing-client-mtls',
    code: 'EL607',
    family: 'gateways',
    severity: 'error',
    summary: 'A Gateway server asks for mutual TLS, but nothing makes the sidecars speak it to this gateway.',
  },
  messages: {
    plaintext: {
      text: 'Gateway {gateway}: the server on port {port} expects mutual TLS ({mode}), but sidecars send {sent} to {host}:{port}',
      label: 'asks every client for a certificate',
      symptom: '{symptom}',
      help: 'add a DestinationRule for {host} with tls mode ISTIO_MUTUAL on port {port}{sni} in namespace {namespace}; or, if the gateway is to get mesh mTLS by itself, label its Pods security.istio.io/tlsMode: istio',
    },
    onTheWay: {
      text: '{gateway}: this server takes mutual TLS only, and calls to {call} from {client} reach it in plaintext or without a client certificate, so they fail',
      label: 'takes mutual TLS only',
      help: "let a DestinationRule for the gateway's Service say mode ISTIO_MUTUAL for this port, with the server's host as sni",
    },
  },

  create: ({ mesh, report }) => ({
    Path(path) {
      const { path: way, last } = path;
      const isPlain =
        way.outcome === 'plaintext-to-tls' ||
        (way.outcome === 'no-filter-chain' && last.connection.tls.length === 0) ||
        (way.outcome === 'handshake-failed' && last.connection.tls[0]?.certificate === undefined);
      const server = last.decision.reasons.find(({ at }) => at.resource.type === 'Gateway')?.at;
      if (way.at !== 'gateway' || !isPlain || !server) return;
      const from = way.hops.at(-2);
      const missed = from?.cluster && missedRule(mesh.rulesWithTls.covering(from.cluster.key.host), from, mesh);
      report(
        'onTheWay',
        { resource: server.resource, path: [...server.path, 'tls', 'mode'] },
        { data: { gateway: nameOf(server.resource), ...callOf(path) }, related: missedAt(missed), ...storyOf(path) },
      );
    },
    Mesh() {
      // A template that makes whole DestinationRules may make the one that is missed.
      if (mesh.hasTemplates('DestinationRule')) return;
      const reported = new Set<string>();
      for (const hop of mesh.gatewayHops) {
        const { gateway, server, destination, virtualService } = hop;
        const { tls: { mode } = {}, hosts = [] } = gateway.spec.servers[server] ?? {};
        const key = `${gateway.namespace}/${gateway.name}/${server}`;
        if (mode === undefined || reported.has(key) || !asksForCertificate(mode, hop)) continue;

        const { host, port, subset } = destination;
        if (mesh.destinationRules.mayOriginateTls(host, port, subset)) continue;
        // A subset that no rule in view defines may come with its TLS settings from a rule that is not in view.
        const defining = subset === undefined ? [] : mesh.destinationRules.defining(host, subset);
        if (subset !== undefined && defining.length === 0) continue;
        const [, namespace = ''] = host.split('.');
        const pods = mesh.podsSelected(namespace, gateway.spec.selector);
        if (pods.some((pod) => pod.labels[TLS_MODE_LABEL] === 'istio')) continue;

        reported.add(key);
        const itsOwn = pods.filter((pod) => mesh.belongTogether(pod.resource, gateway));
        const isCertain = hop.certain && itsOwn.length > 0 && !mesh.serversBeside(gateway, port).withoutTls;
        const at = { resource: gateway, path: ['spec', 'servers', server, 'tls', 'mode'] };
        report('plaintext', at, {
          data: {
            gateway: `${gateway.namespace}/${gateway.name}`,
            port,
            mode,
            sent: WHAT_ARRIVES[destination.section].sent,
            host,
            sni: sniFor(hosts),
            namespace,
            symptom: WHAT_ARRIVES[destination.section].symptom,
          },
          ...(!isCertain && { confidence: 'likely' as const }),
          related: [
            {
              at: { resource: virtualService, path: [...destination.path, 'host'] },
              message: `VirtualService ${virtualService.namespace}/${virtualService.name} sends sidecars here`,
            },
            ...defining.slice(0, 1).map((rule) => ({
              at: { resource: rule, path: ['spec', 'host'] },
              message: `DestinationRule ${rule.namespace}/${rule.name} defines the subset, but sets no TLS for this port`,
            })),
            ...itsOwn.slice(0, 1).map(({ resource }) => ({
              at: { resource, path: ['metadata', 'name'] },
              message: `the gateway's Pods (${resource.kind} ${resource.namespace}/${resource.name}) carry no label ${TLS_MODE_LABEL}: istio`,
            })),
          ],
        });
      }
    },
  }),
});

const WHAT_ARRIVES: Readonly<Record<Hop['destination']['section'], { readonly sent: string; readonly symptom: string }>> = {
  http: {
    sent: 'plaintext',
    symptom:
      'every call gets HTTP 503 (Envoy flag UF or UC): the gateway closes the connection, because what arrives is no TLS handshake. Auto mTLS does not help: gateway Pods do not announce it',
  },
  tls: {
    sent: "the application's own TLS",
    symptom: 'the connection is reset during the TLS handshake: curl: (35); the gateway logs a TLS error for want of a client certificate',
  },
  tcp: {
    sent: "the application's bytes as they are",
    symptom: 'the connection is reset: the gateway closes it, because what arrives is no mesh mTLS. Auto mTLS does not help: gateway Pods do not announce it',
  },
};

/** Whether what sidecars pass on cannot satisfy a server: TLS of the application's own may bring a certificate that files or a Secret of the gateway validate. */
function asksForCertificate(mode: string, { destination }: Hop): boolean {
  return mode === 'ISTIO_MUTUAL' || (mode === 'MUTUAL' && destination.section === 'http');
}

function sniFor(hosts: ResourceByKind['Gateway']['spec']['servers'][number]['hosts']): string {
  const [only, another] = hosts;
  return only === undefined || another !== undefined || only.includes('*') ? '' : ` and sni ${only.replace(/^.*\//, '')}`;
}
