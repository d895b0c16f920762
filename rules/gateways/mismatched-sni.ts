import { callOf, defineRule, nameOf, storyOf, tlsOfHop } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'mismatched-sni',
    code: 'EL611',
    family: 'gateways',
    severity: 'error',
    asksPaths: true,
    summary: 'The server name that sidecars send to a gateway is none that its server answers to.',
    fixable: 'suggestion',
  },
  messages: {
    missing: {
      text: "DestinationRule {rule}: without 'sni' the handshake with {gateway} names {sni}, and its server on port {port} answers to {hosts} only",
      label: "no 'sni' beside it",
      symptom: '{symptom}',
      help: "add 'sni: {meant}'; a server with host '*' takes any name, but then tells no hosts apart",
    },
    other: {
      text: "DestinationRule {rule}: the handshake with {gateway} names '{sni}', and its server on port {port} answers to {hosts} only",
      label: 'no host of the server',
      symptom: '{symptom}',
      help: "write 'sni: {meant}', or add {sni} to the hosts of the Gateway's server",
    },
    onTheWay: {
      text: '{rule} makes the sidecars of {client} send {sni} to the gateway for calls to {call}, and no server there answers to that, so they fail',
      label: 'sends {sni}',
      help: "write 'sni' into the tls settings for this hop, with a host that the Gateway's server lists",
    },
  },

  create: ({ mesh, report }) => ({
    Path(path) {
      const { path: way, last } = path;
      const [outer] = last.connection.tls;
      const at = way.hops.at(-2)?.cluster;
      if (way.outcome !== 'no-filter-chain' || way.at !== 'gateway' || !outer || outer.by === 'client' || !at || 'missing' in at || !at.tlsAt) return;
      report('onTheWay', at.tlsAt, {
        data: { rule: nameOf(at.tlsAt.resource), sni: outer.sni ? `the server name '${outer.sni}'` : 'no server name', ...callOf(path) },
        ...storyOf(path),
      });
    },
    Mesh() {
      const reported = new Set<string>();
      for (const hop of mesh.gatewayHops) {
        const { gateway, server: index, destination, virtualService } = hop;
        const server = gateway.spec.servers[index];
        const { decision, isCertain } = tlsOfHop(mesh, hop, virtualService.namespace);
        if (!server?.tls || server.tls.mode === 'PASSTHROUGH' || server.tls.mode === 'AUTO_PASSTHROUGH' || !decision) continue;
        const { tls, rule, path } = decision;
        const key = `${rule.namespace}/${rule.name}/${path.join('/')}`;
        const sent = tls.sni || (tls.mode === 'ISTIO_MUTUAL' ? `outbound_.${destination.port}_.${destination.subset ?? ''}_.${destination.host}` : undefined);
        if (sent === undefined || tls.mode === 'DISABLE' || reported.has(key) || rule.templates.length > 0 || gateway.templates.length > 0) continue;
        const hosts = server.hosts.map((host) => host.slice(host.indexOf('/') + 1));
        if (hosts.some((host) => covers(host, sent)) || mesh.gatewayServices.answersTo(destination.host, destination.port, sent)) continue;
        reported.add(key);
        const isOwn = Boolean(tls.sni);
        const at = { resource: rule, path: [...path, isOwn ? 'sni' : 'mode'] };
        const meant = [...hosts, ...virtualService.spec.hosts].find((host) => !host.startsWith('*')) ?? virtualService.spec.hosts[0] ?? '';
        const isSeen = tlsOfHop(mesh, hop, '').decision?.rule === rule || mesh.podsSelected(virtualService.namespace, {}).length > 0;
        report(isOwn ? 'other' : 'missing', at, {
          data: {
            rule: `${rule.namespace}/${rule.name}`,
            gateway: nameOf(gateway),
            port: destination.port,
            sni: sent,
            hosts: hosts.slice(0, 3).join(', '),
            meant,
            symptom:
              destination.section === 'http'
                ? 'HTTP 503 (flag UF or UC): the gateway finds no filter chain for the name (NR filter_chain_not_found in its access log) and closes the connection'
                : 'the connection is reset, curl: (35): the gateway finds no filter chain for the name (NR filter_chain_not_found in its access log)',
          },
          ...((!hop.certain || !isCertain || !isSeen) && { confidence: 'likely' as const }),
          related: [
            { at: { resource: gateway, path: ['spec', 'servers', index, 'hosts'], part: 'key' }, message: 'the names that the server answers to' },
            { at: { resource: virtualService, path: [...destination.path, 'host'] }, message: `${nameOf(virtualService)} sends sidecars here` },
          ],
          fixes: [
            isOwn
              ? { title: `write '${meant}'`, safe: false, changes: [{ do: 'replace', at, value: meant }] }
              : { title: `add 'sni: ${meant}'`, safe: false, changes: [{ do: 'add', at: { resource: rule, path }, key: 'sni', yaml: meant }] },
          ],
        });
      }
    },
  }),
});

/** G-8: the name that a server answers to; wildcards take every name below. */
function covers(host: string, name: string): boolean {
  return host === '*' || (host.startsWith('*') ? name.toLowerCase().endsWith(host.slice(1).toLowerCase()) : name.toLowerCase() === host.toLowerCase());
}
