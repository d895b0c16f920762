import { defineRule } from '../../src/rule-api.ts';

/** Server modes that ask the client for a certificate. */
const MUTUAL_MODES = new Set(['ISTIO_MUTUAL', 'MUTUAL']);
const TLS_MODE_LABEL = 'security.istio.io/tlsMode';

export default defineRule({
  meta: {
    name: 'missing-client-mtls',
    code: 'EL607',
    family: 'gateways',
    severity: 'error',
    summary: 'A Gateway server asks for mutual TLS, but nothing makes the sidecars speak it to this gateway.',
    fixable: 'suggestion',
  },
  messages: {
    plaintext: {
      text: 'Gateway {gateway}: the server on port {port} expects mutual TLS ({mode}), but sidecars send {sent} to {host}:{port}',
      label: 'asks every client for a certificate',
      symptom: '{symptom}',
      help: 'add a DestinationRule for {host} with tls mode ISTIO_MUTUAL on port {port}{sni} in namespace {namespace}; or, if the gateway is to get mesh mTLS by itself, label its Pods security.istio.io/tlsMode: istio',
    },
  },

  create: ({ mesh, report }) => ({
    Mesh() {
      const reported = new Set<string>();
      for (const hop of mesh.gatewayHops) {
        const { gateway, server, destination, virtualService } = hop;
        const { mode } = gateway.spec.servers[server]?.tls ?? {};
        const at = { resource: gateway, path: ['spec', 'servers', server, 'tls', 'mode'] };
        const key = `${gateway.namespace}/${gateway.name}/${server}`;
        if (mode === undefined || !MUTUAL_MODES.has(mode) || reported.has(key)) continue;

        const { host, port, subset } = destination;
        if (mesh.destinationRules.tlsAnywhere(host, port, subset).some(({ tls }) => tls.mode !== 'DISABLE')) continue;
        // A subset that no rule in view defines may come with its TLS settings from a rule that is not in view.
        const defining = subset === undefined ? [] : mesh.destinationRules.defining(host, subset);
        if (subset !== undefined && defining.length === 0) continue;
        const [, namespace = ''] = destination.host.split('.');
        const pods = mesh.podsSelected(namespace, gateway.spec.selector);
        if (pods.some((pod) => pod.labels[TLS_MODE_LABEL] === 'istio')) continue;

        reported.add(key);
        const isTls = destination.section === 'tls';
        const hosts = gateway.spec.servers[server]?.hosts ?? [];
        report('plaintext', at, {
          data: {
            gateway: `${gateway.namespace}/${gateway.name}`,
            port: port ?? 0,
            mode,
            sent: isTls ? "the application's own TLS" : 'plaintext',
            host,
            sni: hosts.length === 1 && !hosts[0]?.includes('*') ? ` and sni ${hosts[0]?.replace(/^.*\//, '')}` : '',
            namespace,
            symptom: isTls
              ? 'the connection is reset during the TLS handshake: curl: (35); the gateway logs a TLS error for want of a client certificate'
              : 'every call gets HTTP 503 (Envoy flag UF or UC): the gateway closes the connection, because what arrives is no TLS handshake. Auto mTLS does not help: gateway Pods do not announce it',
          },
          ...(pods.length === 0 && { confidence: 'likely' as const }),
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
