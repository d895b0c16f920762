import { callOf, defineRule, type Mesh, nameOf, type Place, storyOf, tlsOfHop } from '../../src/rule-api.ts';

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
      const { path: way, last } = path;
      const [outer] = last.connection.tls;
      const at = way.hops.at(-2)?.cluster;
      const isRefused = way.outcome === 'protocol-error' || (way.outcome === 'handshake-failed' && outer?.certificate !== undefined);
      if (way.at !== 'gateway' || !isRefused || !outer || outer.by === 'client' || !at || 'missing' in at || !at.tlsAt) return;
      report(
        'onTheWay',
        { resource: at.tlsAt.resource, path: [...at.tlsAt.path, 'mode'] },
        { data: { rule: nameOf(at.tlsAt.resource), ...callOf(path) }, ...storyOf(path) },
      );
    },
    Mesh() {
      const reported = new Set<string>();
      for (const hop of mesh.gatewayHops) {
        const { gateway, server: index, destination, virtualService } = hop;
        const server = gateway.spec.servers[index];
        // Clients live where the VirtualService is, as a rule.
        const { decision, isCertain } = tlsOfHop(mesh, hop, virtualService.namespace);
        // D-10: sidecars have no Secrets, and leave TLS out that needs one.
        if (!server || !decision || decision.tls.credentialName) continue;
        const { tls, rule, path } = decision;
        const here: Place = { resource: gateway, path: ['spec', 'servers', index, 'tls', 'mode'] };
        const there: Place = { resource: rule, path: [...path, 'mode'] };
        const names = { gateway: `${gateway.namespace}/${gateway.name}`, rule: `${rule.namespace}/${rule.name}`, port: destination.port };
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
        const isForeign = virtualService.spec.hosts.length > 0 && virtualService.spec.hosts.every((host) => isExternal(mesh, host));
        if (server.tls?.mode === 'PASSTHROUGH' && tls.mode === 'ISTIO_MUTUAL' && isForeign && !gateway.templates.length) {
          reported.add(key);
          report('passthrough', there, {
            data: { ...names, host: destination.host, external: virtualService.spec.hosts[0] ?? '' },
            ...((!hop.certain || !isCertain) && { confidence: 'likely' as const }),
            related: [{ at: here, message: 'the server passes TLS on as it is' }, steering],
          });
          continue;
        }
        const isPlain = !gateway.templates.length && server.tls === undefined && mesh.protocolGroup(server.port?.protocol) === 'http';
        // Beside a TLS server on the same Pods and port: which of the two holds is a question of its own.
        if (!isPlain || tls.mode === 'DISABLE' || mesh.serversBeside(gateway, destination.port).withTls) continue;
        reported.add(key);
        const isForAll = tlsOfHop(mesh, hop, '').decision?.rule === rule;
        // Clients of other namespaces do not see the rule: it certainly fails where Pods are known to be.
        const isForSome = isForAll || mesh.podsSelected(virtualService.namespace, {}).length > 0;
        report('plainServer', there, {
          data: {
            ...names,
            mode: tls.mode,
            host: destination.host,
            protocol: server.port?.protocol ?? 'HTTP',
            calls: isForAll ? 'every call' : `every call from namespace ${virtualService.namespace}`,
          },
          ...((!hop.certain || !isCertain || !isForSome) && { confidence: 'likely' as const }),
          related: [{ at: { resource: gateway, path: ['spec', 'servers', index, 'port', 'protocol'] }, message: 'the server speaks no TLS' }, steering],
        });
      }
    },
  }),
});

/** Whether all that is in view of a host lies outside of the mesh, where nobody has a mesh certificate. */
function isExternal(mesh: Mesh, host: string): boolean {
  const registrations = mesh.registry.covering(host);
  return registrations.length > 0 && registrations.every(({ external }) => external);
}
