import {
  callOf,
  defineRule,
  holdsForAllClients,
  holdsForSomeClients,
  hopsWithTls,
  mismatchOf,
  nameOf,
  type Place,
  sidecarTlsAt,
  storyOf,
} from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'mismatched-client-tls',
    code: 'EL608',
    family: 'gateways',
    severity: 'error',
    asksPaths: true,
    summary: 'The TLS that sidecars speak to a gateway is not the TLS that its server takes.',
    fixable: 'suggestion',
  },
  messages: {
    files: {
      text: 'Gateway {gateway}: the server on port {port} checks client certificates against its own files (mode MUTUAL), but sidecars present their mesh certificate (DestinationRule {rule}, ISTIO_MUTUAL)',
      label: 'validates clients against {ca}',
      symptom:
        "HTTP 503 (Envoy flag UF or UC) for plain HTTP, a reset connection for TLS: a stock gateway has no files under {directory}, so its listener has no certificate. It works only where the gateway's Pods mount the mesh certificates there, as Istio 1.0 did",
      help: 'write mode ISTIO_MUTUAL and remove serverCertificate, privateKey and caCertificates: the gateway then uses the mesh certificates that it already has',
    },
    passthrough: {
      text: 'DestinationRule {rule}: sidecars wrap what they send to {host}:{port} in mesh mTLS, which Gateway {gateway} passes on unopened (PASSTHROUGH) to {external}, outside of the mesh',
      label: 'mesh mTLS that nobody opens',
      symptom:
        'a reset connection in the TLS handshake: the gateway finds no server for the name of the mesh certificate, or the far server gets a handshake that is not meant for it',
      help: "set tls mode ISTIO_MUTUAL on the Gateway's server, with tcp rules behind it; or remove the mTLS for this port from the DestinationRule: what applications send is TLS already",
    },
    plainServer: {
      text: 'DestinationRule {rule}: sidecars open TLS ({mode}) to {host}:{port}, where Gateway {gateway} expects plain {protocol}',
      label: 'TLS to a server that speaks none',
      symptom: '{calls} on this route gets HTTP 503 (Envoy flag UF or UC), with WRONG_VERSION_NUMBER or a protocol error in the logs',
      help: "make the Gateway's server HTTPS with tls mode ISTIO_MUTUAL, which is how a gateway takes mesh mTLS; or set tls mode DISABLE for this port in the DestinationRule, and the hop to the gateway is plaintext",
    },
    onTheWay: {
      text: '{rule} makes the sidecars of {client} speak a TLS to the gateway that the server there does not take, so calls to {call} fail',
      label: 'not what the server takes',
      help: "let the mode here and the Gateway's server agree: ISTIO_MUTUAL on both sides, or no TLS on both",
    },
  },

  create: ({ mesh, report }) => ({
    Path(path) {
      const at = sidecarTlsAt(path);
      const { outcome } = path.path;
      const isRefused = outcome === 'protocol-error' || (outcome === 'handshake-failed' && path.last.connection.tls[0]?.certificate !== undefined);
      if (!at || !isRefused) return;
      report('onTheWay', { resource: at.resource, path: [...at.path, 'mode'] }, { data: { rule: nameOf(at.resource), ...callOf(path) }, ...storyOf(path) });
    },
    Mesh() {
      const reported = new Set<string>();
      for (const step of hopsWithTls(mesh)) {
        const { hop, server, decision, isCertain } = step;
        const { gateway, destination, virtualService } = hop;
        const { tls, rule, path } = decision;
        const names = { gateway: `${gateway.namespace}/${gateway.name}`, rule: `${rule.namespace}/${rule.name}`, port: destination.port };
        const key = `${names.gateway}/${hop.server}/${names.rule}`;
        const mismatch = reported.has(key) ? undefined : mismatchOf(mesh, step);
        if (!mismatch) continue;
        reported.add(key);
        const ofServer = (...field: string[]) => ({ resource: gateway, path: ['spec', 'servers', hop.server, ...field] });
        const here = ofServer('tls', 'mode');
        const there: Place = { resource: rule, path: [...path, 'mode'] };
        const steering = {
          at: { resource: virtualService, path: [...destination.path, 'host'] },
          message: `VirtualService ${virtualService.namespace}/${virtualService.name} sends sidecars to this port`,
        };
        if (mismatch === 'files') {
          const { caCertificates: ca = '' } = server.tls ?? {};
          const fields = (['serverCertificate', 'privateKey', 'caCertificates'] as const).filter((field) => server.tls?.[field] !== undefined);
          const removals = fields.map((field) => ({ do: 'remove' as const, at: ofServer('tls', field) }));
          const title = 'let the server use the mesh certificates (ISTIO_MUTUAL)';
          report('files', here, {
            data: { ...names, ca, directory: ca.replace(/\/[^/]*$/, '') },
            confidence: 'likely',
            related: [{ at: there, message: 'sidecars present the mesh certificate' }, steering],
            fixes: [{ title, safe: false, changes: [{ do: 'replace', at: here, value: 'ISTIO_MUTUAL' }, ...removals] }],
          });
        } else if (mismatch === 'passthrough') {
          report('passthrough', there, {
            data: { ...names, host: destination.host, external: virtualService.spec.hosts[0] ?? '' },
            ...(!isCertain && { confidence: 'likely' }),
            related: [{ at: here, message: 'the server passes TLS on as it is' }, steering],
          });
        } else {
          const calls = holdsForAllClients(mesh, step) ? 'every call' : `every call from namespace ${virtualService.namespace}`;
          report('plainServer', there, {
            data: { ...names, mode: tls.mode, host: destination.host, protocol: server.port?.protocol ?? 'HTTP', calls },
            ...((!isCertain || !holdsForSomeClients(mesh, step)) && { confidence: 'likely' }),
            related: [{ at: ofServer('port', 'protocol'), message: 'the server speaks no TLS' }, steering],
          });
        }
      }
    },
  }),
});
