import { callOf, defineRule, holdsForSomeClients, hopsWithTls, listed, nameOf, sidecarTlsAt, storyOf, unansweredName } from '../../src/rule-api.ts';

const NO_CHAIN = 'the gateway finds no filter chain for the name (NR filter_chain_not_found in its access log)';

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
      const at = sidecarTlsAt(path);
      if (path.path.outcome !== 'no-filter-chain' || !at) return;
      const { sni } = path.last.connection.tls[0] ?? {};
      report('onTheWay', at, {
        data: { rule: nameOf(at.resource), sni: sni ? `the server name '${sni}'` : 'no server name', ...callOf(path) },
        ...storyOf(path),
      });
    },
    Mesh() {
      const reported = new Set<string>();
      for (const step of hopsWithTls(mesh)) {
        const { gateway, server, destination, virtualService } = step.hop;
        const { rule, path } = step.decision;
        const key = `${rule.namespace}/${rule.name}/${path.join('/')}`;
        const unanswered = reported.has(key) ? undefined : unansweredName(mesh, step);
        if (!unanswered) continue;
        reported.add(key);
        const { sent, hosts, isWritten } = unanswered;
        const at = { resource: rule, path: [...path, isWritten ? 'sni' : 'mode'] };
        const meant = [...hosts, ...virtualService.spec.hosts].find((host) => !host.startsWith('*')) ?? virtualService.spec.hosts[0] ?? '';
        report(isWritten ? 'other' : 'missing', at, {
          data: {
            rule: `${rule.namespace}/${rule.name}`,
            gateway: nameOf(gateway),
            port: destination.port,
            sni: sent,
            hosts: listed(hosts),
            meant,
            symptom:
              destination.section === 'http'
                ? `HTTP 503 (flag UF or UC): ${NO_CHAIN} and closes the connection`
                : `the connection is reset, curl: (35): ${NO_CHAIN}`,
          },
          ...((!step.isCertain || !holdsForSomeClients(mesh, step)) && { confidence: 'likely' as const }),
          related: [
            { at: { resource: gateway, path: ['spec', 'servers', server, 'hosts'], part: 'key' }, message: 'the names that the server answers to' },
            { at: { resource: virtualService, path: [...destination.path, 'host'] }, message: `${nameOf(virtualService)} sends sidecars here` },
          ],
          fixes: [
            isWritten
              ? { title: `write '${meant}'`, safe: false, changes: [{ do: 'replace', at, value: meant }] }
              : { title: `add 'sni: ${meant}'`, safe: false, changes: [{ do: 'add', at: { resource: rule, path }, key: 'sni', yaml: meant }] },
          ],
        });
      }
    },
  }),
});
