import {
  callOf,
  defineRule,
  type GatewayHop,
  hopsWithoutMtls,
  missedAt,
  missedRule,
  nameOf,
  type ResourceByKind,
  storyOf,
  TLS_MODE_LABEL,
} from '../../src/rule-api.ts';

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
      for (const { hop, mode, namespace, defining, pods, isCertain } of hopsWithoutMtls(mesh)) {
        const { gateway, server, destination, virtualService } = hop;
        const at = { resource: gateway, path: ['spec', 'servers', server, 'tls', 'mode'] };
        report('plaintext', at, {
          data: {
            gateway: `${gateway.namespace}/${gateway.name}`,
            port: destination.port,
            mode,
            host: destination.host,
            sni: sniFor(gateway.spec.servers[server]?.hosts ?? []),
            namespace,
            ...WHAT_ARRIVES[destination.section],
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
            ...pods.slice(0, 1).map(({ resource }) => ({
              at: { resource, path: ['metadata', 'name'] },
              message: `the gateway's Pods (${resource.kind} ${resource.namespace}/${resource.name}) carry no label ${TLS_MODE_LABEL}: istio`,
            })),
          ],
        });
      }
    },
  }),
});

const WHAT_ARRIVES: Readonly<Record<GatewayHop['destination']['section'], { readonly sent: string; readonly symptom: string }>> = {
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

function sniFor(hosts: ResourceByKind['Gateway']['spec']['servers'][number]['hosts']): string {
  const [only, another] = hosts;
  return only === undefined || another !== undefined || only.includes('*') ? '' : ` and sni ${only.replace(/^.*\//, '')}`;
}
