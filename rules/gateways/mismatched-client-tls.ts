import { defineRule, type Place } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'mismatched-client-tls',
    code: 'EL608',
    family: 'gateways',
    severity: 'error',
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
    plainServer: {
      text: 'DestinationRule {rule}: sidecars open TLS ({mode}) to {host}:{port}, where Gateway {gateway} expects plain {protocol}',
      label: 'TLS to a server that speaks none',
      symptom: 'every call through the gateway gets HTTP 503 (Envoy flag UF or UC), with WRONG_VERSION_NUMBER or a protocol error in the logs',
      help: "make the Gateway's server HTTPS with tls mode ISTIO_MUTUAL, which is how a gateway takes mesh mTLS; or set tls mode DISABLE for this port in the DestinationRule, and the hop to the gateway is plaintext",
    },
  },

  create: ({ mesh, report }) => ({
    Mesh() {
      const reported = new Set<string>();
      for (const { gateway, server: index, destination, virtualService, certain } of mesh.gatewayHops) {
        const server = gateway.spec.servers[index];
        const [, serviceNamespace = ''] = destination.host.split('.');
        const decisions = mesh.destinationRules.tlsInEffect(destination.host, serviceNamespace, virtualService.namespace, destination.port, destination.subset);
        const decision = decisions.find(({ rule }) => mesh.belongTogether(rule, gateway) && mesh.belongTogether(rule, virtualService));
        if (!server || !decision) continue;
        const { tls, rule, path } = decision;
        const here: Place = { resource: gateway, path: ['spec', 'servers', index, 'tls', 'mode'] };
        const there: Place = { resource: rule, path: [...path, 'mode'] };
        const names = { gateway: `${gateway.namespace}/${gateway.name}`, rule: `${rule.namespace}/${rule.name}`, port: destination.port ?? 0 };
        const steering = {
          at: { resource: virtualService, path: [...destination.path, 'host'] },
          message: `VirtualService ${virtualService.namespace}/${virtualService.name} sends sidecars to this port`,
        };

        const key = `${names.gateway}/${index}/${names.rule}`;
        if (reported.has(key)) continue;
        if (server.tls?.mode === 'MUTUAL' && server.tls.caCertificates && tls.mode === 'ISTIO_MUTUAL') {
          reported.add(key);
          const remove = (field: string) => ({ do: 'remove' as const, at: { resource: gateway, path: ['spec', 'servers', index, 'tls', field] } });
          const fields = (['serverCertificate', 'privateKey', 'caCertificates'] as const).filter((field) => server.tls?.[field] !== undefined);
          report('files', here, {
            data: { ...names, ca: server.tls.caCertificates, directory: server.tls.caCertificates.replace(/\/[^/]*$/, '') },
            confidence: 'likely',
            related: [{ at: there, message: 'sidecars present the mesh certificate' }, steering],
            fixes: [
              {
                title: 'let the server use the mesh certificates (ISTIO_MUTUAL)',
                safe: false,
                changes: [{ do: 'replace', at: here, value: 'ISTIO_MUTUAL' }, ...fields.map(remove)],
              },
            ],
          });
          continue;
        }
        const isPlain = server.tls === undefined && mesh.protocolGroup(server.port?.protocol) === 'http';
        // Another TLS server of the same Pods and port: which of the two holds is a question of its own.
        const rivals = mesh.serversLike(gateway, destination.port);
        if (!isPlain || tls.mode === 'DISABLE' || rivals.some((rival) => rival.tls !== undefined)) continue;
        reported.add(key);
        report('plainServer', there, {
          data: { ...names, mode: tls.mode, host: destination.host, protocol: server.port?.protocol ?? 'HTTP' },
          ...((!certain || decisions.length > 1) && { confidence: 'likely' as const }),
          related: [{ at: { resource: gateway, path: ['spec', 'servers', index, 'port', 'protocol'] }, message: 'the server speaks no TLS' }, steering],
        });
      }
    },
  }),
});
